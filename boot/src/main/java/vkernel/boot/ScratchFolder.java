package vkernel.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A folder for files that are small and soon forgotten, this user's alone; it goes with the JVM at the latest. */
record ScratchFolder(Path path) {
    /** Where many systems have files in memory. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Those that have not been deleted. */
    private static final Set<Path> FOLDERS = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ScratchFolder::deleteAll, "scratch folders"));
    }

    static ScratchFolder make() {
        try {
            Path folder = Files.isWritable(MEMORY) ? makeInMemory() : Files.createTempDirectory("vkernel");
            FOLDERS.add(folder);
            return new ScratchFolder(folder);
        } catch (IOException e) {
            throw new BootException("cannot make a folder for temporary files: " + e.getMessage(), e);
        }
    }

    /** By a name of its own: those that the JDK makes up cost a start the loading of its cryptography. */
    private static Path makeInMemory() throws IOException {
        long pid = ProcessHandle.current().pid();
        String name = "vkernel-" + pid + "-" + Long.toUnsignedString(System.nanoTime(), 36);
        return Files.createDirectory(MEMORY.resolve(name), OWNER_ONLY);
    }

    void delete() throws IOException {
        delete(path);
    }

    private static void deleteAll() {
        for (Path folder : FOLDERS) {
            try {
                delete(folder);
            } catch (IOException | UncheckedIOException e) {
                System.err.println("vk: cannot delete " + folder + ": " + e.getMessage());
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        FOLDERS.remove(folder);
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failed) throws IOException {
                if (failed != null) {
                    throw new UncheckedIOException(failed);
                }
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
