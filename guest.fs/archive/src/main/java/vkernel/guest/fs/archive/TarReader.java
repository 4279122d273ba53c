package vkernel.guest.fs.archive;

import java.nio.charset.StandardCharsets;
import vkernel.fs.Inode;
import vkernel.fs.Mode;

/** Reads a tar archive: v7, ustar, pax, GNU. Sparse files and volumes are refused. */
final class TarReader {
    private static final long SECOND = 1_000_000_000;
    private static final int MAX_LONG_NAME = 1 << 16;

    private final Input input;
    private final RootTree tree;
    private final Pax pax = new Pax();

    TarReader(Input input, RootTree tree) {
        this.input = input;
        this.tree = tree;
    }

    /** @param block the first block, read already */
    void readAll(byte[] block) throws ArchiveException {
        byte[] next = block;
        while (!TarHeader.zero(next)) {
            if (!TarHeader.valid(next)) {
                throw input.corrupt("the tar header before is damaged (wrong checksum)");
            }
            entry(new TarHeader(next, input));
            input.align(TarHeader.BLOCK, "a file");
            int n = input.readUpTo(next, TarHeader.BLOCK);
            if (n < TarHeader.BLOCK) {
                throw input.truncated("the list of files (no end mark)");
            }
        }
    }

    private void entry(TarHeader header) throws ArchiveException {
        switch (header.type()) {
            case 'x' -> pax.readNext(extension(header, Pax.MAX), input);
            case 'g' -> pax.readGlobal(extension(header, Pax.MAX), input);
            case 'L' -> pax.put("path", name(extension(header, MAX_LONG_NAME)));
            case 'K' -> pax.put("linkpath", name(extension(header, MAX_LONG_NAME)));
            case 'V' -> {} // a label
            default -> {
                file(header);
                pax.clear();
            }
        }
    }

    private byte[] extension(TarHeader header, int most) throws ArchiveException {
        long size = header.size();
        if (size > most) {
            throw input.corrupt("an extended header of " + size + " bytes");
        }
        return input.read((int) size, "an extended header");
    }

    private static String name(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }

    private void file(TarHeader header) throws ArchiveException {
        String path = pax.get("path", header.path());
        if (header.type() == 'S' || pax.has("GNU.sparse.")) {
            throw input.corrupt(path + " is a sparse file: make the archive without --sparse");
        }
        String link = pax.get("linkpath", header.link());
        if (header.type() == '1') {
            tree.link(path, link, input.position()); // whatever its size says, as GNU tar has it
            return;
        }
        int type = type(header.type(), path);
        long size = type == Mode.S_IFREG ? pax.number("size", header.size(), input) : 0;
        input.check(size);
        Entry entry = new Entry(
                path,
                type | header.mode(),
                (int) pax.number("uid", header.uid(), input),
                (int) pax.number("gid", header.gid(), input),
                pax.time("mtime", header.mtime() * SECOND, input),
                size,
                device(header, type),
                type == Mode.S_IFLNK ? link : "",
                pax.xattrs());
        Inode made = tree.add(entry, input.position());
        if (made != null) {
            input.content(made, size);
        }
    }

    private static long device(TarHeader header, int type) throws ArchiveException {
        boolean device = type == Mode.S_IFCHR || type == Mode.S_IFBLK;
        return device ? Mode.device(header.major(), header.minor()) : 0;
    }

    private int type(char flag, String path) throws ArchiveException {
        return switch (flag) {
            // v7 marks a directory by a slash only
            case 0, '0', '7' -> path.endsWith("/") ? Mode.S_IFDIR : Mode.S_IFREG;
            case '2' -> Mode.S_IFLNK;
            case '3' -> Mode.S_IFCHR;
            case '4' -> Mode.S_IFBLK;
            case '5' -> Mode.S_IFDIR;
            case '6' -> Mode.S_IFIFO;
            default -> throw input.corrupt(path + " is of the unknown type '" + flag + "'");
        };
    }
}
