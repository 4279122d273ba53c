package vkernel.boot;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import vkernel.boot.instance.Instance;
import vkernel.boot.instance.InstanceException;

/** Boots a kernel in a JVM of its own that outlives this one. */
final class Detached {
    private static final long SECONDS_TO_COME_UP = 60;

    /** @param args as given to this program, from the command on */
    static Process start(Instance instance, List<String> args) throws IOException {
        instance.create();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-XX:ErrorFile=" + instance.crash());
        command.add("-XX:+CrashOnOutOfMemoryError"); // a kernel that lost any of its threads is none
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("-Dvkernel.terminals=");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("serve", instance.name()));
        command.addAll(withoutOurs(args));
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(instance.errors().toFile()))
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(instance.errors().toFile()))
                .start();
        await(instance, process);
        return process;
    }

    /** Without the command and what made it one of these. */
    private static List<String> withoutOurs(List<String> args) {
        List<String> others = new ArrayList<>();
        for (Iterator<String> each = args.iterator(); each.hasNext(); ) {
            String word = each.next();
            if (word.equals("--name")) {
                each.next();
            } else if (!word.equals("-d") && !word.equals("--detach") && !word.startsWith("--name=")) {
                others.add(word);
            }
        }
        return others.subList(1, others.size());
    }

    private static void await(Instance instance, Process process) throws IOException {
        long until = System.nanoTime() + SECONDS_TO_COME_UP * 1_000_000_000;
        while (!Files.exists(instance.folder().resolve("booted"))) {
            if (!process.isAlive() && !Files.exists(instance.folder().resolve("ended"))
                    || Files.exists(instance.folder().resolve("ended"))) {
                String message = instance.noted("ended").getProperty("message", "");
                throw new InstanceException(instance.name() + " did not come up: "
                        + (message.isEmpty()
                                ? Files.readString(instance.errors()).trim()
                                : message));
            }
            if (System.nanoTime() > until) {
                process.destroyForcibly();
                throw new InstanceException(instance.name() + " did not come up in " + SECONDS_TO_COME_UP + " s");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** setsid(2): a session without a terminal, whose hanging up is nothing to it. */
    @SuppressWarnings("restricted")
    static void ownSession() {
        Linker linker = Linker.nativeLinker();
        try {
            Object session = linker.downcallHandle(
                            linker.defaultLookup().findOrThrow("setsid"), FunctionDescriptor.of(ValueLayout.JAVA_INT))
                    .invoke();
            if (session.equals(-1)) {
                System.err.println("vk: no session of its own; it may end with its terminal");
            }
        } catch (Throwable e) {
            throw new BootException("setsid: " + e, e);
        }
    }

    private Detached() {}
}
