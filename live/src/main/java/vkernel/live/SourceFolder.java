package vkernel.live;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;

/**
 * A folder that is one bundle, as people lay it out: Maven's {@code src/main/java} and {@code src/main/resources}, or
 * the sources in the folder itself.
 *
 * @param home absolute
 */
record SourceFolder(Path home) {
    private static final String SETTINGS = "bnd.bnd";
    private static final String POM = "pom.xml";
    /** Where builds leave their output. */
    private static final Set<String> OUTPUT = Set.of("target", "build", "bin", "out");

    SourceFolder {
        home = home.toAbsolutePath().normalize();
    }

    private Path maven() {
        return home.resolve("src/main/java");
    }

    private Path resources() {
        return home.resolve("src/main/resources");
    }

    private Path sources() {
        return Files.isDirectory(maven()) ? maven() : home;
    }

    /** The Java files, in the order of their names. */
    List<Path> javaFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        walk(sources(), files, new ArrayList<>());
        files.removeIf(file -> !isSource(file));
        files.sort(null);
        return files;
    }

    /** Files that are packed as they are. */
    List<Path> resourceFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(resources())) {
            walk(resources(), files, new ArrayList<>());
        }
        return files;
    }

    /** The place of a resource in the bundle. */
    String resourceName(Path file) {
        return resources().relativize(file).toString().replace('\\', '/');
    }

    /** Every folder in which a change matters. */
    List<Path> folders() throws IOException {
        List<Path> folders = new ArrayList<>(List.of(home));
        walk(sources(), new ArrayList<>(), folders);
        if (Files.isDirectory(resources())) {
            walk(resources(), new ArrayList<>(), folders);
        }
        return folders.stream().distinct().toList();
    }

    /** Every file that goes into the bundle, its settings included. */
    List<Path> inputs() throws IOException {
        List<Path> files = javaFiles();
        files.addAll(resourceFiles());
        files.addAll(settings());
        return files;
    }

    /** Java files, but not what editors leave beside them (.#A.java of Emacs, A.java~ of vi, A.java.swp). */
    private static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") && !name.startsWith(".") && !name.equals("module-info.java");
    }

    private static void walk(Path from, List<Path> files, List<Path> folders) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (!folder.equals(from) && elsewhere(folder)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                folders.add(folder);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.add(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE; // an editor's file that came and went
            }
        });
    }

    /** Output of builds, hidden folders, and bundles of their own. */
    private static boolean elsewhere(Path folder) {
        String name = folder.getFileName().toString();
        return name.startsWith(".")
                || OUTPUT.contains(name)
                || Files.exists(folder.resolve(POM))
                || Files.exists(folder.resolve(SETTINGS));
    }

    /**
     * The {@code bnd.bnd} files that say what the manifest holds, outermost first. As with bnd's Maven plugin a project
     * inherits those of the projects around it.
     */
    List<Path> settings() {
        LinkedList<Path> found = new LinkedList<>();
        for (Path folder : projects()) {
            if (Files.isRegularFile(folder.resolve(SETTINGS))) {
                found.addFirst(folder.resolve(SETTINGS));
            }
        }
        return found;
    }

    /** Its symbolic name, if its settings give none: the path from the outermost project, with dots. */
    String name() {
        Path root = projects().getLast();
        Path path = root.equals(home) ? home.getFileName() : root.relativize(home);
        return path == null ? "folder" : path.toString().replaceAll("[/\\\\]", ".");
    }

    /** This folder and the Maven projects around it, innermost first. */
    private List<Path> projects() {
        List<Path> projects = new ArrayList<>(List.of(home));
        Path folder = home;
        while (folder != null && Files.exists(folder.resolve(POM))) {
            Path parent = folder.getParent();
            if (parent != null && Files.exists(parent.resolve(POM))) {
                projects.add(parent);
            }
            folder = parent;
        }
        return projects;
    }
}
