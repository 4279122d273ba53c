package vkernel.drivers.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** Channels that are no terminals, and the console as the kernel uses it. */
class StreamTest {
    private final FakeChannel in = new FakeChannel(false);
    private final FakeChannel screen = new FakeChannel(true);
    private final Machine machine = new Machine(Map.of("in", in, "console", screen));
    private final Task task = machine.task(5, null, 5);
    private final OpenFile file = machine.streams().open("in", Mode.O_RDWR).value();

    @Test
    void looksLikeAPipe() {
        assertThat(file.inode().type()).isEqualTo(Mode.S_IFIFO);
        assertThat(machine.ioctl(task, file, 0x5401, 0)).isEqualTo(-Errno.ENOTTY);
        assertThat(file.ops().seekable(file)).isFalse();
    }

    @Test
    void readWaitsForBytesAndGivesThemUnchanged() {
        assertThat(machine.read(task, file, 10)).isEqualTo("blocked");
        in.type("a\r\003");
        assertThat(task.waiting()).isZero();
        assertThat(machine.ioctl(task, file, 0x541B, 0)).isZero();
        assertThat(machine.words().getInt(0)).isEqualTo(3);
        assertThat(machine.read(task, file, 10)).isEqualTo("a\r\003");
    }

    @Test
    void endOfInputIsAnEndOfFileForEver() {
        in.type("rest");
        in.end();
        assertThat(machine.read(task, file, 10)).isEqualTo("rest");
        assertThat(machine.read(task, file, 10)).isEqualTo("EOF");
        assertThat(machine.read(task, file, 10)).isEqualTo("EOF");
        assertThat(file.ops().poll(file, null) & Mode.POLLHUP).isNotZero();
    }

    @Test
    void moreThanTheKernelHoldsComesThroughWhole() {
        String text = "0123456789".repeat(30_000);
        in.type(text);
        in.end();
        StringBuilder all = new StringBuilder();
        for (String part = machine.read(task, file, 5000); !part.equals("EOF"); part = machine.read(task, file, 5000)) {
            all.append(part);
        }
        assertThat(all.toString()).isEqualTo(text);
    }

    @Test
    void aWriterWaitsForRoom() {
        in.room = 0;
        assertThat(machine.write(task, file, "x".repeat(100_000))).isEqualTo(65536);
        assertThat(machine.write(task, file, "y")).isEqualTo(Kernel.BLOCKED);
        assertThat(file.ops().poll(file, null) & Mode.POLLOUT).isZero();
        in.room = Integer.MAX_VALUE;
        in.changed();
        assertThat(task.waiting()).isZero();
        assertThat(machine.write(task, file, "y")).isEqualTo(1);
        assertThat(in.shown()).hasSize(65537);
        file.flags |= Mode.O_NONBLOCK;
        in.room = 0;
        assertThat(machine.write(task, file, "x".repeat(100_000))).isEqualTo(65536);
        assertThat(machine.write(task, file, "y")).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void aReaderThatHasGoneBreaksThePipe() {
        in.gone = true;
        assertThat(machine.write(task, file, "x")).isEqualTo(-Errno.EPIPE);
    }

    @Test
    void theFileCanBeOpenedAgain() {
        OpenFile again = new OpenFile(file.path, machine.slot, Mode.O_RDONLY);
        assertThat(file.inode().ops).isSameAs(machine.slot);
        assertThat(machine.console.open(task, again)).isZero();
        in.type("x");
        assertThat(machine.read(task, again, 10)).isEqualTo("x");
    }

    @Test
    void terminalsAndOthersAndMissingOnesAreToldApart() {
        assertThat(machine.streams().tty("console").ok()).isTrue();
        assertThat(machine.streams().tty("in").error()).isEqualTo(-Errno.ENOTTY);
        assertThat(machine.streams().tty("nowhere").error()).isEqualTo(-Errno.ENOENT);
        assertThat(machine.streams().open("nowhere", 0).error()).isEqualTo(-Errno.ENOENT);
        OpenFile terminal = machine.streams().open("console", Mode.O_RDWR).value();
        assertThat(terminal.inode().rdev).isEqualTo(Shell.TTYS0);
        assertThat(machine.ioctl(task, terminal, 0x5401, 0)).isZero();
    }

    @Test
    void theKernelPrintsEvenWhenOutputIsStopped() {
        screen.type("\023");
        machine.streams().print("panic: no init");
        assertThat(screen.shown()).isEqualTo("panic: no init\r\n");
    }

    @Test
    void outputOnItsWayIsNotDrained() {
        assertThat(machine.streams().drained()).isTrue();
        in.room = 1;
        machine.write(task, file, "ab");
        assertThat(machine.streams().drained()).isFalse();
        in.room = 1;
        assertThat(machine.streams().drained()).isTrue();
    }

    @Test
    void nodesAreTheConsoleAndTheTerminals() {
        assertThat(machine.console.nodes()).extracting("name").containsExactly("console", "tty", "ptmx", "ttyS0");
    }
}
