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

/** A person's terminal on a kernel, by tmux. */
class TerminalTest {
    private static final String PROMPT = "root@vkernel";

    @TempDir
    private Path folder;

    private Tmux tmux;

    @BeforeEach
    void open() {
        assumeTrue(Tmux.present(), "needs tmux");
        tmux = new Tmux();
        tmux.line("stty -a > " + folder.resolve("before"));
    }

    @AfterEach
    void close() {
        if (tmux != null) {
            tmux.close();
        }
    }

    @Test
    void theSizeOfTheWindowReachesTheGuestAndItsStatusComesBack() {
        boot("");
        tmux.line("stty size");
        tmux.waitFor("30 100");
        tmux.resize(90, 25);
        tmux.line("stty size");
        tmux.waitFor("25 90");
        tmux.line("exit 3");
        tmux.waitFor("ended=3");
        tmux.resize(100, 30);
        assertRestored();
    }

    @Test
    void keysStopAndEndTheJobInFront() {
        boot("");
        tmux.line("sh -c 'echo sle\"\"eping; exec sleep 100'");
        tmux.waitFor("sleeping"); // only then the terminal makes signals of keys: an editing shell has them as they are
        tmux.keys("C-c");
        tmux.line("echo status=$?");
        tmux.waitFor("status=130");
        tmux.line("sh -c 'echo dream\"\"ing; sleep 100; echo cut sh\"\"ort'");
        tmux.waitFor("dreaming");
        tmux.keys("C-z");
        tmux.waitFor("Stopped");
        tmux.line("clear; fg");
        tmux.waitForNo("Stopped");
        tmux.waitFor("dream\"\"ing");
        tmux.keys("C-c");
        tmux.line("echo back=$?");
        tmux.waitFor("back=130");
        tmux.keys("C-d");
        tmux.waitFor("ended=0");
        assertRestored();
    }

    @Test
    void escapeSwitchesToTheKernelsShellAndBack() {
        boot("");
        tmux.keys("C-a", "c");
        tmux.waitFor("vk>");
        tmux.keys("p", "r", "o", "c", ":", "p", "Tab", "-", "-", "j", "Tab", "Enter");
        tmux.waitFor("\"command\": \"sh\"");
        tmux.line("sched:switch rr");
        tmux.waitFor("fair -> rr");
        tmux.line("help proc:maps");
        tmux.waitFor("the memory map of a process");
        tmux.line("help switch");
        tmux.waitFor("sched:switch - hands all tasks to another policy");
        tmux.keys("C-a", "c");
        tmux.line("echo gu''est");
        tmux.waitFor("guest");
        tmux.keys("C-a", "x");
        tmux.waitFor("ended=0");
        assertRestored();
    }

    @Test
    void theSameEscapeWorksUnderAProgram() {
        vk("run sh -c 'echo be\"\"gun; read line; echo got=$line; exit 4'");
        tmux.waitFor("begun");
        tmux.keys("C-a", "c");
        tmux.waitFor("vk>");
        tmux.line("sched:switch rr");
        tmux.waitFor("fair -> rr");
        tmux.keys("C-a", "c");
        tmux.line("some words");
        tmux.waitFor("got=some words");
        tmux.waitFor("ended=4");
        assertRestored();
    }

    @Test
    void theKernelsShellCanBeAskedForBeforeTheKernelIsUp() {
        vk("boot");
        tmux.pressUntil("The kernel's own shell", "C-a", "c");
        tmux.keys("C-a", "x");
        tmux.waitFor("ended=0");
        assertRestored();
    }

    @Test
    void rebootBootsAgainAndPoweroffEnds() {
        boot("");
        tmux.line("export FIRST=one; clear");
        tmux.waitForNo("Welcome");
        tmux.line("reboot");
        tmux.waitFor("Welcome");
        tmux.waitFor(PROMPT);
        tmux.line("echo x${FIRST}x");
        tmux.waitFor("xx");
        tmux.line("poweroff");
        tmux.waitFor("ended=0");
        assertRestored();
    }

    @Test
    void terminalIsGivenBackWhenKilled() {
        boot("");
        tmux.line("echo still h''ere");
        tmux.waitFor("still here");
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("-Dmark=" + folder))
                .forEach(ProcessHandle::destroy);
        tmux.waitFor("ended=143");
        assertRestored();
    }

    @Test
    void panicIsToldAfterTheTerminalIsGivenBack() {
        vk("boot --init /bin/nosuch");
        tmux.waitFor("vk: cannot run /bin/nosuch");
        tmux.waitFor("ended=125");
        assertRestored();
    }

    private void boot(String options) {
        vk("boot " + options);
        tmux.waitFor(PROMPT);
    }

    private void vk(String arguments) {
        tmux.line("VK_JAVA_OPTIONS=-Dmark=" + folder + " " + Vk.SCRIPT + " " + arguments + "; echo ended=$?");
    }

    private void assertRestored() {
        tmux.line("stty -a > " + folder.resolve("after") + "; echo do''ne");
        tmux.waitFor("done");
        try {
            assertThat(Files.readString(folder.resolve("after"))).isEqualTo(Files.readString(folder.resolve("before")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theShellOfADetachedKernelEditsAndCompletesLines() {
        String name = "it-dialogue-" + ProcessHandle.current().pid();
        try {
            assertThat(Vk.run("boot", "-d", "--name", name, "--init", "/bin/sh").err())
                    .isEmpty();
            tmux.line(Vk.SCRIPT + " shell " + name + "; echo left=$?");
            tmux.waitFor("vk>");
            tmux.keys("s", "c", "h", "e", "d", ":", "l", "Tab");
            tmux.waitFor("sched:list");
            tmux.keys("Enter");
            tmux.waitFor("fair");
            tmux.line("a = kept");
            tmux.line("$a");
            tmux.waitFor("$a\nkept"); // the session knows what a is
            tmux.line("sched:get");
            tmux.keys("Up", "Up");
            tmux.waitFor("vk> $a");
            tmux.keys("C-u", "C-d");
            tmux.waitFor("left=0");
        } finally {
            Vk.run("stop", name);
            Vk.run("rm", name);
        }
    }
}
