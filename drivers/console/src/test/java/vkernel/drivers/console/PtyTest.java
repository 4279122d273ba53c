package vkernel.drivers.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import vkernel.dev.Pty;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.StateRejected;
import vkernel.task.Signal;
import vkernel.task.Task;

/** A program at the master, another at the terminal. */
class PtyTest {
    private static final int TIOCSPTLCK = 0x40045431;
    private static final int TIOCGPTN = 0x80045430;
    private static final int TIOCPKT = 0x5420;
    private static final int TIOCSWINSZ = 0x5414;
    private static final int TCFLSH = 0x540B;
    private static final int TCGETS = 0x5401;
    private static final int TCSETSW = 0x5403;

    private final Machine machine = new Machine(Map.of("console", new FakeChannel(true)));
    private final Task emulator = machine.task(10, null, 10);
    private final Task shell = machine.task(20, null, 20);
    private final OpenFile master = machine.open(emulator, Mode.device(5, 2), Mode.O_RDWR);

    private OpenFile slave() {
        machine.words().putInt(0, 0);
        assertThat(machine.ioctl(emulator, master, TIOCSPTLCK, 0)).isZero();
        return machine.open(shell, Mode.device(136, 0), Mode.O_RDWR);
    }

    @Test
    void aTerminalCannotBeOpenedBeforeItIsUnlocked() {
        OpenFile early = machine.file(Mode.device(136, 0), Mode.O_RDWR);
        assertThat(machine.console.open(shell, early)).isEqualTo(-Errno.EIO);
        assertThat(slave().data).isSameAs(((Pty) master.data).tty);
    }

    @Test
    void whatIsTypedAtTheMasterIsALineAndIsEchoed() {
        OpenFile tty = slave();
        assertThat(machine.read(shell, tty, 100)).isEqualTo("blocked");
        assertThat(machine.write(emulator, master, "lx\u007fs\n")).isEqualTo(5);
        assertThat(shell.waiting()).isZero();
        assertThat(machine.read(shell, tty, 100)).isEqualTo("ls\n");
        assertThat(machine.read(emulator, master, 100)).isEqualTo("lx\b \bs\r\n");
    }

    @Test
    void whatIsPrintedWakesTheMaster() {
        OpenFile tty = slave();
        assertThat(machine.read(emulator, master, 100)).isEqualTo("blocked");
        machine.write(shell, tty, "hi\n");
        assertThat(emulator.waiting()).isZero();
        assertThat(machine.read(emulator, master, 100)).isEqualTo("hi\r\n");
    }

    @Test
    void keysGoToTheForegroundAndSoDoesANewSize() {
        slave();
        machine.write(emulator, master, "\u0003");
        machine.words().putShort(0, (short) 24).putShort(2, (short) 80);
        machine.ioctl(emulator, master, TIOCSWINSZ, 0);
        assertThat(machine.signals).containsExactly("20:" + Signal.SIGINT, "20:" + Signal.SIGWINCH);
    }

    @Test
    void theLastCloseOfTheTerminalIsTheMastersEnd() {
        OpenFile tty = slave();
        machine.write(shell, tty, "bye");
        machine.console.release(tty);
        assertThat(machine.read(emulator, master, 100)).isEqualTo("bye");
        assertThat(machine.read(emulator, master, 100)).isEqualTo("EIO");
        assertThat(machine.console.poll(master, null) & Mode.POLLHUP).isNotZero();
    }

    @Test
    void closingTheMasterHangsUp() {
        OpenFile tty = slave();
        machine.console.release(master);
        assertThat(machine.signals).containsExactly("20!" + Signal.SIGHUP, "20!" + Signal.SIGCONT);
        assertThat(machine.read(shell, tty, 100)).isEqualTo("EOF");
        assertThat(machine.write(shell, tty, "x")).isEqualTo(-Errno.EIO);
        assertThat(shell.process.session.tty).isNull();
        machine.console.release(tty);
        assertThat(machine.console.ptys()).isEmpty();
    }

    @Test
    void aFullTerminalKeepsItsMasterWaiting() {
        OpenFile tty = slave();
        String line = "x".repeat(99) + "\n";
        int lines = 0;
        while (machine.write(emulator, master, line) == line.length()) {
            lines++;
            machine.read(emulator, master, 1000);
        }
        assertThat(lines).isBetween(40, 200);
        assertThat(machine.write(emulator, master, line)).isNegative();
        assertThat(machine.read(shell, tty, 100)).isEqualTo(line);
        assertThat(emulator.waiting()).isZero();
    }

    @Test
    void nobodyWaitsForAMasterThatDoesNotRead() {
        OpenFile tty = slave();
        machine.write(shell, tty, "unread");
        machine.ioctl(shell, tty, TCGETS, 0);
        assertThat(machine.ioctl(shell, tty, TCSETSW, 0)).isZero();
    }

    @Test
    void inPacketModeTheMasterIsToldOfFlushes() {
        OpenFile tty = slave();
        machine.words().putInt(0, 1);
        machine.ioctl(emulator, master, TIOCPKT, 0);
        machine.write(shell, tty, "a");
        assertThat(machine.read(emulator, master, 100)).isEqualTo("\0a");
        machine.ioctl(shell, tty, TCFLSH, 2);
        assertThat(machine.console.poll(master, null) & Mode.POLLPRI).isNotZero();
        assertThat(machine.read(emulator, master, 100)).isEqualTo("\3");
    }

    @Test
    void numbersAreTheLowestThatAreFree() {
        OpenFile second = machine.open(emulator, Mode.device(5, 2), Mode.O_RDWR);
        machine.console.release(master);
        OpenFile third = machine.open(emulator, Mode.device(5, 2), Mode.O_RDWR);
        machine.ioctl(emulator, second, TIOCGPTN, 0);
        machine.ioctl(emulator, third, TIOCGPTN, 4);
        assertThat(machine.words().getInt(0)).isEqualTo(1);
        assertThat(machine.words().getInt(4)).isZero();
    }

    @Test
    void anotherDriverGoesOnWithThem() throws StateRejected {
        OpenFile tty = slave();
        machine.write(emulator, master, "ec");
        Console former = machine.console;
        machine.console = machine.driver();
        machine.console.adopt(former.release());
        machine.slot.fill(machine.console);
        machine.write(emulator, master, "ho\n");
        assertThat(machine.read(shell, tty, 100)).isEqualTo("echo\n");
    }

    @Test
    void aDriverThatWasHandedNothingFindsThem() {
        OpenFile tty = slave();
        machine.write(emulator, master, "ec");
        machine.console.close();
        machine.console = machine.driver();
        machine.slot.fill(machine.console);
        machine.write(emulator, master, "ho\n");
        assertThat(machine.read(shell, tty, 100)).isEqualTo("echo\n");
    }
}
