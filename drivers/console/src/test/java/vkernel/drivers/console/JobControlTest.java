package vkernel.drivers.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import vkernel.dev.Termios;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.SigAction;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Who may use a terminal. */
class JobControlTest {
    private static final int TIOCSCTTY = 0x540E;
    private static final int TIOCGPGRP = 0x540F;
    private static final int TIOCSPGRP = 0x5410;
    private static final int TIOCGWINSZ = 0x5413;
    private static final int TIOCSWINSZ = 0x5414;
    private static final int TIOCNOTTY = 0x5422;
    private static final int TIOCGSID = 0x5429;

    private final Shell shell = new Shell();
    private final Machine machine = shell.machine;

    private Task job(int pid) {
        Task job = machine.task(pid, shell.leader.process.session, pid);
        job.process.parent = shell.leader.process;
        return job;
    }

    @Test
    void aSessionLeaderGetsTheTerminalThatItOpens() {
        assertThat(shell.leader.process.session.tty).isSameAs(shell.tty);
        assertThat(shell.tty.foreground).isEqualTo(10);
        assertThat(machine.open(shell.leader, Mode.device(5, 0), Mode.O_RDWR).data)
                .isSameAs(shell.tty);
    }

    @Test
    void withNoCttyOrByTheConsoleOrForWritingOnlyItDoesNot() {
        Machine fresh = new Shell().machine;
        fresh.processes.process(10).session.tty = null;
        Task other = fresh.task(20, null, 20);
        fresh.open(other, Shell.TTYS0, Mode.O_RDWR | Mode.O_NOCTTY);
        fresh.open(other, Mode.device(5, 1), Mode.O_RDWR);
        fresh.open(other, Shell.TTYS0, Mode.O_WRONLY);
        assertThat(other.process.session.tty).isNull();
    }

    @Test
    void withoutAControllingTerminalDevTtyIsNoDevice() {
        Task daemon = machine.task(20, null, 20);
        OpenFile file = machine.file(Mode.device(5, 0), Mode.O_RDWR);
        assertThat(machine.console.open(daemon, file)).isEqualTo(-Errno.ENXIO);
    }

    @Test
    void aBackgroundReadStopsItsGroup() {
        Task job = job(11);
        assertThat(machine.read(job, shell.file, 10)).isEqualTo("blocked");
        assertThat(machine.signals).containsExactly("11:" + Signal.SIGTTIN);
    }

    @Test
    void aBackgroundReadThatIgnoresTheSignalFails() {
        Task job = job(11);
        job.handlers.set(Signal.SIGTTIN, new SigAction(SigAction.IGNORE, 0, 0));
        assertThat(machine.read(job, shell.file, 10)).isEqualTo("EIO");
        Task blocker = job(12);
        blocker.sigMask = Signal.bit(Signal.SIGTTIN);
        assertThat(machine.read(blocker, shell.file, 10)).isEqualTo("EIO");
        assertThat(machine.signals).isEmpty();
    }

    @Test
    void aBackgroundReadOfAnOrphanedGroupFails() {
        Task job = job(11);
        job.process.parent = machine.task(1, null, 1).process;
        assertThat(machine.read(job, shell.file, 10)).isEqualTo("EIO");
    }

    @Test
    void aBackgroundWriteIsStoppedUnderTostopOnly() {
        Task job = job(11);
        assertThat(machine.write(job, shell.file, "x")).isEqualTo(1);
        shell.with(Termios.TOSTOP);
        assertThat(machine.write(job, shell.file, "x")).isEqualTo(Kernel.BLOCKED);
        assertThat(machine.signals).containsExactly("11:" + Signal.SIGTTOU);
    }

    @Test
    void aBackgroundChangeOfTheTerminalIsStoppedUnlessIgnored() {
        Task job = job(11);
        machine.words().putInt(0, 11);
        assertThat(machine.ioctl(job, shell.file, TIOCSPGRP, 0)).isEqualTo(Kernel.BLOCKED);
        assertThat(shell.tty.foreground).isEqualTo(10);
        job.sigMask = Signal.bit(Signal.SIGTTOU);
        assertThat(machine.ioctl(job, shell.file, TIOCSPGRP, 0)).isZero();
        assertThat(shell.tty.foreground).isEqualTo(11);
    }

    @Test
    void onlyGroupsOfTheSessionComeToTheForeground() {
        machine.task(20, null, 20);
        assertThat(foreground(20)).isEqualTo(-Errno.EPERM);
        assertThat(foreground(99)).isEqualTo(-Errno.ESRCH);
        assertThat(foreground(-1)).isEqualTo(-Errno.EINVAL);
        assertThat(machine.ioctl(shell.leader, shell.file, TIOCSPGRP, 4094)).isEqualTo(-Errno.EFAULT);
        job(11);
        assertThat(foreground(11)).isZero();
    }

    private long foreground(int group) {
        machine.words().putInt(0, group);
        return machine.ioctl(shell.leader, shell.file, TIOCSPGRP, 0);
    }

    @Test
    void theTerminalTellsItsGroupAndSessionToThoseItControls() {
        assertThat(machine.ioctl(shell.leader, shell.file, TIOCGPGRP, 8)).isZero();
        assertThat(machine.ioctl(shell.leader, shell.file, TIOCGSID, 12)).isZero();
        assertThat(machine.words().getInt(8)).isEqualTo(10);
        assertThat(machine.words().getInt(12)).isEqualTo(10);
        Task stranger = machine.task(20, null, 20);
        assertThat(machine.ioctl(stranger, shell.file, TIOCGPGRP, 0)).isEqualTo(-Errno.ENOTTY);
        assertThat(machine.ioctl(stranger, shell.file, TIOCGSID, 0)).isEqualTo(-Errno.ENOTTY);
    }

    @Test
    void aTakenTerminalIsGivenToAnotherSessionByRootOnly() {
        Task other = machine.task(20, null, 20);
        assertThat(machine.ioctl(other, shell.file, TIOCSCTTY, 0)).isEqualTo(-Errno.EPERM);
        Credentials user = new Credentials(5, 5, 5, 5, 5, 5, 5, 5, java.util.List.of());
        other.credentials = user;
        assertThat(machine.ioctl(other, shell.file, TIOCSCTTY, 1)).isEqualTo(-Errno.EPERM);
        other.credentials = Credentials.ROOT;
        assertThat(machine.ioctl(other, shell.file, TIOCSCTTY, 1)).isZero();
        assertThat(shell.leader.process.session.tty).isNull();
        assertThat(shell.tty.session).isSameAs(other.process.session);
    }

    @Test
    void aLeaderThatGivesUpItsTerminalHangsUpTheForeground() {
        job(11);
        foreground(11);
        assertThat(machine.ioctl(shell.leader, shell.file, TIOCNOTTY, 0)).isZero();
        assertThat(machine.signals).containsExactly("11:1", "11:18");
        assertThat(shell.tty.session).isNull();
        assertThat(machine.ioctl(shell.leader, shell.file, TIOCNOTTY, 0)).isEqualTo(-Errno.ENOTTY);
    }

    @Test
    void aNewWindowSizeIsToldToTheForeground() {
        machine.ioctl(shell.leader, shell.file, TIOCGWINSZ, 0);
        assertThat(machine.words().getInt(0)).isEqualTo(80 << 16 | 25);
        shell.screen.rows = 50;
        shell.screen.changed();
        shell.screen.changed();
        assertThat(machine.signals).containsExactly("10:28");
        machine.words().putInt(0, 100 << 16 | 30);
        machine.ioctl(shell.leader, shell.file, TIOCSWINSZ, 0);
        shell.screen.changed();
        assertThat(machine.signals).containsExactly("10:28", "10:28");
        assertThat(shell.tty.rows).isEqualTo(30);
        assertThat(shell.tty.columns).isEqualTo(100);
    }

    @Test
    void theEndOfInputIsAnEndOfFileAndThenAHangUp() {
        shell.type("last\rhalf");
        shell.screen.end();
        assertThat(shell.read()).isEqualTo("last\n");
        assertThat(shell.read()).isEqualTo("half");
        assertThat(shell.read()).isEqualTo("EOF");
        assertThat(machine.signals).isEmpty();
        assertThat(machine.write(shell.leader, shell.file, "bye")).isEqualTo(3);
        assertThat(shell.read()).isEqualTo("EOF");
        assertThat(machine.signals).containsExactly("10!1", "10!18");
        assertThat(machine.write(shell.leader, shell.file, "x")).isEqualTo(-Errno.EIO);
        assertThat(machine.ioctl(shell.leader, shell.file, TIOCGWINSZ, 0)).isEqualTo(-Errno.EIO);
        assertThat(shell.file.ops().poll(shell.file, null) & Mode.POLLHUP).isNotZero();
    }

    @Test
    void aWaitingReaderIsWokenByTheEndOfInput() {
        assertThat(shell.read()).isEqualTo("blocked");
        shell.screen.end();
        assertThat(shell.leader.waiting()).isZero();
        assertThat(shell.read()).isEqualTo("EOF");
    }
}
