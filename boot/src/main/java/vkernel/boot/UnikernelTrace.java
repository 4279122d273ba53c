package vkernel.boot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import vkernel.boot.unikernel.Needs;
import vkernel.host.ByteRom;

/** Runs a program in the default kernel and looks at what it asks for. */
final class UnikernelTrace {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final int SECONDS_TO_END = 10;

    private final UnikernelOptions options;
    private final List<String> argv;
    private final byte[] root;

    UnikernelTrace(UnikernelOptions options, List<String> argv, byte[] root) {
        this.options = options;
        this.argv = new ArrayList<>(argv);
        this.argv.addAll(options.training());
        this.root = root;
    }

    Needs run() {
        MemoryChannel trace = new MemoryChannel(new byte[0]);
        BootConfig config = BootConfig.empty()
                .withRoot(new ByteRom(root))
                .withMemory(options.memory.bytes())
                .withCwd(options.cwd)
                .withTraceSyscalls(true)
                .withChannel("trace", trace);
        for (String variable : options.env) {
            config = config.withEnv(variable);
        }
        config = options.net.equals("user") ? config.withNetwork() : config;
        MemoryChannel in = new MemoryChannel(new byte[0]);
        MemoryChannel out = new MemoryChannel(new byte[0]);
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            end(kernel.launch(argv, kernel.config().env(), kernel.config().cwd(), in, out, out));
        }
        Needs needs = new Needs(options.cwd);
        new String(trace.written(), StandardCharsets.UTF_8).lines().forEach(needs::line);
        if (needs.calls() == 0) {
            throw new BootException("the traced run made no system call; it printed: "
                    + new String(out.written(), StandardCharsets.UTF_8));
        }
        return needs;
    }

    /** Waits until it has ended by itself, or because it was told to. */
    private void end(Program program) {
        try {
            if (!ended(program, options.seconds)) {
                program.signal(SIGTERM);
                if (!ended(program, SECONDS_TO_END)) {
                    program.signal(SIGKILL);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean ended(Program program, int seconds) throws InterruptedException {
        try {
            program.status().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new BootException("the traced run failed: " + e.getCause(), e);
        }
    }
}
