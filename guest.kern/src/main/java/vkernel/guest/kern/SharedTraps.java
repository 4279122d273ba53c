package vkernel.guest.kern;

import static vkernel.task.Registers.A0;
import static vkernel.task.Registers.PC;

import org.jspecify.annotations.Nullable;
import vkernel.abi.Abi;
import vkernel.host.Padded;
import vkernel.host.Vmspaces;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Trap;
import vkernel.kern.KernelLock;
import vkernel.task.Task;
import vkernel.vm.Vma;

/**
 * Traps that a hart handles without the kernel lock, which it shares meanwhile: a look at kernel objects, and faults of
 * memory that is the task's alone. All others, and whatever is not simple, are for {@link Traps}. Belongs to a hart.
 */
final class SharedTraps extends Padded {
    private final EventKernel kernel;
    private final Readiness readiness;
    private final HartLoop loop;
    private final Hart hart;
    private KernelLock.@Nullable Sharer sharer;

    // since the last account
    private int calls;
    private int faults;
    private @Nullable Throwable bug;

    SharedTraps(EventKernel kernel, HartLoop loop, Hart hart) {
        this.kernel = kernel;
        this.readiness = kernel.readiness;
        this.loop = loop;
        this.hart = hart;
    }

    /** The hart's thread begins, with the lock. */
    void begin() {
        sharer = kernel.lock.sharer();
    }

    /** It ends, with the lock. */
    void end() {
        KernelLock.Sharer gone = sharer;
        sharer = null;
        if (gone != null) {
            kernel.lock.forget(gone);
        }
    }

    /**
     * Handles a trap of the task that runs.
     *
     * @return whether the task can go on at once; when not nothing was done, or there is a {@link #bug}
     */
    boolean handled(Task task, int trap) {
        KernelLock.Sharer mine = sharer;
        boolean call = trap == Trap.SYSCALL;
        if (!call && trap != Trap.PAGE_MISSING && trap != Trap.PAGE_PROTECTED || mine == null) {
            return false;
        }
        loop.stepOut();
        if (!kernel.lock.share(mine)) {
            return false;
        }
        try {
            return loop.stepIn() && readiness.sharing() && task.tracing == null && (call ? call(task) : fault(task));
        } catch (RuntimeException | Error e) {
            bug = e;
            return false;
        } finally {
            kernel.lock.unshare(mine);
        }
    }

    private boolean call(Task task) {
        long result = kernel.abi().sharedCall(task);
        if (result == Abi.NEEDS_LOCK) {
            return false;
        }
        task.regs[A0] = result;
        task.regs[PC] += 4;
        calls++;
        return true;
    }

    private boolean fault(Task task) {
        if (!kernel.vm().sharedFault(task, hart.trapAddress, access(hart))) {
            return false;
        }
        faults++;
        return true;
    }

    /** What a fault was about. */
    static int access(Hart hart) {
        return (hart.trapAccess & Vmspaces.WRITE) != 0
                ? Vma.WRITE
                : (hart.trapAccess & Vmspaces.EXECUTE) != 0 ? Vma.EXECUTE : Vma.READ;
    }

    /** Adds what was handled to the kernel's counters. The lock is held. @return how many traps */
    int account() {
        int all = calls + faults;
        kernel.stats.traps += all;
        kernel.stats.syscalls += calls;
        kernel.stats.faults += faults;
        calls = 0;
        faults = 0;
        return all;
    }

    /** What a handler has thrown instead of handling a trap, once. */
    @Nullable
    Throwable bug() {
        Throwable thrown = bug;
        bug = null;
        return thrown;
    }
}
