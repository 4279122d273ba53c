package vkernel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpTest {
    @Test
    void theCommandsOfKernelsAreShownInTheOrderOfTheirUse() {
        CommandLine kernel = Main.commandLine("kernel").getSubcommands().get("kernel");
        assertThat(kernel.getSubcommands().keySet()).containsExactlyInAnyOrderElementsOf(KernelCommand.ORDER);
        List<String> shown = Pattern.compile("(?m)^  ([a-z-]+)  ")
                .matcher(kernel.getUsageMessage())
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(shown).isEqualTo(KernelCommand.ORDER);
    }
}
