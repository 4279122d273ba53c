package vkernel.live;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WatchedPlaceTest {
    @Test
    void whoReadsThereIsToldWhatToDoInstead() throws IOException {
        String place = WatchedPlace.of(new SourceFolder(Path.of("/home/me/lottery")));
        URL url = URL.of(URI.create(place + "#swap=3"), new java.net.URLStreamHandler() {
            @Override
            protected java.net.URLConnection openConnection(URL asked) throws IOException {
                return new WatchedPlace().openConnection(asked);
            }
        });
        assertThatThrownBy(url::openStream)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/home/me/lottery and lies in memory only");
    }
}
