package vkernel.guest.kern;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.HostSlot;
import vkernel.host.MachineConfig;
import vkernel.host.Padded;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Trap;
import vkernel.kern.Stalled;
import vkernel.kern.Stragglers;
import vkernel.sched.SchedPolicy;
import vkernel.task.Client;
import vkernel.task.Registers;
import vkernel.task.Task;

/**
 * What a hart does for ever: take interrupts, pick a task, run it until it blocks or its quantum ends. The kernel lock
 * is held but in user code and when idle. Nothing is allocated from trap to trap.
 */
final class HartLoop extends Padded implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(HartLoop.class);
    /** What a trap is reckoned to cost, in instructions, so that a task that only traps comes to its quantum's end. */
    private static final long TRAP_COST = 500;
    /** Looks, a millisecond apart, before output that nobody takes is given up. */
    private static final int MOST_ENDING = 5_000;

    private static final VarHandle INSIDE;
    private static final VarHandle ENTRIES;

    static {
        try {
            INSIDE = MethodHandles.lookup().findVarHandle(HartLoop.class, "inside", boolean.class);
            ENTRIES = MethodHandles.lookup().findVarHandle(HartLoop.class, "entries", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EventKernel kernel;
    private final Readiness readiness;
    private final Stragglers stragglers;
    private final HostSlot host;
    private final Hart hart;
    private final boolean virtual;
    private final Traps traps;
    private final SharedTraps shared;
    private final Quantum quantum;

    /** How often the machine had changed when it was entered. */
    private int changes;

    private volatile boolean idle;
    /** Whether it is in user code or waits for the clock: it may use the machine and does not hold the lock. */
    private volatile boolean inside;

    /** How often it has gone inside; written by it, and read by the watchdog. */
    private volatile long entries;

    private volatile @Nullable Thread thread; // while it runs

    private volatile @Nullable Task task;
    private volatile boolean reschedule;
    /** Whether it has been sent away: it touches nothing any more. Guarded by the lock, which may be shared to look. */
    private boolean dismissed;
    /** Whether it has kept its task then, until it comes out of user code. Guarded by the lock. */
    private boolean late;

    private int endingFor;

    HartLoop(EventKernel kernel, HostSlot host, int id, Traps traps) {
        this.kernel = kernel;
        this.readiness = kernel.readiness;
        this.stragglers = kernel.state.life().stragglers;
        this.host = host;
        this.hart = host.hart(id);
        this.virtual = host.config().time() == MachineConfig.Time.VIRTUAL;
        this.traps = traps;
        this.shared = new SharedTraps(kernel, this, hart);
        this.quantum = new Quantum(kernel, host, hart);
    }

    int id() {
        return hart.id;
    }

    boolean idle() {
        return idle;
    }

    boolean inside() {
        return inside;
    }

    /** How often it has been in user code or waited for the clock. Any thread. */
    long entries() {
        return entries;
    }

    /** Its thread; null while it has none. Any thread. */
    @Nullable
    Thread thread() {
        return thread;
    }

    @Nullable
    Task task() {
        return task;
    }

    /** The running task is to be put back soon. */
    void reschedule() {
        reschedule = true;
        hart.interrupt();
    }

    @Override
    public void run() {
        kernel.lock.enter();
        try {
            thread = Thread.currentThread();
            shared.begin();
            readiness.awaitMachine(this);
            while (goesOn()) {
                stepUntilExchange();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("hart {} cannot go on", hart.id, e);
            kernel.shutdown.panic("hart " + hart.id + ": " + e);
        } finally {
            task = null;
            thread = null;
            shared.end();
            kernel.lock.leave();
        }
    }

    private boolean goesOn() {
        return !readiness.halted() && !dismissed;
    }

    /**
     * Steps until some provider is exchanged. Then the loop begins anew: compiled code of it in which former providers are
     * inlined would keep their classes for as long as it is on a stack.
     */
    private void stepUntilExchange() {
        int now = exchanges();
        do {
            try {
                step();
            } catch (Stalled late) {
                comeOutOf(late);
            } catch (RuntimeException | Error e) {
                putBackAfter(e);
            }
        } while (goesOn() && now == exchanges());
    }

    private int exchanges() {
        return kernel.places.exchanges() + kernel.trials.changes();
    }

    /** Not even the loop could go on: unless who is to blame is on the way out, it is over. */
    private void putBackAfter(Throwable bug) {
        Task mine = task;
        if (dismissed) {
            LOG.warn("hart {}: thrown after its time", hart.id, bug);
            return;
        }
        if (!kernel.containment.goesOn(bug, changes)) {
            switch (bug) {
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                default -> throw new IllegalStateException(bug);
            }
        }
        letGo(mine);
    }

    /** The watchdog has thrown this hart out of something that no handler has caught. */
    private void comeOutOf(Stalled late) {
        if (!kernel.containment.goesOn(late, changes)) {
            LOG.warn("hart {}: what was stalled has gone already", hart.id, late);
        }
        if (!dismissed) {
            letGo(task);
        }
    }

    /**
     * Sends the hart away for good, by who has the lock. When this thread waits for that its task can be run elsewhere; when
     * it is in user code or idle, only after it has come out.
     */
    void dismiss() {
        dismissed = true;
        if (inside()) {
            late = true;
            stragglers.leave(id(), task);
            return;
        }
        Task mine = task;
        task = null;
        if (mine != null && mine.state == Task.State.RUNNING) {
            mine.involuntarySwitches++;
            quantum.account(mine);
            kernel.dispatcher.putBack(mine, id());
        }
    }

    /** Guarded by the lock. */
    boolean dismissed() {
        return dismissed;
    }

    private void letGo(@Nullable Task mine) {
        task = null;
        kernel.current = null;
        idle = false;
        if (mine != null && mine.state == Task.State.RUNNING) {
            kernel.dispatcher.putBack(mine, id());
        }
        readiness.awaitMachine(this);
    }

    /** Leaves the kernel, for user code or to idle. */
    private void goInside() {
        changes = kernel.trials.changes();
        ENTRIES.setRelease(this, entries + 1);
        INSIDE.setRelease(this, true); // before the lock is given away: who has it then sees it
        kernel.lock.leave();
    }

    /** Before it waits to share the lock: it is not in user code meanwhile, and whoever has the lock need not wait for it. */
    void stepOut() {
        INSIDE.setRelease(this, false);
    }

    /** Shares the lock now, and goes to user code again from there. @return false when it has been sent away meanwhile */
    boolean stepIn() {
        if (dismissed) {
            return false;
        }
        changes = kernel.trials.changes();
        INSIDE.setRelease(this, true);
        return true;
    }

    private void comeBack() {
        INSIDE.setRelease(this, false);
        kernel.lock.enter();
        if (late) {
            comeLate();
        } else if (!host.ready()) {
            readiness.awaitMachine(this);
        }
    }

    /** It was sent away while it was in user code: whoever runs the kernel now has the task, and the hart. */
    private void comeLate() {
        late = false;
        Task mine = task;
        task = null;
        stragglers.came(id());
        if (mine != null) {
            mine.involuntarySwitches++;
            quantum.account(mine);
            kernel.socket().resume(mine);
        }
        kernel.lock.news();
    }

    private void step() {
        Thread.interrupted(); // the watchdog may have interrupted a handler that was about to end
        takeNews();
        if (kernel.shutdown.ending()) {
            waitForOutput();
            return;
        }
        Task next = readiness.ready() ? kernel.dispatcher.next(hart.id) : null;
        if (next == null) {
            idleUntilNews();
        } else {
            runQuantum(next);
        }
    }

    /** Interrupts and timers that are due. */
    private void takeNews() {
        kernel.stats.interrupts += kernel.interrupts.take();
        kernel.timers.expire(host.clock().monotonic(), kernel.containment.timerFailed);
    }

    /** The kernel ends: what the guest has printed is still to leave. */
    private void waitForOutput() {
        if (kernel.shutdown.finish(endingFor++ > MOST_ENDING)) {
            return;
        }
        kernel.lock.leave();
        try {
            LockSupport.parkNanos(1_000_000);
        } finally {
            kernel.lock.enter();
        }
    }

    private void idleUntilNews() {
        idle = true;
        long deadline = readiness.ready() ? kernel.timers.next() : Long.MAX_VALUE;
        boolean news = kernel.interrupts.pending();
        long before = host.clock().monotonic();
        if (readiness.ready()) {
            deadline = Math.min(deadline, kernel.dispatcher.idle(hart.id, before));
        }
        goInside();
        try {
            if (!news) {
                host.clock().idle(hart.id, deadline);
            }
        } finally {
            comeBack();
            idle = false;
        }
        if (dismissed) {
            return;
        }
        kernel.stats.idle += host.clock().monotonic() - before;
        kernel.load.sample(host.clock().monotonic(), 0);
    }

    private void runQuantum(Task next) {
        SchedPolicy policy = kernel.sched();
        long began = quantum.begin();
        long end = began + policy.quantum(next);
        next.hart = hart.id;
        next.runningSince = began;
        reschedule = false;
        task = next;
        hart.reservation = -1;
        kernel.stats.contextSwitches++;
        kernel.load.sample(began, policy.runnable() + 1);
        if (policy.runnable() > 0) {
            kernel.harts.tellOfMore();
        }
        boolean more = runUntil(next, end);
        if (dismissed) {
            return;
        }
        task = null;
        kernel.current = null;
        quantum.account(next);
        if (more) {
            kernel.dispatcher.putBack(next, id());
        }
    }

    /** @return whether the task can run on */
    private boolean runUntil(Task now, long end) {
        long budget = quantum.budget(end);
        kernel.current = now;
        if (kernel.ptrace.callFirst(now) && !now.killed && now.process.stopSignal == 0) {
            // before any signal is looked at: what the call waited for may be there, and must not be lost
            traps.syscall(now);
        }
        while (now.state == Task.State.RUNNING) {
            if (!traps.returnToUser(now)) {
                return now.state == Task.State.RUNNING;
            }
            if (now.client != null && !now.restart.active) {
                serve(now, now.client);
            } else if (!now.restart.active) {
                long before = hart.retired;
                int trap = user(now, budget);
                if (dismissed) {
                    return false; // it may be on another hart by now
                }
                budget -= hart.retired - before;
                if (trap != Trap.INTERRUPT) { // which comes when it likes: virtual time must not depend on it
                    budget -= TRAP_COST;
                }
                budget -= shared.account() * TRAP_COST;
                if (!readiness.ready()) {
                    // whatever the trap was: the instruction is executed again when the kernel is whole again
                    return true;
                }
                Throwable bug = shared.bug();
                if (bug == null) {
                    traps.handle(now, hart, trap);
                } else {
                    traps.failed(now, bug);
                }
            } else {
                traps.syscall(now);
            }
            if (kernel.interrupts.pending()) {
                takeNews();
            }
            if (budget <= 0) {
                takeNews();
                budget = quantum.budget(end);
                if (budget <= 0) {
                    reschedule = true;
                }
            }
            if (reschedule || readiness.halted() || !readiness.ready()) {
                now.involuntarySwitches++;
                return now.state == Task.State.RUNNING;
            }
        }
        now.voluntarySwitches++;
        return false;
    }

    /** A task without a program makes the call that it is asked for, or answers and sleeps. */
    private void serve(Task task, Client client) {
        if (client.asked(task)) {
            traps.syscall(task);
        } else {
            client.answer(task.regs[Registers.A0]);
            task.state = Task.State.BLOCKED;
        }
    }

    /** User code, and the traps in it that do not need the lock. @return the first that does */
    private int user(Task now, long budget) {
        hart.regs = now.regs;
        int space = now.memory().id;
        kernel.current = null;
        goInside();
        try {
            long end = hart.retired + budget;
            int trap = host.vmspaces().run(space, hart, budget);
            // in virtual time what happens must not depend on who has the lock
            while (!virtual && shared.handled(now, trap)) {
                end -= TRAP_COST;
                if (hart.retired >= end) {
                    return Trap.BUDGET;
                }
                trap = host.vmspaces().run(space, hart, end - hart.retired);
            }
            return trap;
        } finally {
            comeBack();
            if (!dismissed) {
                kernel.current = now;
                kernel.stats.traps++;
            }
        }
    }
}
