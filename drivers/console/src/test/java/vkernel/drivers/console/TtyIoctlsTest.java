package vkernel.drivers.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import vkernel.dev.Termios;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;

class TtyIoctlsTest {
    private final Shell shell = new Shell();

    private long ioctl(int command, long argument) {
        return shell.machine.ioctl(shell.leader, shell.file, command, argument);
    }

    @Test
    void settingsComeBackAsTheyWereSet() {
        assertThat(ioctl(0x5401, 0)).isZero();
        // what stty -a shows of a fresh Linux console
        assertThat(shell.machine.words().getInt(0) & ~Termios.IUTF8).isEqualTo(0x500);
        assertThat(shell.machine.words().getInt(4)).isEqualTo(5);
        assertThat(shell.machine.words().getInt(12)).isEqualTo(0x8a3b);
        assertThat(shell.machine.memory[17 + Termios.VERASE]).isEqualTo((byte) 127);
        shell.machine.memory[17 + Termios.VINTR] = 24;
        assertThat(ioctl(0x5402, 0)).isZero();
        shell.type("\003\030");
        assertThat(shell.machine.signals).containsExactly("10:2");
    }

    @Test
    void theNewerStructureHasSpeeds() {
        assertThat(ioctl(0x802C542A, 0)).isZero();
        assertThat(shell.machine.words().getInt(36)).isEqualTo(38400);
        shell.machine.words().putInt(8, shell.machine.words().getInt(8) & ~017 | 010002);
        assertThat(ioctl(0x402C542B, 0)).isZero();
        assertThat(ioctl(0x802C542A, 0)).isZero();
        assertThat(shell.machine.words().getInt(40)).isEqualTo(115200);
    }

    @Test
    void systemVsStructureHasTheLowBitsAndEightCharacters() {
        assertThat(ioctl(0x5405, 0)).isZero();
        assertThat(shell.machine.words().getShort(0) & ~Termios.IUTF8).isEqualTo((short) 0x500);
        assertThat(shell.machine.memory[9 + Termios.VERASE]).isEqualTo((byte) 127);
        shell.machine.memory[9 + Termios.VINTR] = 24;
        assertThat(ioctl(0x5406, 0)).isZero();
        shell.type("\003\030");
        assertThat(shell.machine.signals).containsExactly("10:2");
    }

    @Test
    void lockedSettingsStay() {
        shell.machine.words().putInt(12, Termios.ECHO);
        assertThat(ioctl(0x5457, 0)).isZero();
        ioctl(0x5401, 0);
        shell.machine.words().putInt(12, 0);
        assertThat(ioctl(0x5402, 0)).isZero();
        ioctl(0x5401, 0);
        assertThat(shell.machine.words().getInt(12)).isEqualTo(Termios.ECHO);
        assertThat(ioctl(0x5456, 0)).isZero();
        assertThat(shell.machine.words().getInt(12)).isEqualTo(Termios.ECHO);
    }

    @Test
    void badAddressesAreRefused() {
        for (int command : new int[] {0x5401, 0x5402, 0x5403, 0x5404, 0x802C542A, 0x402C542B, 0x5413, 0x5414, 0x541B}) {
            assertThat(ioctl(command, 4094)).as("%x", command).isEqualTo(-Errno.EFAULT);
        }
    }

    @Test
    void drainingWaitsForTheOutput() {
        shell.screen.room = 0;
        shell.machine.write(shell.leader, shell.file, "slow");
        assertThat(ioctl(0x5409, 1)).isEqualTo(Kernel.BLOCKED);
        assertThat(ioctl(0x5411, 0)).isZero();
        assertThat(shell.machine.words().getInt(0)).isEqualTo(4);
        shell.screen.room = 100;
        shell.screen.changed();
        assertThat(shell.leader.waiting()).isZero();
        assertThat(ioctl(0x5409, 1)).isZero();
    }

    @Test
    void queuesCanBeCountedAndFlushed() {
        shell.type("abc\rd");
        ioctl(0x541B, 0);
        assertThat(shell.machine.words().getInt(0)).isEqualTo(4);
        assertThat(ioctl(0x540B, 0)).isZero();
        ioctl(0x541B, 0);
        assertThat(shell.machine.words().getInt(0)).isZero();
        assertThat(ioctl(0x540B, 3)).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void outputIsStoppedAndStarted() {
        assertThat(ioctl(0x540A, 0)).isZero();
        shell.machine.write(shell.leader, shell.file, "x");
        assertThat(shell.shown()).isEmpty();
        assertThat(ioctl(0x540A, 1)).isZero();
        assertThat(shell.shown()).isEqualTo("x");
    }

    @Test
    void fakedInputIsRefusedAndTheRestUnknown() {
        assertThat(ioctl(0x5412, 0)).isEqualTo(-Errno.EIO);
        assertThat(ioctl(0x4B33, 0)).isEqualTo(-Errno.ENOTTY);
    }
}
