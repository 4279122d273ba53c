package vkernel.boot;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Replaces this JVM by one with options: with the ahead-of-time cache beside the jar, {@code app.aot} for {@code app.jar}, and without warnings. */
final class Relaunch {
    /**
     * A program starts and ends before the second compiler pays, but for translated guest code, see {@code vk}; and a
     * small heap needs one collector thread.
     */
    static final List<String> FLAGS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-XX:Tier4InvocationThreshold=100000",
            "-XX:Tier4MinInvocationThreshold=20000",
            "-XX:Tier4CompileThreshold=300000",
            "-XX:Tier4BackEdgeThreshold=2000000",
            "-XX:Tier3DelayOn=0",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,vkernel.host.riscv.jit.Translated*::*,0.05",
            "-Xlog:disable",
            "-D" + Unikernel.LAUNCHED + "=1");

    /** Does not come back on a POSIX system with a JVM where this one says it is. */
    static void withOptions(String[] args) {
        Path jar = jar();
        String name = jar.getFileName().toString();
        Path cache = jar.resolveSibling(name.replaceFirst("\\.jar$", "") + ".aot");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        if (!Files.isExecutable(java)) {
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        if (Files.isReadable(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.addAll(FLAGS);
        // what the person gave to this one
        System.getProperties().stringPropertyNames().stream()
                .filter(property -> property.startsWith("vk.") || property.startsWith("vkernel.trace"))
                .forEach(property -> command.add("-D" + property + "=" + System.getProperty(property)));
        command.addAll(List.of("-cp", jar.toString(), Unikernel.class.getName()));
        command.addAll(List.of(args));
        exec(command);
    }

    /** For a shell, which needs no JVM to start one: the jar's first lines. */
    static String script() {
        return """
                #!/bin/sh
                java=${JAVA_HOME:+$JAVA_HOME/bin/}java
                self=$(readlink -f "$0")
                exec "$java" -XX:AOTCache="${self%%.jar}.aot" %s ${VK_JAVA_OPTIONS:-} -cp "$self" %s "$@"
                """.formatted("'" + String.join("' '", FLAGS) + "'", Unikernel.class.getName());
    }

    static Path jar() {
        try {
            return Path.of(Unikernel.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** execv(3): the process, its streams, signals and parent stay. Comes back only when it fails. */
    @SuppressWarnings("restricted")
    private static void exec(List<String> command) {
        Linker linker = Linker.nativeLinker();
        MemorySegment execv = linker.defaultLookup().find("execv").orElse(MemorySegment.NULL);
        if (execv.equals(MemorySegment.NULL)) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argv = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
            for (int i = 0; i < command.size(); i++) {
                argv.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command.get(i)));
            }
            Object failed = linker.downcallHandle(
                            execv,
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                    .invoke(arena.allocateFrom(command.getFirst()), argv);
            System.err.println("vk: cannot start the JVM anew (execv: " + failed + ")");
        } catch (Throwable e) {
            throw new BootException("cannot start the JVM anew: " + e, e);
        }
    }

    private Relaunch() {}
}
