package vkernel.boot;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vkernel.boot.compose.Json;
import vkernel.boot.instance.Client;
import vkernel.boot.instance.Instance;
import vkernel.boot.instance.InstanceException;
import vkernel.boot.instance.RemoteMonitor;

/** What can be done with the kernels that {@code vk boot -d} left. */
final class InstanceCommands {
    private static final int CTRL_A = 1;
    private static final int NONE = -1;

    /** Which kernel is meant. */
    static final class Named {
        @Parameters(index = "0", paramLabel = "NAME", description = "The kernel.")
        private String name;
    }

    private static int ask(Named kernel, String request, List<String> words, InputStream in, int quit)
            throws IOException {
        return ask(kernel.name, request, words, in, quit);
    }

    private static int ask(String name, String request, List<String> words, InputStream in, int quit)
            throws IOException {
        return new Client(Instance.existing(name))
                .ask(
                        request,
                        words,
                        in,
                        new FileOutputStream(FileDescriptor.out),
                        new FileOutputStream(FileDescriptor.err),
                        quit);
    }

    private static boolean onTerminal() {
        String terminals = System.getProperty("vkernel.terminals", "");
        return terminals.contains("0") && terminals.contains("1");
    }

    private static InputStream input() {
        return new FileInputStream(FileDescriptor.in);
    }

    @Command(name = "ps", mixinStandardHelpOptions = true, description = "The kernels that were booted with -d.")
    static final class Ps implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Option(names = "--json", description = "As JSON.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            List<Map<String, Object>> all = new ArrayList<>();
            for (Instance each : Instance.all()) {
                all.add(described(each));
            }
            if (json) {
                spec.commandLine().getOut().println(Json.of(all));
                return 0;
            }
            spec.commandLine()
                    .getOut()
                    .printf("%-16s %8s %-8s %8s %9s  %s%n", "NAME", "PID", "STATE", "UP", "MEMORY", "HOW IT ENDED");
            all.forEach(each -> spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%-16s %8s %-8s %8s %9s  %s%n",
                            each.get("name"),
                            each.get("pid"),
                            each.get("state"),
                            each.get("up_s") + " s",
                            each.get("memory_mib") + " MiB",
                            each.get("ended")));
            spec.commandLine().getOut().flush();
            return 0;
        }

        private static Map<String, Object> described(Instance each) throws IOException {
            Map<String, Object> map = new LinkedHashMap<>();
            Properties ended = each.noted("ended");
            String booted = each.noted("booted").getProperty("time", "");
            Instance.State state = each.state();
            Instant until = ended.isEmpty() ? Instant.now() : Instant.parse(ended.getProperty("time"));
            map.put("name", each.name());
            map.put("pid", Long.parseLong(each.noted("pid").getProperty("pid", "0")));
            map.put("state", state.name().toLowerCase(Locale.ROOT));
            map.put(
                    "up_s",
                    booted.isEmpty()
                            ? 0L
                            : Duration.between(Instant.parse(booted), until).toSeconds());
            map.put(
                    "memory_mib",
                    each.process().isPresent()
                            ? Resident.mib(each.process().get().pid())
                            : 0L);
            map.put("ended", state == Instance.State.GONE ? each.whyGone() : howItEnded(ended));
            return map;
        }

        private static String howItEnded(Properties ended) {
            if (ended.isEmpty()) {
                return "";
            }
            String report = ended.getProperty("report");
            return ended.getProperty("kind") + " " + ended.getProperty("status") + " " + ended.getProperty("message")
                    + (report.isEmpty() ? "" : ", see " + report);
        }
    }

    @Command(
            name = "exec",
            mixinStandardHelpOptions = true,
            description = "Runs a program in a kernel, with these streams and its status.")
    static final class Exec implements Callable<Integer> {
        @Mixin
        private Named kernel;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "PROGRAM [ARG...]", description = "The program.")
        private List<String> argv;

        @Override
        public Integer call() throws IOException {
            return ask(kernel, "exec", argv, input(), NONE);
        }
    }

    @Command(
            name = "shell",
            mixinStandardHelpOptions = true,
            description = "The kernel's own shell (Gogo): commands from standard input, or those given.")
    static final class Shell implements Callable<Integer> {
        @Mixin
        private Named kernel;

        @Option(names = "-c", paramLabel = "COMMANDS", defaultValue = "", description = "Runs these commands.")
        private String commands;

        @Override
        public Integer call() throws IOException {
            if (commands.isEmpty() && onTerminal()) {
                Instance instance = Instance.running(kernel.name);
                try (RawTerminal terminal = RawTerminal.open()) {
                    new MonitorDialogue(new RemoteMonitor(instance), terminal, "Ctrl-D or 'exit' leaves it")
                            .serve(terminal.input(), terminal.output());
                }
                return 0;
            }
            return ask(kernel, "shell", commands.isEmpty() ? List.of() : List.of(commands), input(), NONE);
        }
    }

    @Command(
            name = "console",
            mixinStandardHelpOptions = true,
            description = "The kernel's console. Ctrl-A leaves it; the kernel goes on.")
    static final class Console implements Callable<Integer> {
        @Mixin
        private Named kernel;

        @Override
        public Integer call() throws IOException {
            if (!onTerminal()) {
                return ask(kernel, "console", List.of(), input(), NONE);
            }
            try (RawTerminal terminal = RawTerminal.open()) {
                return ask(kernel, "console", List.of(), terminal.input(), CTRL_A);
            }
        }
    }

    @Command(name = "logs", mixinStandardHelpOptions = true, description = "What a kernel's console has printed.")
    static final class Logs implements Callable<Integer> {
        @Mixin
        private Named kernel;

        @Option(names = "-f", description = "Goes on with what it prints, until it ends.")
        private boolean follow;

        @Override
        public Integer call() throws IOException {
            Instance instance = Instance.existing(kernel.name);
            OutputStream out = new FileOutputStream(FileDescriptor.out);
            try (FileChannel log = FileChannel.open(instance.console())) {
                InputStream in = Channels.newInputStream(log);
                boolean last;
                do {
                    Instance.State state = instance.state();
                    last = !follow || state == Instance.State.ENDED || state == Instance.State.GONE;
                    in.transferTo(out);
                    if (!last) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                    }
                } while (!last);
            }
            return 0;
        }
    }

    /** What is done to the process of one or more. */
    abstract static class ToEach implements Callable<Integer> {
        @Parameters(arity = "1..*", paramLabel = "NAME", description = "Kernels.")
        private List<String> names;

        abstract void to(Instance instance) throws IOException;

        @Override
        public Integer call() throws IOException {
            for (String name : names) {
                to(Instance.existing(name));
            }
            return 0;
        }

        /** kill(1): signals that Java does not know. */
        static void kill(String signal, Instance instance) throws IOException {
            ProcessHandle process =
                    instance.process().orElseThrow(() -> new InstanceException(instance.name() + " is not running"));
            try {
                int status = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
                if (status != 0) {
                    throw new InstanceException("kill -" + signal + " ended with " + status);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Stops kernels where they are; they take no processor time.")
    static final class Pause extends ToEach {
        @Override
        void to(Instance instance) throws IOException {
            kill("STOP", instance);
        }
    }

    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Lets paused kernels go on.")
    static final class Resume extends ToEach {
        @Override
        void to(Instance instance) throws IOException {
            kill("CONT", instance);
        }
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Ends kernels; one that does not end in 10 s is killed.")
    static final class Stop extends ToEach {
        private static final long SECONDS = 10;

        @Override
        void to(Instance instance) throws IOException {
            if (instance.state() == Instance.State.PAUSED) {
                kill("CONT", instance);
            }
            ProcessHandle process = instance.process().orElse(null);
            if (process == null) {
                return;
            }
            ask(instance.name(), "stop", List.of(), InputStream.nullInputStream(), NONE);
            process.onExit()
                    .completeOnTimeout(process, SECONDS, TimeUnit.SECONDS)
                    .join();
            if (process.isAlive()) {
                process.destroyForcibly();
            }
        }
    }

    @Command(name = "rm", mixinStandardHelpOptions = true, description = "Forgets kernels that have ended.")
    static final class Remove extends ToEach {
        @Override
        void to(Instance instance) throws IOException {
            Instance.State state = instance.state();
            if (state == Instance.State.RUNNING || state == Instance.State.PAUSED) {
                throw new InstanceException(
                        instance.name() + " is " + state.name().toLowerCase(Locale.ROOT) + "; stop it first");
            }
            instance.delete();
        }
    }

    private InstanceCommands() {}
}
