package vkernel.guest.fs.archive;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.fs.Mode;

/**
 * Reads a cpio archive of the format newc (cpio(5); Linux: Documentation/driver-api/early-userspace/buffer-format.rst),
 * or several behind one another.
 */
final class CpioReader {
    private static final int HEADER = 110;
    private static final int MAX_PATH = 4096;
    /** Which number of the header is what. */
    private static final int INO = 0, MODE = 1, UID = 2, GID = 3, LINKS = 4, MTIME = 5, SIZE = 6, MAJOR = 7, MINOR = 8;

    private static final int RDEV_MAJOR = 9, RDEV_MINOR = 10, NAME_LENGTH = 11;
    private static final String TRAILER = "TRAILER!!!";
    private static final long SECOND = 1_000_000_000;

    private final Input input;
    private final RootTree tree;
    private final byte[] header = new byte[HEADER];
    private final byte[] rest = new byte[HEADER];
    private final long[] field = new long[13];
    /** Files with several names, by device and inode number. */
    private final Map<String, Inode> links = new HashMap<>();

    CpioReader(Input input, RootTree tree) {
        this.input = input;
        this.tree = tree;
    }

    static boolean matches(byte[] start, int length) {
        return length >= 5 && new String(start, 0, 5, StandardCharsets.ISO_8859_1).equals("07070");
    }

    /** @param start bytes of the archive read already */
    void readAll(byte[] start) throws ArchiveException {
        System.arraycopy(start, 0, header, 0, start.length);
        input.read(rest, HEADER - start.length, "a header");
        System.arraycopy(rest, 0, header, start.length, HEADER - start.length);
        boolean more = true;
        while (more) {
            more = entry();
        }
    }

    /** Reads the entry whose header has been read, and the next header. @return false when it was the last */
    private boolean entry() throws ArchiveException {
        String magic = new String(header, 0, 6, StandardCharsets.ISO_8859_1);
        if (!magic.equals("070701") && !magic.equals("070702")) {
            throw corruptHeader(
                    magic.equals("070707")
                            ? "a cpio archive of the old format odc: make it with cpio -H newc"
                            : "no cpio header here: the archive is damaged");
        }
        readFields();
        long nameLength = field[NAME_LENGTH];
        if (nameLength < 1 || nameLength > MAX_PATH) {
            throw corruptHeader("a name of " + nameLength + " bytes");
        }
        byte[] name = input.read((int) nameLength, "a name");
        if (name[name.length - 1] != 0) {
            throw corruptHeader("a name without its NUL");
        }
        String path = new String(name, 0, name.length - 1, StandardCharsets.ISO_8859_1);
        input.align(4, "a name");
        if (path.equals(TRAILER)) {
            links.clear();
            return anotherArchive();
        }
        file(path);
        input.align(4, "a file");
        input.read(header, HEADER, "the list of files (no " + TRAILER + " entry)");
        return true;
    }

    private void file(String path) throws ArchiveException {
        int mode = (int) field[MODE];
        long size = field[SIZE];
        input.check(size);
        boolean symlink = (mode & Mode.S_IFMT) == Mode.S_IFLNK;
        boolean regular = (mode & Mode.S_IFMT) == Mode.S_IFREG;
        if (symlink && (size < 1 || size > MAX_PATH)) {
            throw corruptHeader("a symbolic link of " + size + " bytes");
        }
        String link = symlink ? new String(input.read((int) size, "a link"), StandardCharsets.ISO_8859_1) : "";
        Entry entry = new Entry(
                path,
                mode,
                (int) field[UID],
                (int) field[GID],
                field[MTIME] * SECOND,
                size,
                Mode.device(field[RDEV_MAJOR], field[RDEV_MINOR]),
                link,
                Map.of());
        @Nullable Inode made = regular ? regular(entry) : tree.add(entry, input.position());
        if (made != null && regular && size > 0) {
            input.content(made, size);
        } else if (!symlink) {
            input.skip(size, "a file");
        }
    }

    /** A regular file, or one more name of one that has been; its contents stand at one of its names. */
    private @Nullable Inode regular(Entry entry) throws ArchiveException {
        if (field[LINKS] < 2) {
            return tree.add(entry, input.position());
        }
        String key = field[MAJOR] + ":" + field[MINOR] + ":" + field[INO];
        Inode known = links.get(key);
        if (known != null && known.nlink > 0) {
            tree.link(entry.path(), known, input.position());
            return known;
        }
        Inode made = tree.add(entry, input.position());
        if (made != null) {
            links.put(key, made);
        }
        return made;
    }

    /** Behind a trailer: zeros to the end, or zeros and another archive. */
    private boolean anotherArchive() throws ArchiveException {
        byte[] one = new byte[1];
        do {
            if (input.readUpTo(one, 1) == 0) {
                return false;
            }
        } while (one[0] == 0);
        header[0] = one[0];
        input.read(rest, HEADER - 1, "a header behind the first archive");
        System.arraycopy(rest, 0, header, 1, HEADER - 1);
        return true;
    }

    /** The numbers of the header: 8 hexadecimal digits each. */
    private void readFields() throws ArchiveException {
        for (int n = 0; n < field.length; n++) {
            long value = 0;
            for (int i = 6 + 8 * n; i < 14 + 8 * n; i++) {
                int digit = Character.digit(header[i], 16);
                if (digit < 0) {
                    throw corruptHeader("a header with a number that is none");
                }
                value = value << 4 | digit;
            }
            field[n] = value;
        }
    }

    private ArchiveException corruptHeader(String what) {
        return input.corrupt(what);
    }
}
