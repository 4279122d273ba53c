package vkernel.boot.unikernel;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/** The root of a unikernel: files of an archive, all or some, and of this machine. The same files give the same bytes. */
public final class RootTar {
    private static final int MODE = 07777;
    private static final int MOST_LINKS = 40;

    /** A file of the root. {@code content} is null for what has none; {@code link} is empty for what is no link. */
    private record Node(
            byte type, int mode, long uid, long gid, long seconds, String link, byte @Nullable [] content) {}

    private final Map<String, Node> nodes = new TreeMap<>();

    /** Adds what is in an archive: tar or cpio, plain or gzip. */
    public void addArchive(InputStream archive) throws IOException {
        BufferedInputStream in = new BufferedInputStream(archive, 1 << 16);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        BufferedInputStream plain = gzip ? new BufferedInputStream(new GZIPInputStream(in), 1 << 16) : in;
        plain.mark(6);
        boolean cpio = new String(plain.readNBytes(5), StandardCharsets.ISO_8859_1).equals("07070");
        plain.reset();
        if (cpio) {
            add(new CpioArchiveInputStream(plain), RootTar::ofCpio);
        } else {
            add(new TarArchiveInputStream(plain), RootTar::ofTar);
        }
    }

    /** How an entry of an archive is a file. */
    private interface Reading<E extends ArchiveEntry> {
        @Nullable
        Node node(E entry, byte[] content);
    }

    private <E extends ArchiveEntry> void add(ArchiveInputStream<E> archive, Reading<E> reading) throws IOException {
        for (E entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            Node node = reading.node(entry, archive.readAllBytes());
            String name = absolute(entry.getName());
            if (node != null && !name.equals("/")) {
                nodes.put(name, node);
            }
        }
    }

    private static @Nullable Node ofTar(TarArchiveEntry entry, byte[] content) {
        long seconds = entry.getLastModifiedTime().toMillis() / 1000;
        byte type = entry.getLinkFlag();
        boolean file = type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM;
        if (!file && type != TarConstants.LF_DIR && type != TarConstants.LF_SYMLINK && type != TarConstants.LF_LINK) {
            return null; // devices are the kernel's
        }
        return new Node(
                file ? TarConstants.LF_NORMAL : type,
                entry.getMode() & MODE,
                entry.getLongUserId(),
                entry.getLongGroupId(),
                seconds,
                entry.getLinkName(),
                file ? content : null);
    }

    private static @Nullable Node ofCpio(CpioArchiveEntry entry, byte[] content) {
        int mode = (int) entry.getMode() & MODE;
        if (entry.isDirectory()) {
            return new Node(TarConstants.LF_DIR, mode, entry.getUID(), entry.getGID(), entry.getTime(), "", null);
        }
        if (entry.isSymbolicLink()) {
            String link = new String(content, StandardCharsets.UTF_8);
            return new Node(TarConstants.LF_SYMLINK, mode, entry.getUID(), entry.getGID(), entry.getTime(), link, null);
        }
        return entry.isRegularFile()
                ? new Node(TarConstants.LF_NORMAL, mode, entry.getUID(), entry.getGID(), entry.getTime(), "", content)
                : null;
    }

    /** Adds a file or a folder of this machine, without its times and owners. */
    public void addHost(Path source, String name) throws IOException {
        if (Files.isDirectory(source)) {
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    addHost(file, name + "/" + source.relativize(file));
                }
            }
            return;
        }
        int mode = Files.isExecutable(source) ? 0755 : 0644;
        nodes.put(absolute(name), new Node(TarConstants.LF_NORMAL, mode, 0, 0, 0, "", Files.readAllBytes(source)));
    }

    /** Files there are, in all. */
    public int files() {
        return (int) nodes.values().stream()
                .filter(node -> node.type != TarConstants.LF_DIR)
                .count();
    }

    /** Keeps these files with all that leads to them: links, folders, and a program's interpreter. */
    public void keep(Collection<String> names) {
        Set<String> kept = new HashSet<>();
        Deque<String> queue = new ArrayDeque<>(names);
        while (!queue.isEmpty()) {
            String real = walk(queue.remove(), kept);
            Node node = nodes.get(real);
            if (node != null && kept.add(real) && node.content != null) {
                Programs.interpreter(node.content).ifPresent(queue::add);
            } else if (node != null && node.type == TarConstants.LF_LINK) {
                queue.add(absolute(node.link));
            }
        }
        nodes.entrySet().removeIf(each -> !kept.contains(each.getKey()) && each.getValue().type != TarConstants.LF_DIR);
    }

    /** Where a name leads, through links, each of which is kept. */
    private String walk(String name, Set<String> kept) {
        Deque<String> rest = new ArrayDeque<>();
        for (String each : name.split("/")) {
            rest.addLast(each);
        }
        String at = "";
        int links = 0;
        while (!rest.isEmpty()) {
            String next = rest.removeFirst();
            if (next.isEmpty() || next.equals(".")) {
                continue;
            }
            if (next.equals("..")) {
                at = at.substring(0, Math.max(0, at.lastIndexOf('/')));
                continue;
            }
            Node node = nodes.get(at + "/" + next);
            if (node == null || node.type != TarConstants.LF_SYMLINK || links++ > MOST_LINKS) {
                at = at + "/" + next;
                continue;
            }
            kept.add(at + "/" + next);
            String[] target = node.link.split("/");
            for (int i = target.length - 1; i >= 0; i--) {
                rest.addFirst(target[i]);
            }
            at = node.link.startsWith("/") ? "" : at;
        }
        return at;
    }

    public byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (Map.Entry<String, Node> each : nodes.entrySet()) {
                if (each.getValue().type != TarConstants.LF_LINK) {
                    write(tar, each.getKey(), each.getValue());
                }
            }
            for (Map.Entry<String, Node> each : nodes.entrySet()) {
                if (each.getValue().type == TarConstants.LF_LINK) { // after what it links to
                    write(tar, each.getKey(), each.getValue());
                }
            }
        }
        return bytes.toByteArray();
    }

    private static void write(TarArchiveOutputStream tar, String name, Node node) throws IOException {
        boolean folder = node.type == TarConstants.LF_DIR;
        TarArchiveEntry entry = new TarArchiveEntry(name.substring(1) + (folder ? "/" : ""), node.type);
        entry.setMode(node.mode);
        entry.setIds((int) node.uid, (int) node.gid);
        entry.setModTime(node.seconds * 1000);
        if (!node.link.isEmpty()) {
            entry.setLinkName(node.link);
        }
        byte[] content = node.content == null ? new byte[0] : Objects.requireNonNull(node.content);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String absolute(String name) {
        return Path.of("/" + name).normalize().toString();
    }
}
