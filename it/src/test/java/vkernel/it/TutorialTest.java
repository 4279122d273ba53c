package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's tutorial, as a person follows it at a terminal. */
class TutorialTest {
    private static final String FIRST_LINE = "int sold = 0;";

    @TempDir
    private Path folder;

    private Tmux tmux;

    @BeforeEach
    void open() {
        assumeTrue(Tmux.present(), "needs tmux");
        tmux = new Tmux();
        tmux.line("cd " + folder);
    }

    @AfterEach
    void close() {
        if (tmux != null) {
            tmux.close();
        }
    }

    @Test
    void aSchedulerOfOnesOwn() throws IOException {
        tmux.line(Vk.SCRIPT + " new sched lottery && " + Vk.SCRIPT + " boot --watch lottery; echo ended=$?");
        tmux.waitFor("reloaded sched (lottery)");
        tmux.line("while :; do :; done &");
        tmux.waitFor("[1]");
        clear();
        edit("QUANTUM = 5_000_000", "QUANTUM = 7_000_000");
        tmux.waitFor("reloaded sched (lottery)");
        clear();
        edit("return null;", "return nul;");
        tmux.waitFor("lottery/Lottery.java:56:20: cannot find symbol");
        tmux.waitFor("1 error, the old code runs on");
        clear();
        edit("return nul;", "return null;");
        edit(FIRST_LINE, "if (!tasks.isEmpty()) throw new IllegalStateException(\"oh no\"); " + FIRST_LINE);
        tmux.waitFor("IllegalStateException: oh no");
        tmux.waitFor("was taken out");
        clear();
        edit("if (!tasks.isEmpty()) throw new IllegalStateException(\"oh no\");", "while (runnable() >= 0) {}");
        tmux.waitFor("was taken out");
        tmux.keys("C-a", "c");
        tmux.waitFor("vk>");
        tmux.line("sched:list");
        tmux.waitFor("lottery  true");
        tmux.keys("C-a", "c");
        tmux.line("kill %1; poweroff");
        tmux.waitFor("ended=0");
    }

    private void clear() {
        tmux.line("clear");
        tmux.waitForNo("reloaded");
        tmux.waitForNo("taken out");
    }

    private void edit(String what, String to) throws IOException {
        Path file = folder.resolve("lottery/Lottery.java");
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, to));
    }
}
