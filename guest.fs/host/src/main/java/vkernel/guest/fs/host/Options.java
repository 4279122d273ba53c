package vkernel.guest.fs.host;

import org.jspecify.annotations.Nullable;
import vkernel.fs.HostVolume;

/**
 * Mount options.
 *
 * @param folder name of the machine's folder
 * @param uid whose files those of the host's user are; all others' are nobody's
 */
record Options(String folder, int uid, int gid) {
    /** Reads a comma-separated list. @return null when it makes no sense (-EINVAL) */
    static @Nullable Options parse(String text, String source) {
        Options now = new Options(source, 0, 0);
        for (String option : text.split(",")) {
            int equals = option.indexOf('=');
            String value = equals < 0 ? "" : option.substring(equals + 1);
            try {
                switch (equals < 0 ? option : option.substring(0, equals)) {
                    case "folder" -> now = new Options(value, now.uid, now.gid);
                    case "uid" -> now = new Options(now.folder, Integer.parseUnsignedInt(value), now.gid);
                    case "gid" -> now = new Options(now.folder, now.uid, Integer.parseUnsignedInt(value));
                    case "" -> {}
                    default -> {
                        return null;
                    }
                }
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return now;
    }

    HostVolume volume() {
        return new HostVolume(folder, uid, gid);
    }

    String shown() {
        return "folder=" + folder + (uid == 0 ? "" : ",uid=" + uid) + (gid == 0 ? "" : ",gid=" + gid);
    }
}
