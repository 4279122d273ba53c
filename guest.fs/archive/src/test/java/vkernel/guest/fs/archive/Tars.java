package vkernel.guest.fs.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Makes archives with commons-compress. */
final class Tars implements AutoCloseable {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream out;

    Tars(int longNames) {
        out = new TarArchiveOutputStream(bytes, "ISO-8859-1");
        out.setLongFileMode(longNames);
        out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        out.setAddPaxHeadersForNonAsciiNames(false);
    }

    Tars() {
        this(TarArchiveOutputStream.LONGFILE_GNU);
    }

    Tars add(TarArchiveEntry entry, String content) throws IOException {
        byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
        entry.setSize(entry.isFile() && !entry.isSymbolicLink() && !entry.isLink() ? data.length : 0);
        out.putArchiveEntry(entry);
        if (entry.getSize() > 0) {
            out.write(data);
        }
        out.closeArchiveEntry();
        return this;
    }

    Tars file(String path, String content) throws IOException {
        return file(path, content, entry -> {});
    }

    Tars file(String path, String content, Consumer<TarArchiveEntry> how) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path, true);
        entry.setModTime(1_000L);
        how.accept(entry);
        return add(entry, content);
    }

    Tars link(String path, char type, String target) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path, (byte) type, true);
        entry.setModTime(1_000L);
        entry.setLinkName(target);
        return add(entry, "");
    }

    Tars device(String path, int major, int minor) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(path, TarConstants.LF_CHR);
        entry.setModTime(1_000L);
        entry.setDevMajor(major);
        entry.setDevMinor(minor);
        return add(entry, "");
    }

    byte[] done() throws IOException {
        out.finish();
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    /** A cpio of files {@code path, content, path, content, …}; one without content is a directory. */
    static byte[] cpio(String... files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioArchiveOutputStream out = new CpioArchiveOutputStream(bytes)) {
            for (int i = 0; i < files.length; i += 2) {
                boolean directory = files[i].endsWith("/");
                byte[] data = files[i + 1].getBytes(StandardCharsets.ISO_8859_1);
                CpioArchiveEntry entry = new CpioArchiveEntry(
                        CpioConstants.FORMAT_NEW, directory ? files[i].substring(0, files[i].length() - 1) : files[i]);
                entry.setMode((directory ? CpioConstants.C_ISDIR : CpioConstants.C_ISREG) | 0644);
                entry.setNumberOfLinks(1);
                entry.setInode(i + 1);
                entry.setTime(1000 + i);
                entry.setSize(data.length);
                put(out, entry, data);
            }
        }
        return bytes.toByteArray();
    }

    static void put(CpioArchiveOutputStream out, CpioArchiveEntry entry, byte[] data) throws IOException {
        out.putArchiveEntry(entry);
        out.write(data);
        out.closeArchiveEntry();
    }
}
