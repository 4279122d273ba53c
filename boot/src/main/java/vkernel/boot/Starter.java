package vkernel.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.lang.model.SourceVersion;

/**
 * Bundles to begin with, kept as real sources in which everything is called {@code example}: they are compiled and run
 * as they are by the tests, and given another name for a person.
 */
enum Starter {
    SCHED("a scheduler policy", "policy", List.of("Example.java")),
    FS("a file system", "fs", List.of("Files.java", "Example.java")),
    DRIVER("a driver", "device", List.of("Example.java"));

    private static final String NAME = "example";
    private static final String TYPE = "Example";
    private static final String WATCH = "--watch " + NAME;
    /** In the sources: a number that should differ from one bundle to the next. */
    private static final String MAGIC = "0x45584d50";

    private static final String MAJOR = "MAJOR = 240";
    /** Linux's device numbers for local use: from 240 to 254. */
    private static final int LOCAL_MAJORS = 15;

    private static final int LONGEST_NAME = 15;

    /** What it is. */
    final String what;
    /** The attribute of the capability {@code vkernel.subsystem} that holds its name. */
    final String attribute;

    private final List<String> sources;

    Starter(String what, String attribute, List<String> sources) {
        this.what = what;
        this.attribute = attribute;
        this.sources = sources;
    }

    /** As it stands on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why a name cannot be; empty when it can. */
    static String wrong(String name) {
        if (!name.matches("[a-z][a-z0-9]*")) {
            return "a name is of small letters and digits and begins with a letter";
        }
        if (name.length() > LONGEST_NAME) {
            return "a name has at most " + LONGEST_NAME + " letters";
        }
        boolean taken = List.of("java", "javax", "vkernel", "org").contains(name);
        return taken || SourceVersion.isKeyword(name) ? "Java keeps that name for itself" : "";
    }

    /**
     * Writes one.
     *
     * @param folder made for it; must not be there, or be empty
     * @return the file to be edited
     */
    Path write(String name, Path folder) throws IOException {
        Map<String, String> texts = texts();
        String type = type(name, texts);
        Files.createDirectories(folder);
        Path main = folder;
        for (Map.Entry<String, String> each : texts.entrySet()) {
            Path file = folder.resolve(each.getKey().replace(TYPE, type));
            String text = each.getValue()
                    .replace(WATCH, "--watch " + folder)
                    .replace(MAGIC, String.format(Locale.ROOT, "0x%08x", name.hashCode()))
                    .replace(MAJOR, "MAJOR = " + (240 + Math.floorMod(name.hashCode(), LOCAL_MAJORS)))
                    .replace(NAME, name)
                    .replace(TYPE, type);
            Files.writeString(file, text);
            main = file;
        }
        return main;
    }

    /** File names and what is in them; the one to be edited comes last. */
    private Map<String, String> texts() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String file : List.of("bnd.bnd", "README.md")) {
            texts.put(file, text(file));
        }
        for (String file : sources) {
            texts.put(file, text(file));
        }
        return texts;
    }

    private String text(String file) throws IOException {
        String resource = "starters/" + this + "/" + file;
        try (InputStream in = Starter.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Name of the class: that of the bundle, with more to it if the sources use a class of that name. */
    private String type(String name, Map<String, String> texts) {
        String type = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        boolean used = texts.entrySet().stream()
                .anyMatch(each ->
                        each.getKey().equals(type + ".java") || each.getValue().matches("(?s).*\\b" + type + "\\b.*"));
        if (!used || type.equals(TYPE)) {
            return type;
        }
        return type
                + switch (this) {
                    case SCHED -> "Scheduler";
                    case FS -> "FileSystem";
                    case DRIVER -> "Driver";
                };
    }
}
