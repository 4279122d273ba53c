package vkernel.guest.fs.devpts;

import org.jspecify.annotations.Nullable;

/**
 * The mount options (Linux: Documentation/filesystems/devpts.rst).
 *
 * @param uid owner of the nodes; -1 for who made the pseudo-terminal
 * @param gid likewise
 * @param mode permissions of the nodes
 * @param ptmxMode permissions of {@code ptmx}
 */
record Options(int uid, int gid, int mode, int ptmxMode) {
    private static final Options DEFAULT = new Options(-1, -1, 0600, 0);

    /** @return null when they make no sense */
    static @Nullable Options parse(String text) {
        Options options = DEFAULT;
        for (String option : text.split(",")) {
            try {
                options = options.with(option);
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return options;
    }

    private Options with(String option) {
        int equals = option.indexOf('=');
        String value = option.substring(equals + 1);
        return switch (equals < 0 ? option : option.substring(0, equals)) {
            case "uid" -> new Options(Integer.parseUnsignedInt(value), gid, mode, ptmxMode);
            case "gid" -> new Options(uid, Integer.parseUnsignedInt(value), mode, ptmxMode);
            case "mode" -> new Options(uid, gid, Integer.parseInt(value, 8) & 07777, ptmxMode);
            case "ptmxmode" -> new Options(uid, gid, mode, Integer.parseInt(value, 8) & 07777);
            case "", "newinstance" -> this;
            case "max" -> {
                Integer.parseUnsignedInt(value);
                yield this;
            }
            default -> throw new NumberFormatException(option);
        };
    }

    /** As /proc/mounts shows them. */
    String shown() {
        StringBuilder text = new StringBuilder();
        if (uid != -1) {
            text.append("uid=").append(Integer.toUnsignedString(uid)).append(',');
        }
        if (gid != -1) {
            text.append("gid=").append(Integer.toUnsignedString(gid)).append(',');
        }
        return text.append(String.format("mode=%03o,ptmxmode=%03o", mode, ptmxMode))
                .toString();
    }
}
