package vkernel.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.host.Rom;
import vkernel.it.Shells;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;
import vkernel.vm.MemoryStats;

/** A kernel to be ill-treated: starts programs, waits for things to happen, and tells what was left behind. */
final class Machine implements AutoCloseable {
    static final long SECONDS = 30;

    /** A program under way. */
    record Run(CompletableFuture<Integer> status, MemoryChannel output) {
        String text() {
            return new String(output.written(), StandardCharsets.UTF_8);
        }
    }

    /** What there is while nothing runs. */
    private record Rest(int processes, int tasks, long used, int spaces, int files) {}

    private final VirtualKernel kernel;
    private final int oopses;
    private final Rest rest;

    Machine(BootConfig config) {
        this(config, 0);
    }

    /** @param oopses how many are expected */
    Machine(BootConfig config, int oopses) {
        kernel = VirtualKernel.boot(config);
        this.oopses = oopses;
        // what the first program leaves in caches is there from now on
        assertThat(run("/bin/sh", "-c", "echo ready; ls /bin >/dev/null; cat /proc/meminfo >/dev/null"))
                .isEqualTo("ready\n");
        rest = rest();
    }

    /** Small, with the programs of it/guest/robust in /robust. */
    static BootConfig small(String... programs) {
        List<Rom> roots = new ArrayList<>(BootConfig.standard().roots());
        for (String name : programs) {
            roots.add(
                    HostTar.file("robust/" + name, new FileRom(Programs.built().resolve(name))));
        }
        return BootConfig.standard().withMemory(128 << 20).withRoots(roots);
    }

    static BootConfig with(BootConfig config, Path folder) {
        return config.withRoot(HostTar.folder(folder));
    }

    VirtualKernel vk() {
        return kernel;
    }

    Kernel kernel() {
        return kernel.kernel();
    }

    <T> T call(Supplier<T> action) {
        return kernel().call(action);
    }

    Run start(String... argv) {
        MemoryChannel out = new MemoryChannel(new byte[0]);
        return new Run(kernel.start(List.of(argv), new MemoryChannel(new byte[0]), out, out), out);
    }

    Run sh(String script) {
        return start("/bin/sh", "-c", script);
    }

    int status(Run run) {
        try {
            return run.status().get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("did not end; so far: " + run.text() + "\n" + tasks() + "\n" + dmesg(), e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs to its end, which must be status 0. @return its output */
    String run(String... argv) {
        Run run = start(argv);
        assertThat(status(run)).as("%s\n%s", run.text(), dmesg()).isZero();
        return run.text();
    }

    /** Waits for something to become true, asked with the kernel lock held. */
    void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!call(condition::getAsBoolean)) {
            if (System.nanoTime() > until) {
                throw new AssertionError("waited for: " + what + "\n" + tasks() + "\n" + dmesg());
            }
            java.util.concurrent.locks.LockSupport.parkNanos(500_000);
        }
    }

    /** The tasks of a name, with the lock held. */
    List<Task> named(String comm) {
        return kernel().processes().tasks().stream()
                .filter(task -> task.comm.equals(comm) && !task.process.zombie)
                .toList();
    }

    Process process(String comm) {
        await(comm + " to run", () -> !named(comm).isEmpty());
        return call(() -> named(comm).getFirst().process);
    }

    String gogo(String commands) {
        return Shells.gogoDone(kernel, commands);
    }

    String dmesg() {
        StringBuilder text = new StringBuilder();
        kernel().dmesg().lines().forEach(line -> text.append(line.text()).append('\n'));
        return text.toString();
    }

    private String tasks() {
        return call(() -> kernel().processes().tasks().stream()
                .map(task -> task + " " + task.state + " pc " + Long.toHexString(task.regs[vkernel.task.Registers.PC]))
                .toList()
                .toString());
    }

    private Rest rest() {
        return call(() -> {
            MemoryStats memory = kernel().vm().stats();
            return new Rest(
                    kernel().processes().processes().size(),
                    kernel().processes().tasks().size(),
                    memory.anonymous() + memory.pageTables() + memory.shared(),
                    memory.spaces(),
                    kernel().vfs().openFiles());
        });
    }

    /** Waits until nothing runs, and checks that all is as it was at the start: the kernel is whole, and nothing leaks. */
    void atRest() {
        await(
                "all processes to end",
                () -> kernel().processes().tasks().size() <= rest.tasks && rest().spaces == rest.spaces);
        assertThat(rest()).isEqualTo(rest);
        assertThat(call(() -> kernel().vm().check())).isEmpty();
        assertThat(kernel().stats().oopses).as(this::dmesg).isEqualTo(oopses);
        assertThat(kernel.host().vmspaces().staleTranslations()).isEmpty();
        assertThat(run("/bin/echo", "alive")).isEqualTo("alive\n");
    }

    @Override
    public void close() {
        kernel.close();
    }
}
