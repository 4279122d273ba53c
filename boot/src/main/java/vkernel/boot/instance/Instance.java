package vkernel.boot.instance;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A kernel with a JVM of its own, by the folder that it has: {@code pid}, {@code control} (a socket), {@code console}
 * (what its console printed), {@code kernel.log}, {@code booted} and, when it has ended, {@code ended}.
 *
 * @param folder named like the instance
 */
public record Instance(Path folder) {
    /** At the head of a crash report of a JVM. */
    private static final int LINES_WITH_THE_CAUSE = 20;

    /** What an instance is doing. */
    public enum State {
        RUNNING,
        PAUSED,
        /** It ended and said how. */
        ENDED,
        /** Its JVM went without a word: it was killed, or crashed. */
        GONE
    }

    /** {@code $XDG_RUNTIME_DIR/vkernel-instances}, or a folder of this user's among the temporary files. */
    public static Path runtimeFolder() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        return runtime != null && !runtime.isBlank()
                ? Path.of(runtime, "vkernel-instances")
                : Path.of(System.getProperty("java.io.tmpdir"), "vkernel-instances-" + System.getProperty("user.name"));
    }

    public static Instance named(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new InstanceException("'" + name + "' is no name: letters, digits, '.', '_' and '-'");
        }
        return new Instance(runtimeFolder().resolve(name));
    }

    /** One that is there. @throws InstanceException when it is not, saying which are */
    public static Instance existing(String name) throws IOException {
        Instance instance = named(name);
        if (!Files.isDirectory(instance.folder)) {
            List<String> names = all().stream().map(Instance::name).toList();
            throw new InstanceException("no kernel named " + name + " has been booted"
                    + (names.isEmpty() ? "" : "; there are: " + String.join(", ", names)));
        }
        return instance;
    }

    /** One that runs. @throws InstanceException when it does not */
    public static Instance running(String name) throws IOException {
        Instance instance = existing(name);
        instance.checkRunning();
        return instance;
    }

    void checkRunning() throws IOException {
        State state = state();
        if (state != State.RUNNING) {
            throw new InstanceException(name() + " is " + (state == State.PAUSED ? "paused" : "not running"));
        }
    }

    public static List<Instance> all() throws IOException {
        if (!Files.isDirectory(runtimeFolder())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(runtimeFolder())) {
            return folders.filter(Files::isDirectory)
                    .sorted()
                    .map(Instance::new)
                    .toList();
        }
    }

    public String name() {
        return String.valueOf(folder.getFileName());
    }

    /** Makes its folder, for this user alone. @throws InstanceException when one of that name runs */
    public void create() throws IOException {
        Files.createDirectories(
                runtimeFolder(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(runtimeFolder()))
                        .equals("rwx------")
                || !Files.getOwner(runtimeFolder()).getName().equals(System.getProperty("user.name"))) {
            throw new InstanceException(runtimeFolder() + " is not this user's alone");
        }
        if (Files.isDirectory(folder)) {
            State state = state();
            if (state == State.RUNNING || state == State.PAUSED) {
                throw new InstanceException("a kernel named " + name() + " runs already");
            }
            delete();
        }
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    public void delete() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    public Path control() {
        return folder.resolve("control");
    }

    /** Where its console's output is kept. */
    public Path console() {
        return folder.resolve("console");
    }

    /** Where its kernel's log is kept. */
    public Path kernelLog() {
        return folder.resolve("kernel.log");
    }

    /** Where its JVM complains. */
    public Path errors() {
        return folder.resolve("errors");
    }

    /** What its JVM wrote when it crashed, also for want of heap. */
    public Path crash() {
        return folder.resolve("jvm-crash.txt");
    }

    /** Why its JVM went without a word, as far as it can be known. */
    public String whyGone() throws IOException {
        if (!Files.exists(crash())) {
            return "its JVM was killed, see " + kernelLog();
        }
        try (Stream<String> lines = Files.lines(crash(), StandardCharsets.ISO_8859_1)) {
            boolean heap = lines.limit(LINES_WITH_THE_CAUSE).anyMatch(line -> line.contains("OutOfMemory"));
            return (heap ? "its JVM was out of memory, see " : "its JVM crashed, see ") + crash();
        }
    }

    /** Writes one of its files, whole or not at all. */
    public void note(String file, Properties content) throws IOException {
        Path beside = folder.resolve(file + ".new");
        try (var writer = Files.newBufferedWriter(beside)) {
            content.store(writer, null);
        }
        Files.move(beside, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** One of its files; empty when it is not there. */
    public Properties noted(String file) throws IOException {
        Properties content = new Properties();
        Path path = folder.resolve(file);
        if (Files.exists(path)) {
            try (Reader reader = Files.newBufferedReader(path)) {
                content.load(reader);
            }
        }
        return content;
    }

    /** Its JVM, if it lives. */
    public Optional<ProcessHandle> process() throws IOException {
        String pid = noted("pid").getProperty("pid", "");
        String started = noted("pid").getProperty("started", "");
        return pid.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(pid))
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> started(process).equals(started)); // not another with its number
    }

    /** When a process began, as {@code pid} has it. */
    public static String started(ProcessHandle process) {
        return process.info().startInstant().map(Object::toString).orElse("");
    }

    public State state() throws IOException {
        if (Files.exists(folder.resolve("ended"))) {
            return State.ENDED;
        }
        Optional<ProcessHandle> process = process();
        if (process.isEmpty()) {
            return State.GONE;
        }
        Path stat = Path.of("/proc/" + process.get().pid() + "/stat");
        if (!Files.exists(stat)) {
            return State.RUNNING;
        }
        String text = Files.readString(stat, StandardCharsets.ISO_8859_1); // proc(5): the state follows the name in ()
        return switch (text.charAt(text.lastIndexOf(')') + 2)) {
            case 'T' -> State.PAUSED;
            case 'Z', 'X' -> State.GONE; // whose parent has not asked yet
            default -> State.RUNNING;
        };
    }
}
