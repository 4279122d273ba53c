package vkernel.drivers.console;

import java.util.Map;
import vkernel.dev.Termios;
import vkernel.dev.Tty;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.task.Task;

/** A session leader at a terminal: the fixture of most tests. */
final class Shell {
    static final long TTYS0 = Mode.device(4, 64);

    final FakeChannel screen = new FakeChannel(true);
    final Machine machine = new Machine(Map.of("console", screen));
    final Task leader = machine.task(10, null, 10);
    final OpenFile file = machine.open(leader, TTYS0, Mode.O_RDWR);
    final Tty tty = (Tty) java.util.Objects.requireNonNull(file.data);

    void type(String text) {
        screen.type(text);
    }

    String read() {
        return read(100);
    }

    String read(int length) {
        return machine.read(leader, file, length);
    }

    String shown() {
        return screen.shown();
    }

    /** Switches local flags off by tcsetattr(3). */
    void without(int local) {
        set(tty.termios.local & ~local);
    }

    void with(int local) {
        set(tty.termios.local | local);
    }

    private void set(int local) {
        long error = machine.ioctl(leader, file, 0x5401, 0);
        machine.words().putInt(12, local);
        error |= machine.ioctl(leader, file, 0x5402, 0);
        if (error != 0) {
            throw new AssertionError("tcsetattr: " + error);
        }
    }

    /** Raw mode: no lines, no echo, no signals. */
    void raw(int min, int time) {
        tty.termios.chars[Termios.VMIN] = (byte) min;
        tty.termios.chars[Termios.VTIME] = (byte) time;
        without(Termios.ICANON | Termios.ECHO | Termios.ISIG);
    }
}
