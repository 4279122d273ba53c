package vkernel.boot.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageStoreTest {
    @TempDir
    private Path folder;

    private ImageStore store;

    @BeforeEach
    void openStore() {
        store = new ImageStore(folder.resolve("images"));
    }

    private void make(String name, String content) {
        store.make(name, "made by a test: \u00fcber", archive -> Files.writeString(archive, content));
    }

    @Test
    void thereIsNothingAtFirst() {
        assertThat(store.list()).isEmpty();
        assertThat(store.find("deb")).isEmpty();
    }

    @Test
    void whatWasMadeIsFoundAndListedByName() throws IOException {
        make("b", "bb");
        make("a", "a");
        assertThat(store.list()).extracting(ImageStore.Image::name).containsExactly("a", "b");
        ImageStore.Image b = store.find("b").orElseThrow();
        assertThat(b.bytes()).isEqualTo(2);
        assertThat(b.origin()).isEqualTo("made by a test: \u00fcber");
        assertThat(b.archive()).hasContent("bb");
    }

    @Test
    void aNewOneReplacesTheOldOne() {
        make("a", "old");
        make("a", "new");
        assertThat(store.find("a").orElseThrow().archive()).hasContent("new");
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void oneThatCannotBeMadeLeavesWhatWasThere() throws IOException {
        make("a", "old");
        assertThatThrownBy(() -> store.make("a", "", archive -> {
                    Files.writeString(archive, "half");
                    throw new IOException("the mirror is gone");
                }))
                .isInstanceOf(ImageException.class)
                .hasMessage("cannot make image a: the mirror is gone");
        assertThat(store.find("a").orElseThrow().archive()).hasContent("old");
        try (Stream<Path> files = Files.list(folder.resolve("images"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void aRemovedOneIsGone() {
        make("a", "a");
        store.remove("a");
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.remove("a"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("there is no image a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../up", "a/b", "", ".hidden", "-x", "a b"})
    void aNameIsNoPath(String name) {
        assertThatThrownBy(() -> make(name, "x"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("is not a name");
    }
}
