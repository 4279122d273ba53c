package vkernel.boot.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * What dpkg keeps about packages (dpkg(1), "FILES"; deb-control(5)), as it would after {@code dpkg --unpack}: a
 * {@code dpkg --configure -a} inside runs their scripts. With it the files that every Debian system has and no package
 * brings: the first users and groups, and the names of loopback.
 */
final class DpkgDatabase {
    private static final String FOLDER = "var/lib/dpkg/";
    private static final String HOSTS = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n";
    /** Files that are there in every system, and where base-passwd has them. */
    private static final Map<String, String> MASTERS = Map.of(
            "usr/share/base-passwd/passwd.master", "etc/passwd", "usr/share/base-passwd/group.master", "etc/group");

    private record Content(byte[] bytes, int mode) {}

    private final Map<String, Content> files = new TreeMap<>();
    private final Map<String, StringBuilder> triggers = new TreeMap<>();
    private final StringBuilder status = new StringBuilder();

    /**
     * Adds a package, and closes what it is read from.
     *
     * @param control its control files, a tar
     * @param data its files, a tar
     */
    void add(InputStream control, InputStream data) throws IOException {
        Map<String, Content> scripts = controlFiles(control);
        String fields = text(scripts, "control");
        String name = field(fields, "Package");
        if (field(fields, "Multi-Arch").equals("same")) {
            name += ":" + field(fields, "Architecture");
        }
        Map<String, String> sums = new HashMap<>();
        List<String> conffiles = text(scripts, "conffiles")
                .lines()
                .filter(line -> line.startsWith("/"))
                .toList();
        put(FOLDER + "info/" + name + ".list", list(data, conffiles, sums));
        for (Map.Entry<String, Content> script : scripts.entrySet()) {
            if (!script.getKey().equals("control")) {
                files.put(FOLDER + "info/" + name + "." + script.getKey(), script.getValue());
            }
        }
        status.append(fields.strip()).append("\nStatus: install ok unpacked\n");
        if (!sums.isEmpty()) {
            status.append("Conffiles:\n");
            conffiles.stream()
                    .filter(sums::containsKey)
                    .forEach(file -> status.append(" %s %s\n".formatted(file, sums.get(file))));
        }
        status.append('\n');
        text(scripts, "triggers").lines().forEach(line -> trigger(line.strip(), packageOf(fields, line)));
    }

    private static String packageOf(String fields, String trigger) {
        String name = field(fields, "Package");
        boolean same = field(fields, "Multi-Arch").equals("same");
        return name
                + (same ? ":" + field(fields, "Architecture") : "")
                + (trigger.startsWith("interest-noawait") ? "/noawait" : "");
    }

    /** Keeps who is to be told when a file or a name is triggered (deb-triggers(5)). */
    private void trigger(String line, String who) {
        String[] words = line.split("\\s+");
        if (words.length != 2 || !words[0].startsWith("interest")) {
            return;
        }
        boolean file = words[1].startsWith("/");
        triggers.computeIfAbsent(file ? "File" : words[1], name -> new StringBuilder())
                .append(file ? words[1] + " " : "")
                .append(who)
                .append('\n');
    }

    private static Map<String, Content> controlFiles(InputStream tar) throws IOException {
        Map<String, Content> all = new TreeMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(tar, "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.isFile()) {
                    all.put(path(entry).substring(1), new Content(in.readAllBytes(), entry.getMode() & 0777));
                }
            }
        }
        return all;
    }

    /** The paths of a package, a line each. @param sums gets the MD5 sums of the {@code conffiles} */
    private String list(InputStream tar, List<String> conffiles, Map<String, String> sums) throws IOException {
        List<String> paths = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(tar, "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String path = path(entry);
                paths.add(path.equals("/") ? "/." : path);
                String copy = MASTERS.get(path.substring(1));
                if (copy != null) {
                    files.put(copy, new Content(in.readAllBytes(), 0644));
                } else if (entry.isFile() && conffiles.contains(path)) {
                    sums.put(path, md5(in));
                }
            }
        }
        return String.join("\n", paths) + "\n";
    }

    private static String md5(InputStream in) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(in.readAllBytes()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has MD5", impossible);
        }
    }

    private static String path(TarArchiveEntry entry) {
        String path = entry.getName().replaceFirst("^\\./", "/").replaceFirst("^(?!/)", "/");
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String text(Map<String, Content> files, String name) {
        Content file = files.get(name);
        return file == null ? "" : new String(file.bytes(), StandardCharsets.UTF_8);
    }

    /** A field of a control file, empty if it has none of that name. */
    private static String field(String control, String name) {
        return control.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    private void put(String path, String text) {
        files.put(path, new Content(text.getBytes(StandardCharsets.UTF_8), 0644));
    }

    /** All of it as a layer over the packages' files. @param sources where apt is to find more (sources.list(5)) */
    LayeredTar.Layer layer(String architecture, String sources) {
        put(FOLDER + "status", status.toString());
        put(FOLDER + "available", "");
        put(FOLDER + "info/format", "1\n");
        put(FOLDER + "arch", architecture + "\n");
        triggers.forEach((name, lines) -> put(FOLDER + "triggers/" + name, lines.toString()));
        put("etc/hosts", HOSTS);
        put("etc/apt/sources.list", sources);
        return () -> new ByteArrayInputStream(tar());
    }

    private byte[] tar() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, Content> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setMode(0100000 | file.getValue().mode());
                entry.setModTime(0);
                entry.setSize(file.getValue().bytes().length);
                out.putArchiveEntry(entry);
                out.write(file.getValue().bytes());
                out.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
