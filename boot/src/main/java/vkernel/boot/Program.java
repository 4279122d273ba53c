package vkernel.boot;

import java.util.concurrent.CompletableFuture;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.SigInfo;

/** A guest program that was started from outside. Any thread may call. */
public final class Program {
    private final Kernel kernel;
    private final Process process;
    private final CompletableFuture<Integer> status;

    Program(Kernel kernel, Process process, CompletableFuture<Integer> status) {
        this.kernel = kernel;
        this.process = process;
        this.status = status;
    }

    /** Its process id in the guest. */
    public int pid() {
        return process.pid;
    }

    /** Completed with its status when it has ended, or with the kernel's when that ends before. */
    public CompletableFuture<Integer> status() {
        return status;
    }

    /** Sends a signal to it and to whatever it started in its process group, as a terminal does. */
    public void signal(int number) {
        kernel.lock();
        try {
            kernel.signalGroup(process.pgid, SigInfo.kernel(number));
        } finally {
            kernel.unlock();
        }
    }
}
