package vkernel.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class SizeTest {
    private static long bytes(String text) {
        return new Size.Converter().convert(text).bytes();
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 4096",
        "64k, 65536",
        "256M, 268435456",
        "256m, 268435456",
        "256MiB, 268435456",
        "256MB, 268435456",
        "2G, 2147483648"
    })
    void isWrittenAsPeopleDo(String text, long bytes) {
        assertThat(bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "M", "big", "1.5G", "12T", "9999999999G"})
    void whatIsNoSizeIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> bytes(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a size; write for instance 256M or 1G");
    }

    @Test
    void itIsExact() {
        assertThat(bytes("7G")).isEqualTo(7L << 30);
    }
}
