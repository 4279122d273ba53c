package vkernel.boot.instance;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import vkernel.boot.BootConfig;
import vkernel.boot.CrashReport;
import vkernel.boot.HangWatch;
import vkernel.boot.VirtualKernel;
import vkernel.host.StreamChannel;
import vkernel.kern.End;

/** A kernel as an instance, from its first boot to its end, in this JVM. */
public final class Served {
    /** Exit status after a panic. */
    public static final int PANIC = 125;

    private final Instance instance;
    private final FrameInput keys = new FrameInput();
    private final ConsoleLog log;
    private final KernelLog kernelLog;
    private final AtomicReference<VirtualKernel> current = new AtomicReference<>();

    public Served(Instance instance) throws IOException {
        this.instance = instance;
        this.log = new ConsoleLog(instance.console());
        this.kernelLog = new KernelLog(instance.kernelLog());
        Properties pid = new Properties();
        pid.setProperty("pid", Long.toString(ProcessHandle.current().pid()));
        pid.setProperty("started", Instance.started(ProcessHandle.current()));
        instance.note("pid", pid);
    }

    /**
     * Boots it, serves it until it ends, and notes how. A reboot boots it again.
     *
     * @return the exit status
     */
    public int run(BootConfig config, Function<VirtualKernel, Runnable> booted) throws IOException {
        StreamChannel console = new StreamChannel("console", keys, log, true, () -> 25, () -> 80);
        @Nullable Control control = null;
        while (true) {
            try (VirtualKernel kernel = VirtualKernel.boot(config.withChannel("console", console))) {
                current.set(kernel);
                kernel.kernel().dmesg().follow(kernelLog);
                booted.apply(kernel).run();
                if (control == null) {
                    control = Control.open(instance.control(), current::get, keys, log);
                    note("booted", new Properties());
                }
                HangWatch.over(kernel, this::hung);
                End end = kernel.await();
                if (end.kind() != End.Kind.REBOOT) {
                    kernel.awaitOutput();
                    int status = ended(kernel, end);
                    control.close();
                    return status;
                }
            }
        }
    }

    private int ended(VirtualKernel kernel, End end) throws IOException {
        boolean panic = end.kind() == End.Kind.PANIC;
        String report = panic ? CrashReport.write(kernel, end).toString() : "";
        int status = panic ? PANIC : end.status();
        ended(end.kind().name().toLowerCase(Locale.ROOT), status, end.message(), report);
        return status;
    }

    private void hung(End end, String report) {
        try {
            ended("hang", HangWatch.HUNG, end.message(), report);
        } catch (IOException e) {
            System.err.println("vk: " + end.message() + "; cannot be noted: " + e);
        }
    }

    private void note(String file, Properties more) throws IOException {
        more.setProperty("time", Instant.now().toString());
        instance.note(file, more);
    }

    /** Notes why it is no more. */
    public void ended(String kind, int status, String message, String report) throws IOException {
        Properties end = new Properties();
        end.setProperty("kind", kind);
        end.setProperty("status", Integer.toString(status));
        end.setProperty("message", message);
        end.setProperty("report", report);
        note("ended", end);
    }
}
