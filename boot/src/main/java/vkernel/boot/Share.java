package vkernel.boot;

import java.nio.file.Path;
import java.util.List;

/**
 * A folder of this machine that the guest sees.
 *
 * @param folder on this machine
 * @param place in the guest, absolute
 * @param readOnly whether the guest cannot change it
 * @param uid whose files in the guest those of this machine's user are
 */
public record Share(Path folder, String place, boolean readOnly, int uid) {
    public Share {
        if (!place.startsWith("/")
                || place.matches(".*[\\s:,].*")
                || List.of(place.split("/")).contains("..")) {
            throw new IllegalArgumentException(
                    "'" + place + "' is no absolute path in the guest without blanks, commas and colons");
        }
    }

    /**
     * Reads {@code HOST:GUEST[:ro][,uid=N]}; HOST may have colons.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Share parse(String text) {
        int at = text.indexOf(":/", 1);
        if (at < 0) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:GUEST[:ro], GUEST an absolute path");
        }
        String[] rest = text.substring(at + 1).split("[:,]");
        boolean readOnly = false;
        int uid = 0;
        for (String option : List.of(rest).subList(1, rest.length)) {
            if (option.equals("ro")) {
                readOnly = true;
            } else if (option.matches("uid=[0-9]{1,9}")) {
                uid = Integer.parseInt(option.substring(4));
            } else {
                throw new IllegalArgumentException("'" + option + "' is neither ro nor uid=N");
            }
        }
        return new Share(Path.of(text.substring(0, at)), rest[0], readOnly, uid);
    }

    /** What the kernel is to mount, given the machine's name for the folder. */
    String mount(String name) {
        return "host:" + place + ":folder=" + name + (uid == 0 ? "" : ",uid=" + uid + ",gid=" + uid);
    }
}
