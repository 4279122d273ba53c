package vkernel.it.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.it.Vk;

class InstancesTest {
    private final String name = "it-" + ProcessHandle.current().pid();

    @AfterEach
    void end() {
        Vk.run("stop", name);
        Vk.run("rm", name);
    }

    @Test
    void outlivesWhoBootedItAndSaysHowItEnded() {
        assertThat(Vk.run("boot", "-d", "--name", name, "--init", "/bin/sh").out())
                .startsWith(name + ": process ");
        assertThat(Vk.run("boot", "-d", "--name", name).err()).contains("runs already");
        byte[] input = "line\n".getBytes(StandardCharsets.UTF_8);
        Vk.Ended exec = Vk.run(input, "exec", name, "sh", "-c", "cat; echo wrong >&2; exit 3");
        assertThat(exec.out()).isEqualTo("line\n");
        assertThat(exec.err()).isEqualTo("wrong\n");
        assertThat(exec.status()).isEqualTo(3);
        assertThat(Vk.run("exec", name, "sh", "-c", "kill -9 1; poweroff").status())
                .isNotEqualTo(125);
        assertThat(Vk.run("logs", "-f", name).status()).isZero(); // until it has ended
        assertThat(Vk.run("ps").out().lines().filter(line -> line.startsWith(name + " ")))
                .singleElement()
                .asString()
                .contains(" ended ", "halt 0");
    }
}
