package vkernel.guest.fs.tmpfs;

import org.jspecify.annotations.Nullable;
import vkernel.fs.SuperBlock;

/**
 * Mount options of tmpfs.
 *
 * @param maxPages 0 for no limit
 * @param maxInodes 0 for no limit
 * @param mode permissions of the root
 * @see <a href="https://man7.org/linux/man-pages/man5/tmpfs.5.html">tmpfs(5)</a>
 */
record Options(long maxPages, long maxInodes, int mode, int uid, int gid) {
    private static final int PAGE_SHIFT = 12;
    /** Bytes: inode, name of usual length, entry of the directory. */
    private static final int HEAP_OF_A_FILE = 1024;

    /**
     * What is mounted without options: half of RAM, half as many files as pages; but no more files than an eighth of
     * the Java heap can hold, which they lie in.
     */
    static Options initial(long ram, long heap) {
        long files = Math.min(ram >>> PAGE_SHIFT + 1, heap / 8 / HEAP_OF_A_FILE);
        return new Options(ram >>> PAGE_SHIFT + 1, files, 01777, 0, 0);
    }

    /** Reads a comma-separated list over what holds already. @return null when it makes no sense (-EINVAL) */
    static @Nullable Options parse(String text, long ram, Options now) {
        for (String option : text.split(",")) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            Options next = now.with(name, equals < 0 ? "" : option.substring(equals + 1), ram);
            if (next == null) {
                return null;
            }
            now = next;
        }
        return now;
    }

    private @Nullable Options with(String name, String value, long ram) {
        try {
            return switch (name) {
                case "size" -> new Options(pages(size(value, ram)), maxInodes, mode, uid, gid);
                case "nr_blocks" -> new Options(size(value, ram), maxInodes, mode, uid, gid);
                case "nr_inodes" -> new Options(maxPages, size(value, ram), mode, uid, gid);
                case "mode" -> new Options(maxPages, maxInodes, Integer.parseUnsignedInt(value, 8) & 07777, uid, gid);
                case "uid" -> new Options(maxPages, maxInodes, mode, Integer.parseUnsignedInt(value), gid);
                case "gid" -> new Options(maxPages, maxInodes, mode, uid, Integer.parseUnsignedInt(value));
                // about huge pages, of which there are none, and swap space, which may have any page
                case "", "noswap", "huge", "mpol", "inode32", "inode64" -> this;
                default -> null;
            };
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static long pages(long bytes) {
        return (bytes >>> PAGE_SHIFT) + ((bytes & (1 << PAGE_SHIFT) - 1) != 0 ? 1 : 0);
    }

    /** A number with a suffix k, m, g, or % of RAM. */
    private static long size(String text, long ram) {
        if (text.isEmpty()) {
            throw new NumberFormatException("empty");
        }
        int last = text.length() - 1;
        int shift = switch (Character.toLowerCase(text.charAt(last))) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            default -> 0;
        };
        if (text.charAt(last) == '%') {
            return ram / 100 * Integer.parseUnsignedInt(text, 0, last, 10);
        }
        long number = Long.parseLong(text, 0, shift == 0 ? text.length() : last, 10);
        if (number < 0 || number > Long.MAX_VALUE >>> shift) {
            throw new NumberFormatException(text);
        }
        return number << shift;
    }

    void limit(SuperBlock sb) {
        sb.maxPages = maxPages;
        sb.maxInodes = maxInodes;
        sb.options = (maxPages == 0 ? "" : "size=" + (maxPages << PAGE_SHIFT - 10) + "k")
                + (maxInodes == 0 ? "" : ",nr_inodes=" + maxInodes);
    }
}
