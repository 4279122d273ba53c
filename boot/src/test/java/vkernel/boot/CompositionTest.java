package vkernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompositionTest {
    @TempDir
    private Path folder;

    private Path bndrun(String text) throws IOException {
        return Files.writeString(folder.resolve("mine.bndrun"), text);
    }

    @Test
    void isWhatTheResolverWrote() throws IOException {
        Composition kernel = Composition.read(bndrun("""
                -include: ../kernel.bnd
                -runbundles: \\
                	guest.kern;version='[1.0.0,1.0.1)',\\
                	org.apache.felix.scr;version='[2.2.18,2.2.19)'
                """));
        assertThat(kernel.name()).isEqualTo("mine");
        assertThat(kernel.bundles()).containsExactly("guest.kern", "org.apache.felix.scr");
        assertThat(kernel.options()).isEmpty();
    }

    @Test
    void namesAloneWillDo() throws IOException {
        assertThat(Composition.read(bndrun("-runbundles: a,b , c")).bundles()).containsExactly("a", "b", "c");
    }

    @Test
    void runPropertiesAreOptions() throws IOException {
        Composition kernel = Composition.read(bndrun("-runbundles: a\n-runproperties: mounts='', one=1,two='x,y'\n"));
        assertThat(kernel.options())
                .containsEntry("mounts", "")
                .containsEntry("one", "1")
                .containsEntry("two", "x,y")
                .hasSize(3);
    }

    @Test
    void oneThatIsNotResolvedIsRefused() {
        assertThatThrownBy(() -> Composition.read(bndrun("-runrequires: something\n")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mine.bndrun: has no -runbundles");
    }

    @Test
    void thoseOfThisRepositoryAreResolved() throws IOException {
        assertThat(Composition.read(Path.of("../cnf/kernels/posix.bndrun")).bundles())
                .contains("guest.kern", "guest.linux", "guest.sched.fair", "guest.sched.rr", "shell");
        Composition tiny = Composition.read(Path.of("../cnf/kernels/tiny.bndrun"));
        assertThat(tiny.bundles()).contains("guest.kern", "guest.sched.rr").doesNotContain("shell", "guest.fs.procfs");
        assertThat(tiny.options()).containsEntry("mounts", "");
        assertThat(tiny.sched()).isEqualTo("rr");
    }
}
