package vkernel.it.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.VirtualKernel;
import vkernel.boot.compose.Kernels;
import vkernel.boot.compose.Selection;
import vkernel.boot.compose.Selection.Mark;
import vkernel.boot.compose.Selection.Row;
import vkernel.boot.compose.Workbench;

/** What {@code vk kernel menu} shows. */
class SelectionTest {
    @TempDir
    private Path own;

    private Workbench bench;
    private Selection selection;

    @BeforeEach
    void begin() throws IOException {
        Path home = Path.of(System.getProperty("vkernel.home"));
        bench = new Workbench(
                new Kernels(home.resolve("kernels"), own),
                VirtualKernel.workbench().parts());
        selection = new Selection(bench, bench.draft("mine", "tiny"));
    }

    private Row row(String what) {
        return selection.rows().stream()
                .filter(row -> row.what().toString().equals(what))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsChosenBringsWhatItNeedsAndIsCounted() throws IOException {
        assertThat(row("sched:rr").mark()).isEqualTo(Mark.CHOSEN);
        assertThat(row("vm").mark()).isEqualTo(Mark.BROUGHT);
        assertThat(row("fs:ext4").mark()).isEqualTo(Mark.OUT);
        String tiny = selection.totals();
        assertThat(selection.explained(row("fs:ext4")))
                .singleElement()
                .asString()
                .startsWith("would bring: drivers.disk and guest.fs.ext: ");
        selection.toggle(row("fs:ext4").what());
        assertThat(row("device:disk").mark()).isEqualTo(Mark.BROUGHT);
        assertThat(selection.explained(row("device:disk")).getFirst())
                .isEqualTo("there because guest.fs.ext wants device:disk");
        assertThat(selection.totals()).contains("(+");
        assertThat(selection.changed()).isTrue();
        assertThat(selection.save()).contains("mine.bndrun");
        assertThat(selection.changed()).isFalse();
        assertThat(bench.kernels().read("mine").bundles()).contains("guest.fs.ext", "drivers.disk");
        selection.toggle(row("fs:ext4").what());
        assertThat(selection.totals()).isEqualTo(tiny);
    }

    @Test
    void aKernelStaysOne() {
        selection.toggle(row("kern").what());
        assertThat(selection.problem()).isEqualTo("kern stays: without it this is no kernel");
        assertThat(row("kern").mark()).isEqualTo(Mark.CHOSEN);
    }

    @Test
    void whatIsMissingIsTold() throws IOException {
        selection.save();
        Path file = own.resolve("mine.bndrun");
        Files.writeString(file, Files.readString(file).replace("policy=rr", "policy=none"));
        Selection broken = new Selection(bench, bench.draft("mine", "tiny"));
        assertThat(broken.problem()).startsWith("you want sched:none, and nothing here gives it");
        assertThat(broken.totals()).isEqualTo("does not resolve");
    }
}
