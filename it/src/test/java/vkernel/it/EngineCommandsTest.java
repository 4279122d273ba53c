package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;

/** Gogo's commands about engines. */
class EngineCommandsTest {
    @Test
    void theyShowTheEngineInUse() {
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            for (String engine : new String[] {"translator", "interpreter"}) {
                assertThat(Shells.gogoDone(kernel, "eng:switch " + engine)).contains("-> " + engine);
                assertThat(Shells.gogoDone(kernel, "eng:get")).contains(engine);
                assertThat(Shells.gogoDone(kernel, "eng:list --json"))
                        .contains("\"engine\": \"" + engine + "\", \"in_use\": true");
            }
            assertThat(Shells.gogo(kernel, "eng:switch qemu")).contains("no engine qemu; there are: ");
        }
    }

    @Test
    void aProfileIsOfTheEngineThatWatches() {
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            Shells.gogoDone(kernel, "eng:switch translator");
            Shells.sh(kernel, "(while :; do :; done) </dev/null >/dev/null 2>&1 &");
            assertThat(Shells.gogoDone(kernel, "eng:profile 1"))
                    .containsPattern("interpreted from +[0-9]+ instructions")
                    .containsPattern("entered by the dispatcher +[1-9][0-9]* times");
            Shells.gogoDone(kernel, "eng:switch interpreter");
            assertThat(Shells.gogoDone(kernel, "eng:profile 1")).contains("does not watch its harts", "interpreter");
            assertThat(Shells.gogo(kernel, "eng:profile soon"))
                    .isEqualTo("vk: profile takes other arguments: 'help profile' tells which\n");
            assertThat(Shells.gogo(kernel, "help profile")).contains("eng:profile - ", "int: seconds");
            assertThat(Shells.gogo(kernel, "eng:profile 0")).contains("seconds: at least 1, not 0");
        }
    }
}
