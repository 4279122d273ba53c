package vkernel.drivers.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import vkernel.dev.Termios;
import vkernel.fs.Mode;
import vkernel.kern.Kernel;

/** Reads without line editing, and changes of mode. */
class RawModeTest {
    private static final long TENTH = 100_000_000;

    private final Shell shell = new Shell();

    @Test
    void charactersAreReadAtOnceAndUnchanged() {
        shell.tty.termios.input &= ~Termios.ICRNL;
        shell.raw(1, 0);
        shell.type("a\r\003\177");
        assertThat(shell.read()).isEqualTo("a\r\003\177");
        assertThat(shell.shown()).isEmpty();
    }

    @Test
    void minCharactersAreWaitedFor() {
        shell.raw(3, 0);
        shell.type("ab");
        assertThat(shell.read()).isEqualTo("blocked");
        shell.type("c");
        assertThat(shell.read()).isEqualTo("abc");
    }

    @Test
    void aReadForFewerThanMinIsContentWithThose() {
        shell.raw(5, 0);
        shell.type("ab");
        assertThat(shell.read(2)).isEqualTo("ab");
    }

    @Test
    void minZeroWithoutTimeNeverWaits() {
        shell.raw(0, 0);
        assertThat(shell.read()).isEqualTo("EOF");
        shell.type("a");
        assertThat(shell.read()).isEqualTo("a");
    }

    @Test
    void minZeroWithTimeWaitsThatLongForACharacter() {
        shell.raw(0, 5);
        assertThat(shell.read()).isEqualTo("blocked");
        assertThat(shell.leader.restart.deadline).isEqualTo(5 * TENTH);
        shell.machine.now = 4 * TENTH;
        assertThat(shell.read()).isEqualTo("blocked");
        assertThat(shell.leader.restart.deadline).isEqualTo(5 * TENTH);
        shell.machine.now = 5 * TENTH;
        assertThat(shell.read()).isEqualTo("EOF");
    }

    @Test
    void minWithTimeWaitsBetweenCharactersOnly() {
        shell.raw(10, 2);
        assertThat(shell.read()).isEqualTo("blocked");
        assertThat(shell.leader.restart.deadline).isEqualTo(Long.MAX_VALUE);
        shell.machine.now = 50 * TENTH;
        shell.type("ab");
        assertThat(shell.read()).isEqualTo("blocked");
        assertThat(shell.leader.restart.deadline).isEqualTo(52 * TENTH);
        shell.machine.now = 51 * TENTH;
        shell.type("c");
        shell.machine.now = 52 * TENTH;
        assertThat(shell.read()).isEqualTo("blocked");
        assertThat(shell.leader.restart.deadline).isEqualTo(53 * TENTH);
        shell.machine.now = 53 * TENTH;
        assertThat(shell.read()).isEqualTo("abc");
    }

    @Test
    void aLineHalfTypedCanBeReadOnceTheModeIsRaw() {
        shell.type("ha");
        shell.raw(1, 0);
        assertThat(shell.read()).isEqualTo("ha");
    }

    @Test
    void whatWasTypedRawIsOnePieceOnceTheModeIsCanonical() {
        shell.raw(1, 0);
        shell.type("ab\rcd");
        shell.with(Termios.ICANON);
        assertThat(shell.read()).isEqualTo("ab\ncd");
        assertThat(shell.read()).isEqualTo("blocked");
    }

    @Test
    void flushingWhileSettingForgetsTheInput() {
        shell.type("old\r");
        shell.machine.ioctl(shell.leader, shell.file, 0x5401, 0);
        assertThat(shell.machine.ioctl(shell.leader, shell.file, 0x5404, 0)).isZero();
        assertThat(shell.read()).isEqualTo("blocked");
    }

    @Test
    void pollSaysWhatAReadWouldDo() {
        assertThat(poll() & Mode.POLLIN).isZero();
        shell.type("a");
        assertThat(poll() & Mode.POLLIN).isZero();
        shell.type("\r");
        assertThat(poll()).isEqualTo(Mode.POLLIN | Mode.POLLRDNORM | Mode.POLLOUT | Mode.POLLWRNORM);
        assertThat(shell.file.ops().poll(shell.file, shell.leader)).isPositive();
        assertThat(shell.leader.waiting()).isEqualTo(2);
    }

    private int poll() {
        return shell.file.ops().poll(shell.file, null);
    }

    @Test
    void newlinesAreShownWithReturnsUnlessOutputIsRaw() {
        shell.machine.write(shell.leader, shell.file, "a\nb");
        assertThat(shell.shown()).isEqualTo("a\r\nb");
        shell.tty.termios.output = 0;
        shell.machine.write(shell.leader, shell.file, "a\nb");
        assertThat(shell.shown()).isEqualTo("a\nb");
    }

    @Test
    void tabsAreExpandedWhenAskedFor() {
        shell.tty.termios.output |= Termios.TABDLY;
        shell.machine.write(shell.leader, shell.file, "é\tb\n\tc");
        assertThat(shell.shown()).isEqualTo("é       b\r\n        c");
    }

    @Test
    void aWriterWaitsWhileTheTerminalIsSlowAndNothingIsLost() {
        shell.screen.room = 1000;
        String text = "0123456789".repeat(5000);
        StringBuilder seen = new StringBuilder();
        int blocked = 0;
        for (int at = 0; at < text.length(); ) {
            long n = shell.machine.write(shell.leader, shell.file, text.substring(at));
            if (n == Kernel.BLOCKED) {
                blocked++;
                assertThat(shell.leader.waiting()).isEqualTo(1);
                shell.screen.room = 7000;
                shell.screen.changed();
                assertThat(shell.leader.waiting()).isZero();
                seen.append(shell.shown());
            } else {
                at += (int) n;
            }
        }
        shell.screen.room = Integer.MAX_VALUE;
        shell.screen.changed();
        assertThat(seen.append(shell.shown()).toString()).isEqualTo(text);
        assertThat(blocked).isPositive();
    }

    @Test
    void typingIsEchoedWhileAWriterFloodsTheTerminal() {
        shell.screen.room = 0;
        while (shell.machine.write(shell.leader, shell.file, "x".repeat(1000)) != Kernel.BLOCKED) {
            shell.leader.stopWaiting();
        }
        shell.type("ls\r");
        shell.screen.room = Integer.MAX_VALUE;
        shell.screen.changed();
        assertThat(shell.shown()).endsWith("xls\r\n");
    }

    /** Whatever is typed in whatever mode: the lengths of lines add up to the input. */
    @Test
    void linesAddUpWhateverIsTyped() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] typed = new byte[random.nextInt(20)];
            random.nextBytes(typed);
            switch (random.nextInt(6)) {
                case 0 -> shell.with(1 << random.nextInt(16));
                case 1 -> shell.without(1 << random.nextInt(16));
                case 2 -> shell.read(1 + random.nextInt(50));
                default -> shell.type(new String(typed, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
            shell.leader.stopWaiting();
            shell.leader.restart.clear();
            shell.machine.signals.clear();
            shell.tty.termios.local &= ~Termios.TOSTOP;
            boolean canonical = (shell.tty.termios.local & Termios.ICANON) != 0;
            int sum = shell.tty.lines.stream().mapToInt(Integer::intValue).sum();
            assertThat(sum).as("seed %d round %d", seed, round).isEqualTo(canonical ? shell.tty.input.count() : 0);
        }
    }
}
