package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.fs.Mode.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;

/** Opening a FIFO waits for the other end (fifo(7)). */
class FifoTest {
    private final Guest guest = new Guest();
    private final Guest.Process reader = guest.rootProcess();
    private final Guest.Process writer = guest.rootProcess();

    @BeforeEach
    void fifo() {
        assertThat(reader.mknod("/fifo", S_IFIFO | 0644)).isZero();
    }

    private static Result<OpenFile> open(Guest.Process process, int flags) {
        Result<OpenFile> file = process.tryOpen("/fifo", flags, 0);
        process.called(file.error());
        return file;
    }

    @Test
    void aReaderWaitsForAWriter() {
        assertThat(open(reader, O_RDONLY).error()).isEqualTo(Kernel.BLOCKED);
        OpenFile out = open(writer, O_WRONLY).value();
        assertThat(reader.runnable()).isTrue();
        OpenFile in = open(reader, O_RDONLY).value();
        writer.write(out, "text");
        assertThat(reader.read(in, 10)).isEqualTo("text");
        guest.vfs.close(out);
        assertThat(reader.read(in, 10)).isEmpty();
        guest.vfs.close(in);
        assertThat(reader.stat("/fifo").pipe).isNull();
        assertThat(reader.stat("/fifo").opens).isZero();
    }

    @Test
    void aWriterWaitsForAReader() {
        assertThat(open(writer, O_WRONLY).error()).isEqualTo(Kernel.BLOCKED);
        OpenFile in = open(reader, O_RDONLY).value();
        assertThat(reader.read(in, 10)).isEqualTo("blocked");
        OpenFile out = open(writer, O_WRONLY).value();
        writer.write(out, "x");
        assertThat(reader.read(in, 10)).isEqualTo("x");
    }

    @Test
    void aReaderThatIsStillOpeningIsWrittenToAlready() {
        open(reader, O_RDONLY);
        OpenFile out = open(writer, O_WRONLY).value();
        assertThat(writer.write(out, "early")).isEqualTo(5);
        guest.vfs.close(out);
        OpenFile in = open(reader, O_RDONLY).value();
        assertThat(reader.read(in, 10)).isEqualTo("early");
        assertThat(reader.read(in, 10)).isEmpty();
    }

    @Test
    void aWriterThatCameAndWentLetsTheReaderIn() {
        open(reader, O_RDONLY);
        guest.vfs.close(open(writer, O_WRONLY).value());
        assertThat(open(reader, O_RDONLY).ok()).isTrue();
    }

    @Test
    void aWokenOpenThatFindsNobodyWaitsOn() {
        open(reader, O_RDONLY);
        assertThat(open(reader, O_RDONLY).error()).isEqualTo(Kernel.BLOCKED);
        assertThat(open(writer, O_WRONLY).ok()).isTrue();
        assertThat(open(reader, O_RDONLY).ok()).isTrue();
    }

    @Test
    void anOpenGivenUpForASignalDoesNotCount() {
        open(reader, O_RDONLY);
        reader.interrupt();
        assertThat(open(writer, O_WRONLY).error()).isEqualTo(Kernel.BLOCKED);
        assertThat(open(writer, O_WRONLY | O_NONBLOCK).error()).isEqualTo(Kernel.BLOCKED);
    }

    @Test
    void anOpenGivenUpByAKilledTaskDoesNotCount() {
        open(reader, O_RDONLY);
        reader.task.killed = true;
        reader.task.stopWaiting();
        assertThat(open(writer, O_WRONLY | O_NONBLOCK).error()).isEqualTo(-Errno.ENXIO);
    }

    @Test
    void withoutWaitingAReaderIsLetInAndAWriterIsNot() {
        assertThat(open(writer, O_WRONLY | O_NONBLOCK).error()).isEqualTo(-Errno.ENXIO);
        OpenFile in = open(reader, O_RDONLY | O_NONBLOCK).value();
        assertThat(reader.read(in, 1)).isEmpty();
        OpenFile out = open(writer, O_WRONLY | O_NONBLOCK).value();
        assertThat(reader.read(in, 1)).isEqualTo("error " + -Errno.EAGAIN);
        writer.write(out, "x");
        assertThat(reader.read(in, 1)).isEqualTo("x");
    }

    @Test
    void beforeTheFirstWriterNobodyHasHungUp() {
        OpenFile in = open(reader, O_RDONLY | O_NONBLOCK).value();
        assertThat(in.ops().poll(in, null) & POLLHUP).isZero();
        OpenFile out = open(writer, O_WRONLY).value();
        assertThat(in.ops().poll(in, null) & POLLHUP).isZero();
        guest.vfs.close(out);
        assertThat(in.ops().poll(in, null) & POLLHUP).isNotZero();
    }

    @Test
    void readingAndWritingNeverWaits() {
        OpenFile both = open(reader, O_RDWR).value();
        reader.write(both, "x");
        assertThat(reader.read(both, 1)).isEqualTo("x");
        assertThat(open(writer, O_WRONLY).ok()).isTrue();
    }

    @Test
    void twoProcessesMeetThroughAnUnlinkedName() {
        OpenFile in = open(reader, O_RDONLY | O_NONBLOCK).value();
        OpenFile out = open(writer, O_WRONLY).value();
        reader.unlink("/fifo");
        writer.write(out, "x");
        assertThat(reader.read(in, 1)).isEqualTo("x");
        guest.vfs.close(in);
        guest.vfs.close(out);
    }
}
