package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.abi.Abi;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;

/** Every call of the table has its errors told in docs/errors.md, as the tests have them. */
class ErrorsPageTest {
    @Test
    void thePageTellsWhatIsTested() throws IOException {
        String page = ErrorsPage.text(calls());
        Path made = Path.of("target/errors.md");
        Files.writeString(made, page);
        assertThat(Path.of("../docs/errors.md"))
                .as("made anew as it/%s, to be copied", made)
                .hasContent(page);
    }

    @Test
    void everyNoteIsOfAnErrorThatIsListedAndNotTested() throws IOException {
        assertThat(ErrorsPage.idle(calls())).isEmpty();
    }

    private static List<String> calls() {
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            return kernel.kernel()
                    .call(() -> kernel.kernel().abi().table().stream()
                            .filter(call -> call.support() != Abi.Support.MISSING)
                            .map(Abi.Entry::name)
                            .toList());
        }
    }
}
