package vkernel.boot;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
            "-XX:+UseCondCardMark",
            "-XX:-UsePerfData",
            "-XX:Tier4InvocationThreshold=100000",
            "-XX:Tier4MinInvocationThreshold=20000",
            "-XX:Tier4CompileThreshold=300000",
            "-XX:Tier4BackEdgeThreshold=2000000",
            "-XX:Tier3DelayOn=0",
            "-XX:Tier3InvokeNotifyFreqLog=14",
            "-XX:Tier2InvokeNotifyFreqLog=15",
            "-XX:Tier3BackedgeNotifyFreqLog=17",
            "-XX:Tier2BackedgeNotifyFreqLog=18",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,vkernel.host.riscv.jit.Translated*::*,0.05",
            "-XX:ThreadPriorityPolicy=1",
            "-XX:CompilerThreadPriority=5",
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:-PrintWarnings",
            "-XX:-UseSwitchProfiling",
            "-Djdk.reflect.useNativeAccessorOnly=true",
            "-Xlog:disable",
            "-D" + Unikernel.LAUNCHED + "=1");

    /**
     * Does not come back on a POSIX system with a JVM where this one says it is. This JVM has no cache: a lambda, a
     * concatenation by {@code +} or a regular expression would cost it as much as all of this.
     */
    static void withOptions(String[] args) {
        String jar = jar().toString();
        Path cache = Path.of((jar.endsWith(".jar") ? jar.substring(0, jar.length() - 4) : jar).concat(".aot"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        if (!Files.isExecutable(java)) {
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        if (Files.isReadable(cache)) {
            command.add("-XX:AOTCache=".concat(cache.toString()));
        }
        command.addAll(FLAGS);
        for (String property : System.getProperties().stringPropertyNames()) {
            // what the person gave to this one
            if (property.startsWith("vk.") || property.startsWith("vkernel.trace")) {
                command.add("-D".concat(property).concat("=").concat(System.getProperty(property)));
            }
        }
        command.addAll(List.of("-cp", jar, Unikernel.class.getName()));
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

    /**
     * execv(3): the process, its streams, signals and parent stay. Comes back only when it fails. Addresses go as
     * numbers, in one buffer with the strings: half of what a call of such types would cost a JVM that makes no other.
     */
    @SuppressWarnings("restricted")
    private static void exec(List<String> command) {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> execv = linker.defaultLookup().find("execv");
        if (execv.isEmpty()) {
            return;
        }
        MethodHandle call = linker.downcallHandle(
                execv.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        ByteBuffer argv = argv(command);
        long address = MemorySegment.ofBuffer(argv).address();
        int failed;
        try {
            failed = (int) call.invokeExact(argv.getLong(0), address);
        } catch (Throwable e) {
            throw new BootException("cannot start the JVM anew: " + e, e);
        } finally {
            Reference.reachabilityFence(argv);
        }
        System.err.println("vk: cannot start the JVM anew (execv: " + failed + ")");
    }

    /** Pointers to strings, a null pointer, the strings, each ended by a zero byte. */
    private static ByteBuffer argv(List<String> command) {
        List<byte[]> strings = new ArrayList<>();
        int size = (command.size() + 1) * Long.BYTES;
        int end = size;
        for (String word : command) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            strings.add(bytes);
            size += bytes.length + 1;
        }
        ByteBuffer argv = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        long base = MemorySegment.ofBuffer(argv).address();
        for (int i = 0; i < strings.size(); i++) {
            argv.putLong(i * Long.BYTES, base + end);
            argv.put(end, strings.get(i));
            end += strings.get(i).length + 1;
        }
        return argv;
    }

    private Relaunch() {}
}
