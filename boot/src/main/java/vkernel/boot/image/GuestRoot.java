package vkernel.boot.image;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import vkernel.boot.client.Guest;
import vkernel.boot.client.Stat;
import vkernel.fs.Mode;
import vkernel.kern.Errno;
import vkernel.kern.Result;

/**
 * The root file system of a kernel that runs, as an archive: what is mounted in it is left out, and so are sockets. Whoever
 * writes there meanwhile may find half of it.
 */
public final class GuestRoot {
    private static final String XATTR = "SCHILY.xattr.";
    /** Any name: nobody makes a file of it. */
    private static final String HEADER = "PaxHeaders/xattrs";

    private static final Map<Integer, Byte> SPECIAL = Map.of(
            Mode.S_IFCHR, TarConstants.LF_CHR, Mode.S_IFBLK, TarConstants.LF_BLK, Mode.S_IFIFO, TarConstants.LF_FIFO);

    private final Guest guest;
    private final TarArchiveOutputStream out;
    /** First names of files with several, by inode. */
    private final Map<Long, String> names = new HashMap<>();

    private final Deque<String> folders = new ArrayDeque<>();
    private final byte[] piece = new byte[Guest.PIECE];

    private GuestRoot(Guest guest, TarArchiveOutputStream out) {
        this.guest = guest;
        this.out = out;
    }

    /** Writes it. @param guest a process of root @throws IOException saying which file cannot be read, or written here */
    public static void write(Guest guest, Path archive) throws IOException {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16);
                TarArchiveOutputStream out = new TarArchiveOutputStream(file, "UTF-8")) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            out.setAddPaxHeadersForNonAsciiNames(true);
            new GuestRoot(guest, out).tree();
        }
    }

    private void tree() throws IOException {
        long device = done("/", guest.stat("/", false)).dev();
        folders.add("/");
        while (!folders.isEmpty()) {
            String folder = folders.remove();
            List<String> inside = done(folder, guest.list(folder));
            Collections.sort(inside);
            for (String name : inside) {
                String path = folder + name;
                Stat stat = done(path, guest.stat(path, false));
                entry(path, stat);
                if (stat.directory() && stat.dev() == device) {
                    folders.add(path + "/");
                }
            }
        }
    }

    private void entry(String path, Stat stat) throws IOException {
        int type = stat.mode() & Mode.S_IFMT;
        String first = stat.directory() || stat.nlink() < 2 ? null : names.putIfAbsent(stat.ino(), path.substring(1));
        if (first != null) {
            TarArchiveEntry link = entry(path, stat, TarConstants.LF_LINK);
            link.setLinkName(first);
            put(path, link);
            return;
        }
        switch (type) {
            case Mode.S_IFDIR -> put(path, entry(path + "/", stat, TarConstants.LF_DIR));
            case Mode.S_IFLNK -> {
                TarArchiveEntry link = entry(path, stat, TarConstants.LF_SYMLINK);
                link.setLinkName(done(path, guest.readlink(path)));
                put(path, link);
            }
            case Mode.S_IFREG -> regular(path, stat);
            case Mode.S_IFSOCK -> {}
            default -> {
                TarArchiveEntry special = entry(path, stat, SPECIAL.get(type));
                special.setDevMajor(Mode.major(stat.rdev()));
                special.setDevMinor(Mode.minor(stat.rdev()));
                put(path, special);
            }
        }
    }

    private static TarArchiveEntry entry(String path, Stat stat, byte type) {
        TarArchiveEntry entry = new TarArchiveEntry(path.substring(1), type);
        entry.setMode(stat.mode());
        entry.setUserId(stat.uid());
        entry.setGroupId(stat.gid());
        entry.setLastModifiedTime(FileTime.from(stat.mtime(), TimeUnit.NANOSECONDS));
        return entry;
    }

    private void put(String path, TarArchiveEntry entry) throws IOException {
        attributes(path);
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
    }

    private void regular(String path, Stat stat) throws IOException {
        TarArchiveEntry entry = entry(path, stat, TarConstants.LF_NORMAL);
        entry.setSize(stat.size());
        attributes(path);
        out.putArchiveEntry(entry);
        long fd = done(path, guest.open(path, Mode.O_RDONLY, 0));
        long left = stat.size();
        while (left > 0) {
            long n = done(path, guest.read(fd, piece));
            if (n == 0) {
                throw new IOException(path + " became shorter while it was read");
            }
            out.write(piece, 0, (int) Math.min(n, left));
            left -= n;
        }
        guest.close(fd);
        out.closeArchiveEntry();
    }

    /** Extended attributes go before, as they are: the writer of entries knows only those that are text. */
    private void attributes(String path) throws IOException {
        Result<List<String>> list = guest.xattrs(path);
        if (list.error() == -Errno.EOPNOTSUPP) {
            return;
        }
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (String name : done(path, list)) {
            records.writeBytes(record(XATTR + name, done(path, guest.xattr(path, name))));
        }
        if (records.size() > 0) {
            TarArchiveEntry header = new TarArchiveEntry(HEADER, TarConstants.LF_PAX_EXTENDED_HEADER_LC);
            header.setSize(records.size());
            out.putArchiveEntry(header);
            out.write(records.toByteArray());
            out.closeArchiveEntry();
        }
    }

    /** "LENGTH KEY=VALUE\n", where the length counts itself too (pax(1), "pax Extended Header"). */
    static byte[] record(String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + Integer.toString(rest).length();
        if (Integer.toString(length).length() > Integer.toString(rest).length()) {
            length++;
        }
        ByteArrayOutputStream record = new ByteArrayOutputStream(length);
        record.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.UTF_8));
        record.writeBytes(value);
        record.write('\n');
        return record.toByteArray();
    }

    private static <T> T done(String path, Result<T> result) throws IOException {
        done(path, result.ok() ? 0 : result.error());
        return result.value();
    }

    private static long done(String path, long result) throws IOException {
        if (result < 0) {
            throw new IOException("in the guest, " + path + ": " + Errno.name((int) -result));
        }
        return result;
    }
}
