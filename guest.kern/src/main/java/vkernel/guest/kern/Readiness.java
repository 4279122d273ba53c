package vkernel.guest.kern;

import java.util.List;
import vkernel.host.HostSlot;
import vkernel.kern.KernelState;
import vkernel.sched.SchedPolicy;

/**
 * Whether user code can run, what is missing when it cannot, and whether harts are to go on at all. Guarded by the kernel
 * lock unless said.
 */
final class Readiness {
    private final EventKernel kernel;
    private final HostSlot host;
    private final KernelState.Life life;

    /** Whether the framework has started all its bundles. */
    private boolean composed;
    /** Whether it is this code that runs the kernel. */
    private boolean inUse;

    private boolean ready;
    private boolean sharing;
    private volatile boolean halted;

    Readiness(EventKernel kernel, HostSlot host) {
        this.kernel = kernel;
        this.host = host;
        life = kernel.state.life();
    }

    /** Who comes from now on comes to a whole kernel. */
    void composed() {
        composed = true;
    }

    boolean isComposed() {
        return composed;
    }

    /** From now on this code runs the kernel, or no more so. */
    void use(boolean now) {
        inUse = now;
    }

    boolean inUse() {
        return inUse;
    }

    /** Harts are to run. */
    void goOn() {
        halted = false;
    }

    /** No user code runs any more, and harts end. */
    void halt() {
        halted = true;
        ready = false;
    }

    /** No user code runs until {@link #look} has found that it can. */
    void hold() {
        ready = false;
    }

    /** Whether harts are to end. Any thread. */
    boolean halted() {
        return halted;
    }

    /** Looks whether user code can run, and starts the first process when it can for the first time. */
    void look() {
        ready = !halted && life.ending == null && missing().isEmpty();
        trustSharers();
        if (ready && !life.started) {
            life.started = true;
            kernel.watchdog.watch(null); // it takes its time
            kernel.startup.run();
        }
    }

    /** Somebody may have come, or has passed probation: looks whom to trust with traps that share the lock. */
    void trustSharers() {
        sharing = kernel.places.trusted("abi") && kernel.places.trusted("vm");
    }

    /** Whether traps may be handled that only share the lock: not by a provider that is still to prove itself. */
    boolean sharing() {
        return ready && sharing;
    }

    /** Whether user code can run; guarded by the lock. */
    boolean ready() {
        return ready;
    }

    /** Names of what is not there that user code needs. */
    List<String> missing() {
        // what was mounted at the start and has gone since was not needed any more
        List<String> missing = kernel.slots.missing(life.started ? List.of() : kernel.startup.fileSystems());
        SchedPolicy policy = kernel.dispatcher.policy();
        if (policy == null) {
            missing.add("sched");
        } else if (!life.started && !policy.name().equals(kernel.dispatcher.wanted())) {
            missing.add("sched." + kernel.dispatcher.wanted());
        }
        String absent = host.missing().orElse("");
        if (!absent.isEmpty()) {
            missing.add(absent);
        }
        if (!composed) {
            missing.add("framework");
        }
        return missing;
    }

    /** A hart waits here while there is nothing that could run user code, or it is not its turn; it keeps its task. */
    void awaitMachine(HartLoop hart) {
        while (!(inUse && host.ready() && !kernel.trials.goingBack() && !life.stragglers.has(hart.id()))
                && !halted
                && !hart.dismissed()) {
            kernel.lock.await();
        }
    }
}
