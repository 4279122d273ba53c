package vkernel.drivers.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import vkernel.dev.Termios;

/** What is typed in canonical mode, what is read, and what is seen. */
class LineDisciplineTest {
    private final Shell shell = new Shell();

    @Test
    void lineIsReadWholeAndOnlyOnceItIsComplete() {
        shell.type("ec");
        assertThat(shell.read()).isEqualTo("blocked");
        shell.type("ho\r");
        assertThat(shell.leader.waiting()).isZero();
        assertThat(shell.read()).isEqualTo("echo\n");
        assertThat(shell.shown()).isEqualTo("echo\r\n");
        assertThat(shell.read()).isEqualTo("blocked");
    }

    @Test
    void readTakesOneLineAtATimeAndLeavesWhatDoesNotFit() {
        shell.type("abcdef\rgh\r");
        assertThat(shell.read(4)).isEqualTo("abcd");
        assertThat(shell.read(100)).isEqualTo("ef\n");
        assertThat(shell.read(100)).isEqualTo("gh\n");
    }

    @Test
    void eraseTakesBackACharacterOnTheScreenToo() {
        shell.type("ab\177\177\177c\r");
        assertThat(shell.read()).isEqualTo("c\n");
        assertThat(shell.shown()).isEqualTo("ab\b \b\b \bc\r\n");
    }

    @Test
    void eraseTakesBackAllBytesOfACharacterAndOneColumn() {
        shell.type("aé€\177\177\r");
        assertThat(shell.read()).isEqualTo("a\n");
        assertThat(shell.shown()).isEqualTo("aé€\b \b\b \b\r\n");
    }

    @Test
    void withoutUtf8EveryByteIsACharacter() {
        shell.tty.termios.input &= ~Termios.IUTF8;
        shell.type("é\177\177x\r");
        assertThat(shell.read()).isEqualTo("x\n");
    }

    @Test
    void eraseOfAControlCharacterTakesBackTwoColumns() {
        shell.type("\001\177\r");
        assertThat(shell.shown()).isEqualTo("^A\b \b\b \b\r\n");
        assertThat(shell.read()).isEqualTo("\n");
    }

    @Test
    void eraseOfATabGoesBackToWhereItBegan() {
        shell.machine.write(shell.leader, shell.file, "$ ");
        shell.type("ab\t\177\177");
        assertThat(shell.shown()).isEqualTo("$ ab\t\b\b\b\b\b \b");
    }

    @Test
    void wordEraseTakesBlanksAndTheWordBefore() {
        shell.type("rm my_file  \027x\r");
        assertThat(shell.read()).isEqualTo("rm x\n");
    }

    @Test
    void killTakesBackTheLine() {
        shell.type("ab\025c\r");
        assertThat(shell.read()).isEqualTo("c\n");
        assertThat(shell.shown()).isEqualTo("ab\b \b\b \bc\r\n");
    }

    @Test
    void killWithoutVisualEraseGoesToANewLine() {
        shell.without(Termios.ECHOKE);
        shell.type("ab\025c\r");
        assertThat(shell.read()).isEqualTo("c\n");
        assertThat(shell.shown()).isEqualTo("ab^U\r\nc\r\n");
    }

    @Test
    void reprintShowsTheLineAgain() {
        shell.type("ab\022c\r");
        assertThat(shell.shown()).isEqualTo("ab^R\r\nabc\r\n");
        assertThat(shell.read()).isEqualTo("abc\n");
    }

    @Test
    void literalNextTakesTheMeaningFromAKey() {
        shell.type("a\026\003\026\177b\r");
        assertThat(shell.read()).isEqualTo("a\003\177b\n");
        assertThat(shell.shown()).isEqualTo("a^\b^C^\b^?b\r\n");
        assertThat(shell.machine.signals).isEmpty();
    }

    @Test
    void endOfFileKeyGivesWhatWasTypedWithoutAnEnd() {
        shell.type("ab\004");
        assertThat(shell.read()).isEqualTo("ab");
        assertThat(shell.read()).isEqualTo("blocked");
    }

    @Test
    void endOfFileKeyOnAnEmptyLineIsAnEndOfFileOnce() {
        shell.type("\004");
        assertThat(shell.read()).isEqualTo("EOF");
        assertThat(shell.read()).isEqualTo("blocked");
    }

    @Test
    void readOfExactlyWhatWasTypedBeforeTheEndOfFileKeyTakesTheKeyToo() {
        shell.type("abc\004");
        assertThat(shell.read(3)).isEqualTo("abc");
        assertThat(shell.read(3)).isEqualTo("blocked");
    }

    @Test
    void anExtraEndOfLineCharacterEndsALine() {
        shell.tty.termios.chars[Termios.VEOL] = ';';
        shell.type("a;b\r");
        assertThat(shell.read()).isEqualTo("a;");
        assertThat(shell.read()).isEqualTo("b\n");
    }

    @Test
    void carriageReturnsAndNewlinesAreMappedAsAskedFor() {
        shell.tty.termios.input = Termios.IGNCR | Termios.INLCR;
        shell.type("a\rb\n\004");
        assertThat(shell.read()).isEqualTo("ab\r");
        shell.tty.termios.input = 0;
        shell.type("c\rd\n");
        assertThat(shell.read()).isEqualTo("c\rd\n");
    }

    @Test
    void passwordIsNotEchoedButItsEndCanBe() {
        shell.without(Termios.ECHO);
        shell.with(Termios.ECHONL);
        shell.type("secret\177T\r");
        assertThat(shell.read()).isEqualTo("secreT\n");
        assertThat(shell.shown()).isEqualTo("\r\n");
    }

    @Test
    void interruptKeySignalsTheForegroundGroupAndForgetsTheLine() {
        shell.tty.foreground = 42;
        shell.type("rm -rf\003ls\r");
        assertThat(shell.machine.signals).containsExactly("42:2");
        shell.tty.foreground = 10;
        assertThat(shell.read()).isEqualTo("ls\n");
        assertThat(shell.shown()).endsWith("^Cls\r\n");
    }

    @Test
    void quitAndSuspendKeysSignalToo() {
        shell.type("\034\032");
        assertThat(shell.machine.signals).containsExactly("10:3", "10:20");
    }

    @Test
    void withNoflshTheLineStays() {
        shell.with(Termios.NOFLSH);
        shell.type("ab\003c\r");
        assertThat(shell.read()).isEqualTo("abc\n");
    }

    @Test
    void withoutIsigTheKeysAreCharacters() {
        shell.without(Termios.ISIG);
        shell.type("\003\r");
        assertThat(shell.read()).isEqualTo("\003\n");
        assertThat(shell.machine.signals).isEmpty();
    }

    @Test
    void stopKeyHoldsOutputUntilStart() {
        shell.type("\023");
        shell.machine.write(shell.leader, shell.file, "text");
        assertThat(shell.shown()).isEmpty();
        shell.type("\021");
        assertThat(shell.shown()).isEqualTo("text");
    }

    @Test
    void withIxanyAnyKeyStartsOutputAgain() {
        shell.tty.termios.input |= Termios.IXANY;
        shell.type("\023");
        shell.machine.write(shell.leader, shell.file, "text");
        shell.type("x");
        assertThat(shell.shown()).isEqualTo("textx");
    }

    @Test
    void tooLongALineLosesItsTailButCanStillEnd() {
        shell.type("x".repeat(6000) + "\r");
        String line = shell.read(10_000);
        assertThat(line).hasSize(4096).startsWith("xxx").endsWith("x\n");
        shell.type("next\r");
        assertThat(shell.read()).isEqualTo("next\n");
    }

    @Test
    void moreLinesThanTheBufferHoldsAllArrive() {
        String line = "y".repeat(99) + "\r";
        shell.type(line.repeat(100));
        for (int i = 0; i < 100; i++) {
            assertThat(shell.read(200)).hasSize(100);
        }
        assertThat(shell.read()).isEqualTo("blocked");
    }

    @Test
    void nonblockingReadOfNothingSaysSo() {
        shell.file.flags |= vkernel.fs.Mode.O_NONBLOCK;
        shell.type("half");
        assertThat(shell.read()).isEqualTo("EAGAIN");
    }
}
