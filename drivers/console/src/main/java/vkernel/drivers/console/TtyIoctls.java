package vkernel.drivers.console;

import static vkernel.dev.Termios.ICANON;
import static vkernel.dev.Termios.IXON;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;
import vkernel.dev.Termios;
import vkernel.dev.Tty;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Signal;
import vkernel.task.Task;

/** The ioctls of terminals (tty_ioctl(4); numbers: asm-generic/ioctls.h). */
final class TtyIoctls {
    private static final int TCGETS = 0x5401, TCSETS = 0x5402, TCSETSW = 0x5403, TCSETSF = 0x5404;
    private static final int TCGETA = 0x5405, TCSETA = 0x5406, TCSETAW = 0x5407, TCSETAF = 0x5408;
    private static final int TCGETS2 = 0x802C542A, TCSETS2 = 0x402C542B, TCSETSW2 = 0x402C542C;
    private static final int TCSETSF2 = 0x402C542D;
    private static final int TIOCGLCKTRMIOS = 0x5456, TIOCSLCKTRMIOS = 0x5457;
    private static final int TCSBRK = 0x5409, TCXONC = 0x540A, TCFLSH = 0x540B, TCSBRKP = 0x5425;
    private static final int TIOCSCTTY = 0x540E, TIOCGPGRP = 0x540F, TIOCSPGRP = 0x5410, TIOCNOTTY = 0x5422;
    private static final int TIOCGSID = 0x5429, TIOCOUTQ = 0x5411, TIOCSTI = 0x5412, FIONREAD = 0x541B;
    private static final int TIOCGWINSZ = 0x5413, TIOCSWINSZ = 0x5414;
    private static final int TIOCGSERIAL = 0x541E;
    /** Size of struct serial_struct (linux/serial.h). */
    private static final int SERIAL = 72;

    private static final int TIOCSETD = 0x5423, TIOCGETD = 0x5424, TIOCGDEV = 0x80045432;

    private final Kernel kernel;
    private final JobControl jobs;

    TtyIoctls(Kernel kernel) {
        this.kernel = kernel;
        jobs = new JobControl(kernel);
    }

    long ioctl(Task task, OpenFile file, TtyPort port, int command, long argument) {
        Tty tty = port.tty;
        if (tty.hungUp) {
            return command == TIOCSPGRP ? -Errno.ENOTTY : -Errno.EIO;
        }
        return switch (command) {
            case TCGETS -> write(task, argument, TermiosLayout.encode(tty.termios, TermiosLayout.TERMIOS));
            case TCGETS2 -> write(task, argument, TermiosLayout.encode(tty.termios, TermiosLayout.TERMIOS2));
            case TCGETA -> write(task, argument, TermiosLayout.encode(tty.termios, TermiosLayout.TERMIO));
            case TCSETA, TCSETAW, TCSETAF ->
                setTermios(task, file, port, argument, TermiosLayout.TERMIO, command - TCSETA);
            case TCSETS, TCSETSW, TCSETSF ->
                setTermios(task, file, port, argument, TermiosLayout.TERMIOS, command - TCSETS);
            case TCSETS2, TCSETSW2, TCSETSF2 ->
                setTermios(task, file, port, argument, TermiosLayout.TERMIOS2, command - TCSETS2);
            case TIOCGLCKTRMIOS -> write(task, argument, TermiosLayout.encode(tty.locks, TermiosLayout.TERMIOS));
            case TIOCSLCKTRMIOS -> setLocks(task, tty, argument);
            case TCSBRK, TCSBRKP -> drain(task, port);
            case TCXONC -> flow(task, port, argument);
            case TCFLSH -> flush(task, port, argument);
            case TIOCSCTTY -> jobs.take(task, tty, file.readable(), argument);
            case TIOCNOTTY -> jobs.giveUp(task, tty);
            case TIOCGPGRP -> JobControl.controls(tty, task) ? put(task, argument, tty.foreground) : -Errno.ENOTTY;
            case TIOCGSID ->
                JobControl.controls(tty, task) ? put(task, argument, task.process.session.sid) : -Errno.ENOTTY;
            case TIOCSPGRP -> {
                byte[] group = read(task, argument, 4);
                yield jobs.foreground(
                        task, tty, group == null ? null : little(group).getInt());
            }
            case TIOCGWINSZ -> write(task, argument, window(tty));
            case TIOCSWINSZ -> setWindow(task, port, argument);
            case FIONREAD -> put(task, argument, tty.input.count());
            case TIOCOUTQ -> put(task, argument, tty.pty != null ? 0 : tty.output.count());
            // for cttyhack, which asks a console which serial line it is
            case TIOCGSERIAL -> write(task, argument, serial(tty));
            case TIOCGETD -> put(task, argument, tty.termios.discipline);
            case TIOCSETD -> setDiscipline(task, argument);
            case TIOCGDEV -> put(task, argument, (int) tty.rdev);
            // faking input is refused, as with dev.tty.legacy_tiocsti=0
            case TIOCSTI -> -Errno.EIO;
            default -> -Errno.ENOTTY;
        };
    }

    /** A channel that is no terminal knows what a pipe knows. */
    long ioctl(Task task, StreamPort port, int command, long argument) {
        return command == FIONREAD ? put(task, argument, port.stream.input.count()) : -Errno.ENOTTY;
    }

    /** @param when 0 now (TCSANOW), 1 after the output (TCSADRAIN), 2 also forgetting the input (TCSAFLUSH) */
    private long setTermios(Task task, OpenFile file, TtyPort port, long address, int size, int when) {
        Tty tty = port.tty;
        long allowed = jobs.check(task, tty, Signal.SIGTTOU);
        if (allowed != 0) {
            return allowed;
        }
        byte[] wanted = read(task, address, size);
        if (wanted == null) {
            return -Errno.EFAULT;
        }
        if (when > 0 && !sent(task, port)) {
            return Kernel.BLOCKED;
        }
        if (when == 2) {
            LineDiscipline.flushInput(tty);
        }
        boolean canonical = (tty.termios.local & ICANON) != 0;
        byte[] before = TermiosLayout.encode(tty.termios, TermiosLayout.TERMIOS);
        TermiosLayout.decode(wanted, tty.termios);
        Termios old = new Termios();
        TermiosLayout.decode(before, old);
        tty.termios.keep(old, tty.locks);
        if (canonical != ((tty.termios.local & ICANON) != 0)) {
            port.discipline.modeChanged(tty);
        }
        if ((tty.termios.input & IXON) == 0) {
            tty.stopped = false;
        }
        port.service();
        return 0;
    }

    private long setLocks(Task task, Tty tty, long address) {
        if (!task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return -Errno.EPERM;
        }
        byte[] wanted = read(task, address, TermiosLayout.TERMIOS);
        if (wanted == null) {
            return -Errno.EFAULT;
        }
        TermiosLayout.decode(wanted, tty.locks);
        return 0;
    }

    private static boolean sent(Task task, TtyPort port) {
        port.transmit();
        // what a pseudo-terminal has printed is its master's, read or not: nobody waits for it
        if (port.tty.output.isEmpty() || port.tty.pty != null) {
            return true;
        }
        task.waitOn(port.tty.forOutput);
        return false;
    }

    /** TCSBRK: a host's channel knows no break, so sending one is waiting for the output only, as tcdrain(3) does. */
    private long drain(Task task, TtyPort port) {
        long allowed = jobs.check(task, port.tty, Signal.SIGTTOU);
        return allowed != 0 ? allowed : sent(task, port) ? 0 : Kernel.BLOCKED;
    }

    /** TCXONC: stops (0) and starts (1) output; telling the other side to stop (2, 3) has nobody to obey. */
    private long flow(Task task, TtyPort port, long action) {
        long allowed = jobs.check(task, port.tty, Signal.SIGTTOU);
        if (allowed != 0) {
            return allowed;
        }
        if (action < 0 || action > 3) {
            return -Errno.EINVAL;
        }
        if (action < 2) {
            port.tty.stopped = action == 0;
            port.transmit();
        }
        return 0;
    }

    /** TCFLSH: forgets input (0), output (1) or both (2). */
    private long flush(Task task, TtyPort port, long queue) {
        long allowed = jobs.check(task, port.tty, Signal.SIGTTOU);
        if (allowed != 0) {
            return allowed;
        }
        if (queue < 0 || queue > 2) {
            return -Errno.EINVAL;
        }
        if (queue != 1) {
            LineDiscipline.flushInput(port.tty);
        }
        if (queue != 0) {
            port.discipline.flushOutput(port.tty);
        }
        return 0;
    }

    /** Of struct serial_struct the number of the line; the rest is about hardware. */
    private static byte[] serial(Tty tty) {
        return little(new byte[SERIAL])
                .putInt(4, Mode.minor(tty.rdev) - Ports.FIRST)
                .array();
    }

    private static byte[] window(Tty tty) {
        return little(new byte[8])
                .putShort((short) tty.rows)
                .putShort((short) tty.columns)
                .array();
    }

    private long setWindow(Task task, TtyPort port, long address) {
        byte[] size = read(task, address, 8);
        if (size == null) {
            return -Errno.EFAULT;
        }
        ByteBuffer fields = little(size);
        port.resize(fields.getShort() & 0xffff, fields.getShort() & 0xffff);
        return 0;
    }

    /** TIOCSETD: there is one line discipline, N_TTY. */
    private long setDiscipline(Task task, long address) {
        byte[] wanted = read(task, address, 4);
        return wanted == null ? -Errno.EFAULT : little(wanted).getInt() == 0 ? 0 : -Errno.EINVAL;
    }

    private byte @Nullable [] read(Task task, long address, int size) {
        byte[] bytes = new byte[size];
        return kernel.vm().read(task.memory(), address, bytes, 0, size) ? bytes : null;
    }

    private long write(Task task, long address, byte[] bytes) {
        return kernel.vm().write(task.memory(), address, bytes, 0, bytes.length) ? 0 : -Errno.EFAULT;
    }

    private long put(Task task, long address, int value) {
        return write(task, address, little(new byte[4]).putInt(value).array());
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
