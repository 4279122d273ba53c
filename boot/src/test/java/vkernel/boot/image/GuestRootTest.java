package vkernel.boot.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestRootTest {
    /** Those at which the length gets one more digit by itself among them. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 90, 91, 92, 93, 990, 991, 992, 993})
    void aRecordsLengthCountsItself(int bytes) {
        byte[] record = GuestRoot.record("key", new byte[bytes]);
        String text = new String(record, StandardCharsets.ISO_8859_1);
        assertThat(text.substring(0, text.indexOf(' '))).isEqualTo(Integer.toString(record.length));
    }
}
