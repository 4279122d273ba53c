package vkernel.guest.linux.signal;

import static vkernel.task.Registers.A0;
import static vkernel.task.Registers.A1;
import static vkernel.task.Registers.A2;
import static vkernel.task.Registers.F0;
import static vkernel.task.Registers.FCSR;
import static vkernel.task.Registers.PC;
import static vkernel.task.Registers.RA;
import static vkernel.task.Registers.SP;

import vkernel.guest.linux.user.Le;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/**
 * The frame of a signal handler, as riscv64 Linux 6.12 lays it out: siginfo (128 bytes), ucontext (960): flags, link,
 * stack at 16, mask at 40, registers at 176, floating point at 432, and an extension header of zeros that ends it.
 */
public final class Frame {
    public static final int SIZE = 1088;
    static final int UCONTEXT = Siginfo.SIZE;
    static final int STACK = UCONTEXT + 16;
    static final int MASK = UCONTEXT + 40;
    static final int REGS = UCONTEXT + 176;
    static final int FP = UCONTEXT + 432;
    /** A reserved word, then magic and size of the extension header (struct __riscv_extra_ext_header). */
    static final int EXTENSION = UCONTEXT + 948;

    private static final int INTEGER_REGS = 32;
    private static final int FLOAT_REGS = 32;

    private final Kernel kernel;
    private final User user;

    public Frame(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    /** See {@link vkernel.abi.Abi#deliver}. */
    public boolean push(Task task, SigInfo info, SigAction action) {
        long[] regs = task.regs;
        boolean onAltStack = AltStack.holds(task, regs[SP]);
        boolean switches = action.has(SigAction.SA_ONSTACK) && task.altStackSize != 0 && !onAltStack;
        long top = switches ? task.altStack + task.altStackSize : regs[SP];
        long sp = top - SIZE & ~15L;
        if (onAltStack && !AltStack.holds(task, regs[SP] - SIZE)) {
            return false;
        }
        long saved = task.restart.restoreMask ? task.restart.savedMask : task.sigMask;
        encode(task, info, saved, user.bytes);
        if (!user.write(task, sp, SIZE)) {
            return false;
        }
        AltStack.entered(task);
        regs[RA] = task.memory().sigReturn;
        regs[PC] = action.handler();
        regs[SP] = sp;
        regs[A0] = info.signal();
        regs[A1] = sp;
        regs[A2] = sp + UCONTEXT;
        task.restart.restoreMask = false;
        applyFlags(task, info.signal(), action);
        return true;
    }

    private void applyFlags(Task task, int signal, SigAction action) {
        if (action.has(SigAction.SA_RESETHAND)) {
            task.handlers.set(signal, new SigAction(SigAction.DEFAULT, action.flags(), action.mask()));
        }
        long own = action.has(SigAction.SA_NODEFER) ? 0 : Signal.bit(signal);
        task.sigMask = (task.sigMask | action.mask() | own) & ~Signal.UNBLOCKABLE;
        kernel.recheckSignals(task);
    }

    static void encode(Task task, SigInfo info, long mask, byte[] to) {
        java.util.Arrays.fill(to, 0, SIZE, (byte) 0);
        Siginfo.encode(info, to, 0);
        AltStack.encode(task, to, STACK);
        Le.put64(to, MASK, mask);
        for (int i = 0; i < INTEGER_REGS; i++) {
            Le.put64(to, REGS + 8 * i, task.regs[i]);
        }
        for (int i = 0; i < FLOAT_REGS; i++) {
            Le.put64(to, FP + 8 * i, task.regs[F0 + i]);
        }
        Le.put32(to, FP + 8 * FLOAT_REGS, (int) task.regs[FCSR]);
    }

    /** rt_sigreturn(2): takes the frame at sp back. @return false when it cannot be: SIGSEGV */
    boolean pop(Task task) {
        if (!user.read(task, task.regs[SP], SIZE) || extended()) {
            return false;
        }
        byte[] from = user.bytes;
        for (int i = 0; i < INTEGER_REGS; i++) {
            task.regs[i] = Le.i64(from, REGS + 8 * i);
        }
        task.regs[PC] &= ~1L;
        for (int i = 0; i < FLOAT_REGS; i++) {
            task.regs[F0 + i] = Le.i64(from, FP + 8 * i);
        }
        task.regs[FCSR] = Le.i32(from, FP + 8 * FLOAT_REGS) & 0xff;
        task.sigMask = Le.i64(from, MASK) & ~Signal.UNBLOCKABLE;
        // As Linux does: a bad stack_t leaves the setting as it is.
        AltStack.decode(task, from, STACK);
        kernel.recheckSignals(task);
        return true;
    }

    /** No extension is known here, so the first header must be the end. */
    private boolean extended() {
        return user.i32(EXTENSION) != 0 || user.i32(EXTENSION + 4) != 0 || user.i32(EXTENSION + 8) != 0;
    }
}
