package vkernel.boot.unikernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** An executable jar, written in the order of names and without times: the same parts give the same bytes. */
public final class UnikernelJar {
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String SERVICES = "META-INF/services/";

    private final Map<String, byte[]> entries = new TreeMap<>();
    private final String script;

    /** @param script what a shell is to do when the jar itself is executed; a zip may begin with anything */
    public UnikernelJar(String mainClass, String script) {
        this.script = script;
        String manifest =
                "Manifest-Version: 1.0\r\nMain-Class: " + mainClass + "\r\nEnable-Native-Access: ALL-UNNAMED\r\n\r\n";
        entries.put(MANIFEST, manifest.getBytes(StandardCharsets.UTF_8));
    }

    public void add(String name, byte[] content) {
        entries.put(name, content);
    }

    /** Adds what a jar holds, but for its manifest; licences under a name of their own. @return its manifest */
    public byte[] addJar(Path jar) throws IOException {
        byte[] manifest = {};
        String name = String.valueOf(jar.getFileName()).replaceFirst("\\.jar$", "");
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                try (InputStream in = zip.getInputStream(entry)) {
                    byte[] content = in.readAllBytes();
                    if (entry.getName().equals(MANIFEST)) {
                        manifest = content;
                    } else if (!entry.isDirectory()) {
                        addEntry(name, entry.getName(), content);
                    }
                }
            }
        }
        return manifest;
    }

    private void addEntry(String jar, String name, byte[] content) throws IOException {
        if (name.startsWith(SERVICES)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(entries.getOrDefault(name, new byte[0]));
            all.write(content);
            all.write('\n');
            entries.put(name, all.toByteArray());
        } else if (name.matches("(META-INF/)?(LICENSE|NOTICE)[^/]*")) {
            entries.put("META-INF/licenses/" + jar + "/" + name.substring(name.lastIndexOf('/') + 1), content);
        } else if (!name.startsWith("META-INF/")
                && !name.startsWith("OSGI-OPT/")
                && !name.equals("module-info.class")) {
            entries.putIfAbsent(name, content);
        }
    }

    /** Adds the classes that some classes need, of a jar, and those themselves. */
    public void addNeeded(Path jar, Iterable<String> roots) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            new ClassClosure(zip).of(roots).forEach((name, bytes) -> entries.putIfAbsent(name, bytes));
        }
    }

    public void write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            out.write(script.getBytes(StandardCharsets.UTF_8));
            zip.setLevel(Deflater.BEST_COMPRESSION);
            put(zip, MANIFEST); // first, as jars have it
            for (String name : entries.keySet()) {
                if (!name.equals(MANIFEST)) {
                    put(zip, name);
                }
            }
        }
    }

    /** For all who may read it. */
    public static void makeExecutable(Path file) throws IOException {
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
        rights.add(PosixFilePermission.OWNER_EXECUTE);
        rights.add(PosixFilePermission.GROUP_EXECUTE);
        rights.add(PosixFilePermission.OTHERS_EXECUTE);
        Files.setPosixFilePermissions(file, rights);
    }

    private void put(ZipOutputStream zip, String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
        zip.write(entries.get(name));
        zip.closeEntry();
    }
}
