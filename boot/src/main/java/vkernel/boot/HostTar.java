package vkernel.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import vkernel.host.ByteRom;
import vkernel.host.FileRom;
import vkernel.host.HostException;
import vkernel.host.Rom;

/**
 * A tar archive (pax format) that is never made: a ROM that shows files of the host as if they had been packed. Only
 * the headers are kept; contents are read from the files when the guest reads them.
 */
public final class HostTar implements Rom {
    private static final int BLOCK = 512;
    private static final byte[] END = new byte[2 * BLOCK];

    /** A stretch of the archive. */
    private record Part(long start, Rom content) {}

    private final List<Part> parts = new ArrayList<>();
    private long size;

    /** One file, executable. */
    public static Rom file(String name, Rom content) {
        HostTar tar = new HostTar();
        tar.addHeader(name, 0755, 0, 0, content.size(), 0, '0', "");
        tar.addContent(content);
        tar.add(new ByteRom(END));
        return tar;
    }

    /** A whole folder, as it is now. */
    public static Rom folder(Path folder) {
        HostTar tar = new HostTar();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
                if (!path.equals(folder)) {
                    tar.addFile(folder.relativize(path).toString(), path);
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new BootException("cannot read the folder " + folder + ": " + e.getMessage(), e);
        }
        tar.add(new ByteRom(END));
        return tar;
    }

    private void addFile(String name, Path path) throws IOException {
        Map<String, Object> unix = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
        int mode = (Integer) unix.get("mode");
        int uid = (Integer) unix.get("uid");
        int gid = (Integer) unix.get("gid");
        long seconds = ((java.nio.file.attribute.FileTime) unix.get("lastModifiedTime")).toMillis() / 1000;
        switch (mode & 0170000) {
            case 0100000 -> {
                Rom content = Files.isReadable(path) ? new LazyFile(path) : new ByteRom(new byte[0]);
                addHeader(name, mode & 07777, uid, gid, content.size(), seconds, '0', "");
                addContent(content);
            }
            case 0040000 -> addHeader(name + "/", mode & 07777, uid, gid, 0, seconds, '5', "");
            case 0120000 ->
                addHeader(
                        name,
                        0777,
                        uid,
                        gid,
                        0,
                        seconds,
                        '2',
                        Files.readSymbolicLink(path).toString());
            default -> {
                // sockets, FIFOs and devices of the host mean nothing in the guest
            }
        }
    }

    private void addHeader(
            String name, int mode, int uid, int gid, long length, long seconds, char type, String target) {
        StringBuilder pax = new StringBuilder();
        if (utf8(name).length > 100) {
            pax.append(record("path", name));
        }
        if (utf8(target).length > 100) {
            pax.append(record("linkpath", target));
        }
        if (length >= 1L << 33) {
            pax.append(record("size", Long.toString(length)));
        }
        if (!pax.isEmpty()) {
            byte[] records = utf8(pax.toString());
            add(new ByteRom(header("././@PaxHeader", 0644, 0, 0, records.length, 0, 'x', "")));
            addContent(new ByteRom(records));
        }
        add(new ByteRom(header(name, mode, uid, gid, Math.min(length, (1L << 33) - 1), seconds, type, target)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A pax record begins with its own length. */
    private static String record(String key, String value) {
        int body = utf8(" " + key + "=" + value + "\n").length;
        int length = body + 1;
        while (Integer.toString(length).length() + body != length) {
            length = Integer.toString(length).length() + body;
        }
        return length + " " + key + "=" + value + "\n";
    }

    private static byte[] header(
            String name, int mode, int uid, int gid, long length, long seconds, char type, String target) {
        byte[] header = new byte[BLOCK];
        text(header, 0, 100, name);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, uid);
        octal(header, 116, 8, gid);
        octal(header, 124, 12, length);
        octal(header, 136, 12, Math.max(0, seconds));
        header[156] = (byte) type;
        text(header, 157, 100, target);
        text(header, 257, 8, "ustar\00000");
        java.util.Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 7, sum);
        return header;
    }

    private static void text(byte[] header, int at, int length, String value) {
        byte[] bytes = utf8(value);
        System.arraycopy(bytes, 0, header, at, Math.min(bytes.length, length));
    }

    private static void octal(byte[] header, int at, int length, long value) {
        String digits = Long.toOctalString(value);
        text(header, at, length - 1, "0".repeat(Math.max(0, length - 1 - digits.length())) + digits);
        header[at + length - 1] = 0;
    }

    private void addContent(Rom content) {
        add(content);
        int rest = (int) (content.size() % BLOCK);
        if (rest != 0) {
            add(new ByteRom(new byte[BLOCK - rest]));
        }
    }

    private void add(Rom part) {
        parts.add(new Part(size, part));
        size += part.size();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(long position, byte[] to, int offset, int length) {
        int done = 0;
        for (int i = partAt(position); i < parts.size() && done < length; i++) {
            Part part = parts.get(i);
            long within = position + done - part.start;
            done += part.content.read(within, to, offset + done, length - done);
        }
        return done;
    }

    private int partAt(long position) {
        int low = 0;
        int high = parts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (parts.get(middle).start <= position) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** A file opened for each read: a folder may hold more files than a process may have open. */
    private record LazyFile(Path path, long size) implements Rom {
        LazyFile(Path path) throws IOException {
            this(path, Files.size(path));
        }

        /** What the file has lost since reads as zeros, so that the archive keeps its shape. */
        @Override
        public int read(long position, byte[] to, int offset, int length) {
            int count = Math.clamp(size - position, 0, length);
            if (count == 0) {
                return 0;
            }
            try (FileRom file = new FileRom(path)) {
                int n = file.read(position, to, offset, count);
                java.util.Arrays.fill(to, offset + n, offset + count, (byte) 0);
                return count;
            } catch (HostException e) {
                throw new HostException(HostException.Reason.IO, e.getMessage(), e);
            }
        }
    }
}
