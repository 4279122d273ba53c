package vkernel.guest.linux.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.linux.FakeMemory.BASE;

import org.junit.jupiter.api.Test;
import vkernel.guest.linux.FakeKernel;
import vkernel.guest.linux.Linux;
import vkernel.guest.linux.table.Names;
import vkernel.task.Registers;
import vkernel.task.Task;

class TraceTest {
    private final FakeKernel kernel = new FakeKernel();

    private String trace(String call, long... args) {
        kernel.tracing = true;
        Task task = kernel.task();
        task.regs[Registers.A7] = Names.number(call);
        System.arraycopy(args, 0, task.regs, Registers.A0, args.length);
        new Linux(kernel.kernel()).syscall(task);
        return kernel.traced.getLast().replaceFirst("^\\d+ ", "");
    }

    @Test
    void signaturesAreOfCallsThatThereAre() {
        assertThat(Names.all().values()).containsAll(ArgumentFormat.known());
    }

    @Test
    void errorsAreNamed() {
        kernel.memory.putString(BASE, "a \"b\"\n\1");
        assertThat(trace("write", 9, BASE, 7)).isEqualTo("write(9, \"a \\\"b\\\"\\n\\1\", 7) = -1 EBADF");
    }

    @Test
    void flagsAndSignalsAreNamed() {
        assertThat(Flags.OPEN.show(0102 | 02000000)).isEqualTo("O_RDWR|O_CREAT|O_CLOEXEC");
        assertThat(Flags.OPEN.show(02000000)).isEqualTo("O_RDONLY|O_CLOEXEC");
        assertThat(Flags.PROTECTION.show(3)).isEqualTo("PROT_READ|PROT_WRITE");
        assertThat(Flags.MAP.show(0x4000022)).isEqualTo("MAP_PRIVATE|MAP_ANONYMOUS|0x4000000");
        assertThat(Constants.signal(17)).isEqualTo("SIGCHLD");
        assertThat(Constants.futex(0x89)).isEqualTo("FUTEX_WAIT_BITSET_PRIVATE");
    }

    @Test
    void aCallThatWaitsIsShownTwice() {
        kernel.tracing = true;
        Task task = kernel.task();
        Linux linux = new Linux(kernel.kernel());
        task.regs[Registers.A7] = Names.number("futex");
        task.regs[Registers.A0] = BASE;
        linux.syscall(task);
        assertThat(kernel.traced.getLast()).endsWith("FUTEX_WAIT, 0, NULL, NULL, 0x0) = ...");
        kernel.memory.putInt(BASE, 1);
        task.stopWaiting();
        linux.syscall(task);
        assertThat(kernel.traced.getLast()).endsWith("= -1 EAGAIN");
        assertThat(kernel.traced).hasSize(2);
    }

    @Test
    void badPointersAreShownAsTheyAre() {
        assertThat(trace("write", 1, 64, 7)).isEqualTo("write(1, 0x40, 7) = -1 EBADF");
    }
}
