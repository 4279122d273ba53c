package vkernel.guest.kern;

import java.util.List;
import java.util.Optional;
import vkernel.host.HostSlot;
import vkernel.kern.IrqLines;
import vkernel.kern.KernelCode;
import vkernel.kern.KernelSlot;
import vkernel.kern.KernelState;
import vkernel.kern.StateRejected;

/**
 * How this code takes the kernel over, from the code before or from nobody, and gives it up ({@link KernelCode}). With the
 * kernel lock held unless said.
 */
final class Handover {
    private final EventKernel kernel;
    private final KernelSlot socket;
    private final HostSlot host;
    private final Readiness readiness;
    private final Harts harts;
    private final Watchdog watchdog;

    Handover(EventKernel kernel, KernelSlot socket, HostSlot host) {
        this.kernel = kernel;
        this.socket = socket;
        this.host = host;
        readiness = kernel.readiness;
        harts = kernel.harts;
        watchdog = kernel.watchdog;
    }

    /**
     * Takes the kernel over, from the code before or from nobody, with all providers that are there.
     *
     * @param complete whether the framework has started all its bundles
     * @return the code before, if there was some
     */
    Optional<KernelCode> begin(List<Provider> providers, boolean complete) throws StateRejected {
        if (complete) {
            readiness.composed();
        }
        if (socket.bundle() != 0) {
            Beforehand.run(kernel.name(), () -> prime(providers));
        }
        kernel.swapping.prepare(providers);
        startHarts(); // they wait for adopt: the guest need not wait for them
        Optional<KernelCode> former;
        try {
            former = socket.fill(kernel);
        } catch (StateRejected | RuntimeException e) {
            kernel.call(() -> {
                readiness.halt();
                return true;
            });
            kernel.call(() -> {
                harts.stop();
                return true;
            });
            throw e;
        }
        kernel.call(() -> {
            if (readiness.inUse()) {
                watchdog.start();
            }
            return true;
        });
        return former;
    }

    private void startHarts() {
        readiness.goOn();
        Traps traps = new Traps(kernel);
        harts.start(id -> new HartLoop(kernel, host, id, traps));
    }

    /** Gives the kernel up; nothing when other code has taken it over. */
    void end() throws InterruptedException {
        socket.empty(kernel);
        watchdog.join();
        harts.join();
    }

    /** All bundles of the start have been started: the first process sees every device, in every run. */
    void composed() {
        kernel.change("the framework has started", () -> {
            readiness.composed();
            kernel.swapping.composed();
        });
    }

    /** Its harts end, and leave their tasks to another. */
    void standBack() {
        readiness.halt();
        harts.wakeAll();
        kernel.lock.news();
    }

    /** See {@link KernelCode#adopt}. */
    void adopt() {
        takeCharge();
        if (harts.none()) { // it was given up, and is back
            startHarts();
            watchdog.start();
        }
        readiness.look();
        kernel.lock.news();
    }

    private void takeCharge() {
        readiness.use(true);
        kernel.swapping.resume();
        if (readiness.isComposed()) {
            kernel.swapping.composed();
        }
        kernel.state.interrupts().kick(harts::kick);
    }

    /** See {@link KernelCode#release}. */
    void release() {
        readiness.halt();
        watchdog.stop();
        harts.stop();
        giveUp();
    }

    private void giveUp() {
        kernel.dispatcher.hand(null);
        kernel.state.interrupts().kick(IrqLines.NOBODY);
        readiness.use(false);
    }

    /**
     * A walk through the handover of a kernel with little in it: the guest does not wait then for the JVM to link this
     * code. Without the lock.
     */
    private void prime(List<Provider> providers) {
        KernelState.Life life = kernel.state.life();
        Priming priming = kernel.call(() -> life.root == null ? null : new Priming(socket.config(), life.root));
        if (priming == null) {
            return;
        }
        for (int times = 0; times < Priming.TIMES; times++) {
            EventKernel small = new EventKernel(kernel.name(), kernel.bundle(), priming.socket(providers), host);
            Handover handover = small.handover;
            small.readiness.composed();
            small.call(() -> {
                small.swapping.prepare(Priming.providers(providers));
                handover.takeCharge();
                small.readiness.look();
                handover.giveUp();
                return true;
            });
        }
    }

    /** See {@link KernelCode#standStill}. */
    void standStill(Runnable action) {
        harts.bringOut();
        try {
            action.run();
        } finally {
            kernel.trials.machineChanged();
            kernel.exchanges.report();
            readiness.look();
            kernel.lock.news();
        }
    }
}
