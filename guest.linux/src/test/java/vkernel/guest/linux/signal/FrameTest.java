package vkernel.guest.linux.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.linux.FakeMemory.BASE;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vkernel.guest.linux.FakeKernel;
import vkernel.guest.linux.user.User;
import vkernel.task.Registers;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Offsets are those of riscv64 Linux 6.12: siginfo 128, mask at 40 of the ucontext, registers at 176, fp at 432. */
class FrameTest {
    private static final long TOP = BASE + 0x8008;
    private static final SigAction HANDLER = new SigAction(0x1234, SigAction.SA_SIGINFO, Signal.bit(3));

    private final FakeKernel kernel = new FakeKernel();
    private final User user = new User(kernel.kernel());
    private final Frame frame = new Frame(kernel.kernel(), user);
    private final Task task = kernel.task();

    FrameTest() {
        for (int i = 0; i < Registers.FCSR; i++) {
            task.regs[i] = 0x1000 + i;
        }
        task.regs[Registers.SP] = TOP;
        task.regs[Registers.FCSR] = 0x61;
        task.memory().sigReturn = 0x7777;
        task.sigMask = Signal.bit(5);
    }

    @Test
    void theFrameLiesBelowTheStackPointerAndTheHandlerIsCalled() {
        assertThat(frame.push(task, SigInfo.user(10, 42, 7), HANDLER)).isTrue();
        long sp = (TOP - 1088) & -16;
        assertThat(task.regs[Registers.SP]).isEqualTo(sp);
        assertThat(task.regs[Registers.PC]).isEqualTo(0x1234);
        assertThat(task.regs[Registers.RA]).isEqualTo(0x7777);
        assertThat(task.regs[Registers.A0]).isEqualTo(10);
        assertThat(task.regs[Registers.A1]).isEqualTo(sp);
        assertThat(task.regs[Registers.A2]).isEqualTo(sp + 128);
        assertThat(task.sigMask).isEqualTo(Signal.bit(5) | Signal.bit(3) | Signal.bit(10));
    }

    @Test
    void everythingLiesWhereLinuxPutsIt() {
        frame.push(task, SigInfo.user(10, 42, 7), HANDLER);
        long sp = task.regs[Registers.SP];
        assertThat(kernel.memory.getInt(sp)).as("si_signo").isEqualTo(10);
        assertThat(kernel.memory.getInt(sp + 16)).as("si_pid").isEqualTo(42);
        assertThat(kernel.memory.getInt(sp + 20)).as("si_uid").isEqualTo(7);
        assertThat(kernel.memory.getInt(sp + 128 + 24)).as("ss_flags").isEqualTo(2);
        assertThat(kernel.memory.getLong(sp + 128 + 40)).as("uc_sigmask").isEqualTo(Signal.bit(5));
        assertThat(kernel.memory.getLong(sp + 128 + 176)).as("pc").isEqualTo(0x1000);
        assertThat(kernel.memory.getLong(sp + 128 + 176 + 16)).as("sp").isEqualTo(TOP);
        assertThat(kernel.memory.getLong(sp + 128 + 176 + 8 * 31)).as("t6").isEqualTo(0x1000 + 31);
        assertThat(kernel.memory.getLong(sp + 128 + 432)).as("f0").isEqualTo(0x1000 + 32);
        assertThat(kernel.memory.getInt(sp + 128 + 432 + 256)).as("fcsr").isEqualTo(0x61);
        assertThat(kernel.memory.getLong(sp + 128 + 952))
                .as("end of extensions")
                .isZero();
    }

    @Test
    void returningRestoresEveryRegister() {
        Random random = new Random(1);
        for (int i = 0; i < Registers.FCSR; i++) {
            task.regs[i] = i == Registers.SP ? TOP : random.nextLong() & ~1L;
        }
        long[] before = task.regs.clone();
        frame.push(task, SigInfo.kernel(10), HANDLER);
        long sp = task.regs[Registers.SP];
        Arrays.fill(task.regs, -1);
        task.regs[Registers.SP] = sp;
        assertThat(frame.pop(task)).isTrue();
        assertThat(Arrays.copyOf(task.regs, 65)).isEqualTo(Arrays.copyOf(before, 65));
        assertThat(task.sigMask).isEqualTo(Signal.bit(5));
    }

    @Test
    void aWaitsOwnMaskIsWhatTheFrameKeeps() {
        task.restart.savedMask = Signal.bit(20);
        task.restart.restoreMask = true;
        frame.push(task, SigInfo.kernel(10), HANDLER);
        assertThat(kernel.memory.getLong(task.regs[Registers.SP] + 128 + 40)).isEqualTo(Signal.bit(20));
        assertThat(task.restart.restoreMask).isFalse();
    }

    @Test
    void theAlternateStackIsUsedOnceAndNotLeft() {
        task.altStack = BASE + 0x10000;
        task.altStackSize = 0x2000;
        SigAction onStack = new SigAction(1, SigAction.SA_ONSTACK, 0);
        frame.push(task, SigInfo.kernel(10), onStack);
        long first = task.regs[Registers.SP];
        assertThat(first).isEqualTo(BASE + 0x12000 - 1088);
        frame.push(task, SigInfo.kernel(12), onStack);
        assertThat(task.regs[Registers.SP]).isEqualTo(first - 1088);
    }

    @Test
    void anAlternateStackThatIsFullIsNoStack() {
        task.altStack = BASE + 0x10000;
        task.altStackSize = 0x1000;
        task.regs[Registers.SP] = task.altStack + 1000;
        assertThat(frame.push(task, SigInfo.kernel(10), new SigAction(1, SigAction.SA_ONSTACK, 0)))
                .isFalse();
        assertThat(task.regs[Registers.SP]).isEqualTo(task.altStack + 1000);
    }

    @Test
    void aBadStackChangesNothing() {
        task.regs[Registers.SP] = 64;
        long[] before = task.regs.clone();
        assertThat(frame.push(task, SigInfo.kernel(10), HANDLER)).isFalse();
        assertThat(task.regs).isEqualTo(before);
        assertThat(task.sigMask).isEqualTo(Signal.bit(5));
    }

    @Test
    void aFrameThatIsGoneOrHasAnUnknownExtensionIsRefused() {
        task.regs[Registers.SP] = 64;
        assertThat(frame.pop(task)).isFalse();
        task.regs[Registers.SP] = TOP;
        frame.push(task, SigInfo.kernel(10), HANDLER);
        kernel.memory.putInt(task.regs[Registers.SP] + 128 + 952, 0x53465457);
        assertThat(frame.pop(task)).isFalse();
    }

    @Test
    void flagsOfTheActionAreDone() {
        SigAction once = new SigAction(1, SigAction.SA_RESETHAND | SigAction.SA_NODEFER, 0);
        task.handlers.set(10, once);
        frame.push(task, SigInfo.kernel(10), once);
        assertThat(task.handlers.get(10).handler()).isEqualTo(SigAction.DEFAULT);
        assertThat(task.sigMask).isEqualTo(Signal.bit(5));
    }

    @Test
    void faultsTellTheirAddress() {
        byte[] info = new byte[Siginfo.SIZE];
        Siginfo.encode(SigInfo.fault(Signal.SIGSEGV, SigInfo.SEGV_MAPERR, 0xdead), info, 0);
        assertThat(info[8]).isEqualTo((byte) 1);
        assertThat(vkernel.guest.linux.user.Le.i64(info, 16)).isEqualTo(0xdead);
    }
}
