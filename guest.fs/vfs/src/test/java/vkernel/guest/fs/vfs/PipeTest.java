package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.fs.Mode.*;

import org.junit.jupiter.api.Test;
import vkernel.fs.OpenFile;
import vkernel.fs.Pipe;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Signal;
import vkernel.vm.AddressSpace;

/** Pipes, as pipe(7) has them. */
class PipeTest {
    private static final int FIONREAD = 0x541B;

    private final Guest guest = new Guest();
    private final Guest.Process reader = guest.rootProcess();
    private final Guest.Process writer = guest.rootProcess();
    private OpenFile in;
    private OpenFile out;

    PipeTest() {
        pipe(0);
    }

    private void pipe(int flags) {
        OpenFile[] ends = guest.vfs.pipe(reader.task, flags);
        in = ends[0];
        out = ends[1];
    }

    @Test
    void whatGoesInComesOutInOrder() {
        assertThat(writer.write(out, "hello ")).isEqualTo(6);
        assertThat(writer.write(out, "world")).isEqualTo(5);
        assertThat(reader.read(in, 8)).isEqualTo("hello wo");
        assertThat(reader.read(in, 100)).isEqualTo("rld");
    }

    @Test
    void muchMoreThanFitsGoesThroughInTurns() {
        StringBuilder read = new StringBuilder();
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            String text = Character.toString('a' + i % 26).repeat(i * 7 % 3000 + 1);
            written.append(text);
            assertThat(writer.write(out, text)).isEqualTo(text.length());
            read.append(reader.read(in, i * 13 % 5000 + 1));
        }
        guest.vfs.close(out);
        for (String text = reader.read(in, 9999); !text.isEmpty(); text = reader.read(in, 9999)) {
            read.append(text);
        }
        assertThat(read.toString()).isEqualTo(written.toString());
    }

    @Test
    void aReaderWaitsForDataAndIsWoken() {
        assertThat(reader.read(in, 10)).isEqualTo("blocked");
        writer.write(out, "x");
        assertThat(reader.runnable()).isTrue();
        assertThat(reader.read(in, 10)).isEqualTo("x");
    }

    @Test
    void aReaderSeesTheEndWhenTheLastWriterGoes() {
        out.refs++;
        assertThat(reader.read(in, 10)).isEqualTo("blocked");
        guest.vfs.close(out);
        assertThat(reader.runnable()).isFalse();
        guest.vfs.close(out);
        assertThat(reader.runnable()).isTrue();
        assertThat(reader.read(in, 10)).isEmpty();
    }

    @Test
    void aPageHasRoomAgainWhenAllOfItIsRead() {
        pipe(O_NONBLOCK);
        writer.write(out, "x".repeat(Pipe.CAPACITY));
        reader.read(in, 100);
        assertThat(writer.write(out, "y".repeat(5000))).isEqualTo(-Errno.EAGAIN);
        reader.read(in, Pipe.ATOMIC - 100);
        assertThat(writer.write(out, "y".repeat(5000))).isEqualTo(Pipe.ATOMIC);
        assertThat(in.inode().pipe.used()).isEqualTo(Pipe.CAPACITY);
    }

    @Test
    void whatIsInItKeepsItsOrderWhenTheRingGrows() {
        writer.write(out, "a".repeat(3000));
        reader.read(in, 1000);
        writer.write(out, "b".repeat(9000));
        assertThat(reader.read(in, 20000)).isEqualTo("a".repeat(2000) + "b".repeat(9000));
    }

    @Test
    void aSmallWriteIsWholeOrWaits() {
        assertThat(writer.write(out, "x".repeat(Pipe.CAPACITY - 10))).isEqualTo(Pipe.CAPACITY - 10);
        assertThat(writer.write(out, "y".repeat(11))).isEqualTo(Kernel.BLOCKED);
        assertThat(reader.read(in, Pipe.ATOMIC)).isEqualTo("x".repeat(Pipe.ATOMIC));
        assertThat(writer.runnable()).isTrue();
        assertThat(writer.write(out, "y".repeat(11))).isEqualTo(11);
    }

    @Test
    void aLargeWriteTakesWhatFits() {
        assertThat(writer.write(out, "x".repeat(Pipe.CAPACITY + 5))).isEqualTo(Pipe.CAPACITY);
        assertThat(writer.write(out, "x".repeat(5000))).isEqualTo(Kernel.BLOCKED);
        assertThat(reader.read(in, Pipe.CAPACITY)).hasSize(Pipe.CAPACITY);
    }

    @Test
    void withoutWaitingThereIsEagain() {
        pipe(O_NONBLOCK);
        assertThat(reader.read(in, 1)).isEqualTo("error " + -Errno.EAGAIN);
        writer.write(out, "x".repeat(Pipe.CAPACITY));
        assertThat(writer.write(out, "x")).isEqualTo(-Errno.EAGAIN);
        reader.read(in, 100);
        assertThat(writer.write(out, "x".repeat(9999))).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void withoutReadersAWriterGetsSigpipe() {
        guest.vfs.close(in);
        assertThat(writer.write(out, "x")).isEqualTo(-Errno.EPIPE);
        assertThat(guest.kernel.signals).extracting("signal").containsExactly(Signal.SIGPIPE);
    }

    @Test
    void aWaitingWriterIsWokenWhenTheReaderGoes() {
        writer.write(out, "x".repeat(Pipe.CAPACITY));
        assertThat(writer.write(out, "y")).isEqualTo(Kernel.BLOCKED);
        guest.vfs.close(in);
        assertThat(writer.runnable()).isTrue();
        assertThat(writer.write(out, "y")).isEqualTo(-Errno.EPIPE);
    }

    @Test
    void pollTellsWhatWouldNotWait() {
        assertThat(poll(in)).isZero();
        assertThat(poll(out)).isEqualTo(POLLOUT | POLLWRNORM);
        writer.write(out, "x".repeat(Pipe.CAPACITY - Pipe.ATOMIC + 1));
        assertThat(poll(in)).isEqualTo(POLLIN | POLLRDNORM);
        assertThat(poll(out)).isZero();
        guest.vfs.close(out);
        assertThat(poll(in)).isEqualTo(POLLIN | POLLRDNORM | POLLHUP);
    }

    @Test
    void pollOfAPipeWithoutReadersIsAnError() {
        guest.vfs.close(in);
        assertThat(poll(out) & POLLERR).isNotZero();
    }

    @Test
    void aPollerIsWokenByNews() {
        in.ops().poll(in, reader.task);
        assertThat(reader.task.waiting()).isEqualTo(1);
        writer.write(out, "x");
        assertThat(reader.runnable()).isTrue();
    }

    private static int poll(OpenFile file) {
        return file.ops().poll(file, null);
    }

    @Test
    void fionreadCountsTheBytes() {
        writer.write(out, "x".repeat(300));
        reader.task.memory = new AddressSpace(1, 0);
        assertThat(in.ops().ioctl(reader.task, in, FIONREAD, 16)).isZero();
        assertThat(guest.kernel.memory.user).startsWith(new byte[16]).containsSequence(300 & 0xff, 300 >> 8, 0, 0);
        assertThat(in.ops().ioctl(reader.task, in, FIONREAD, -1)).isEqualTo(-Errno.EFAULT);
        assertThat(in.ops().ioctl(reader.task, in, 0x1234, 0)).isEqualTo(-Errno.ENOTTY);
    }

    @Test
    void thereIsNoPositionInAPipe() {
        assertThat(guest.vfs.seek(reader.task, in, 0, 1)).isEqualTo(-Errno.ESPIPE);
        assertThat(writer.write(out, "x", 0)).isEqualTo(-Errno.ESPIPE);
        assertThat(reader.write(in, "x")).isEqualTo(-Errno.EBADF);
        assertThat(writer.read(out, 1)).isEqualTo("error " + -Errno.EBADF);
    }

    @Test
    void userMemoryThatFaultsGivesEfault() {
        writer.write(out, "text");
        byte[] bytes = new byte[10];
        assertThat(guest.vfs.read(reader.task, in, guest.kernel.memory.faulting(bytes, 0), -1))
                .isEqualTo(-Errno.EFAULT);
        assertThat(guest.vfs.read(reader.task, in, guest.kernel.memory.faulting(bytes, 2), -1))
                .isEqualTo(-Errno.EFAULT);
        assertThat(reader.read(in, 10)).isEqualTo("text");
        assertThat(guest.vfs.write(writer.task, out, guest.kernel.memory.faulting(bytes, 0), -1))
                .isEqualTo(-Errno.EFAULT);
        assertThat(guest.vfs.write(writer.task, out, guest.kernel.memory.faulting(bytes, 2), -1))
                .isEqualTo(-Errno.EFAULT);
        assertThat(in.inode().pipe).extracting(pipe -> pipe.count).isEqualTo(0);
    }

    @Test
    void pagesBeforeTheOneThatFaultsAreMoved() {
        byte[] bytes = new byte[3 * Pipe.ATOMIC];
        assertThat(guest.vfs.write(writer.task, out, guest.kernel.memory.faulting(bytes, Pipe.ATOMIC + 2), -1))
                .isEqualTo(Pipe.ATOMIC);
        writer.write(out, "text");
        assertThat(guest.vfs.read(reader.task, in, guest.kernel.memory.faulting(bytes, Pipe.ATOMIC + 2), -1))
                .isEqualTo(Pipe.ATOMIC);
        assertThat(reader.read(in, 10)).isEqualTo("text");
    }

    @Test
    void aPipeIsCalledByItsNumber() {
        assertThat(guest.vfs.name(reader.task, in.path)).matches("pipe:\\[\\d+]");
        assertThat(in.inode()).isSameAs(out.inode());
    }

    @Test
    void whenPipesHoldTooMuchNewOnesStaySmall() {
        for (int i = 0; i < 1100; i++) {
            pipe(0);
            writer.write(out, "x".repeat(Pipe.CAPACITY));
        }
        pipe(0);
        assertThat(writer.write(out, "x".repeat(Pipe.CAPACITY))).isEqualTo(Pipe.ATOMIC);
    }
}
