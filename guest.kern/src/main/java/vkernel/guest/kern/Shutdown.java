package vkernel.guest.kern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.dev.Streams;
import vkernel.kern.End;
import vkernel.kern.KernelCode;
import vkernel.kern.KernelState;
import vkernel.task.Process;

/** How the kernel ends (Linux: kernel/reboot.c). Guarded by the kernel lock. */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final EventKernel kernel;
    private final KernelState.Life life;

    Shutdown(EventKernel kernel) {
        this.kernel = kernel;
        life = kernel.state.life();
    }

    /** Whether the kernel is coming to its end. */
    boolean ending() {
        return life.ending != null;
    }

    /** Process 1 has ended: so does the kernel. */
    void firstProcessEnded(Process process) {
        begin(new End(End.Kind.HALT, Spawned.shellStatus(process.exitStatus), ""));
    }

    /** The kernel cannot go on (Linux: kernel/panic.c). */
    void panic(String message) {
        LOG.error("Kernel panic - not syncing: {}", message);
        begin(new End(End.Kind.PANIC, 255, message));
    }

    /** See {@link KernelCode#shutdown}. Any thread. */
    void begin(End end) {
        kernel.lock.visit();
        try {
            End known = life.ending;
            boolean worse = end.kind() == End.Kind.PANIC && known != null && known.kind() != End.Kind.PANIC;
            if (known == null
                    || worse
                            && !kernel.readiness.halted()) { // the first process that cannot start ends, and is a panic
                life.ending = end;
                kernel.readiness.hold();
            }
        } finally {
            kernel.lock.leave();
        }
        kernel.harts.wakeAll();
    }

    /** Called by harts while the kernel is ending. @return whether they are to stop now */
    boolean finish(boolean patienceIsOver) {
        Streams streams = kernel.slots.streams.orNull();
        End end = life.ending;
        if (end == null || !(patienceIsOver || streams == null || streams.drained())) {
            return false;
        }
        kernel.readiness.halt();
        kernel.harts.wakeAll();
        kernel.socket().complete(end);
        return true;
    }
}
