package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vk kernel menu} on a person's terminal, by tmux. */
class MenuTest {
    @TempDir
    private Path config;

    @Test
    void partsAreChosenSeenAndSaved() throws IOException {
        assumeTrue(Tmux.present(), "needs tmux");
        try (Tmux tmux = new Tmux()) {
            tmux.line("export XDG_CONFIG_HOME=" + config);
            tmux.line("TERM=dumb " + Vk.SCRIPT + " kernel menu mine; echo left=$?");
            tmux.waitFor("left=125");
            assertThat(tmux.screen()).contains("the menu needs a terminal whose cursor can be moved");
            tmux.line("clear; " + Vk.SCRIPT + " kernel menu mine; echo now=$?");
            tmux.waitFor("space: choose"); // the last line of the screen
            assertThat(tmux.screen())
                    .contains("[*] kern", "[+] abi:linux", "[ ] device:disk", "space: choose")
                    .contains("there because guest.kern wants abi");
            tmux.keys("Down", "Down");
            tmux.waitFor("would bring: drivers.disk: ");
            tmux.keys("Space");
            tmux.waitFor("[*] device:disk");
            tmux.waitFor("without it would go: drivers.disk: ");
            tmux.keys("q");
            tmux.waitFor("not saved: s saves, q again leaves");
            tmux.resize(80, 20);
            tmux.keys("s");
            tmux.waitFor("saved " + config.toString().substring(0, 10));
            tmux.keys("q");
            tmux.waitFor("now=0");
        }
        assertThat(Files.readString(config.resolve("vkernel/kernels/mine.bndrun")))
                .contains("(device=disk)", "drivers.disk;version");
    }

    @Test
    void withoutATerminalItSaysWhatDoes() {
        Vk.Ended ended = Vk.run("kernel", "menu", "mine");
        assertThat(ended.status()).isEqualTo(125);
        assertThat(ended.err()).contains("the menu needs a terminal; 'vk kernel add', 'remove'");
    }
}
