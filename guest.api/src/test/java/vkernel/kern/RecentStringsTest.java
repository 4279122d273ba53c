package vkernel.kern;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentStringsTest {
    private final RecentStrings strings = new RecentStrings();

    @Test
    void theSameBytesAreTheSameString() {
        byte[] bytes = "name\u00e4".getBytes(StandardCharsets.ISO_8859_1);

        String first = strings.of(bytes, bytes.length);

        assertThat(first).isEqualTo("name\u00e4");
        assertThat(strings.of(bytes, bytes.length)).isSameAs(first);
        assertThat(strings.of("/usr/name\u00e4/x", 5, 10)).isSameAs(first);
    }

    @Test
    void whateverWasAskedForBeforeTheAnswerIsRight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) (random.nextInt(20) == 0 ? random.nextInt(256) : 'a' + random.nextInt(2));
            }
            int length = random.nextInt(bytes.length + 1);
            int from = random.nextInt(length + 1);
            String whole = new String(bytes, StandardCharsets.ISO_8859_1);
            assertThat(strings.of(bytes, length)).as("seed %d", seed).isEqualTo(whole.substring(0, length));
            assertThat(strings.of(whole, from, length)).as("seed %d", seed).isEqualTo(whole.substring(from, length));
        }
    }
}
