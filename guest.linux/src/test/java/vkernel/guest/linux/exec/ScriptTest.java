package vkernel.guest.linux.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScriptTest {
    private static Script parse(String head) throws BadProgram {
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        return Script.parse(bytes.length > Image.HEAD ? java.util.Arrays.copyOf(bytes, Image.HEAD) : bytes);
    }

    @Test
    void theRestOfTheLineIsOneArgument() throws BadProgram {
        assertThat(parse("#!/bin/sh\n")).isEqualTo(new Script("/bin/sh", null));
        assertThat(parse("#! \t/usr/bin/env  -S awk -f \t\nrest")).isEqualTo(new Script("/usr/bin/env", "-S awk -f"));
        assertThat(parse("#!/bin/sh")).isEqualTo(new Script("/bin/sh", null));
    }

    @Test
    void anInterpreterMustBeNamedWhole() {
        assertThatExceptionOfType(BadProgram.class).isThrownBy(() -> parse("#!\n"));
        assertThatExceptionOfType(BadProgram.class).isThrownBy(() -> parse("#!   \n/bin/sh"));
        assertThatExceptionOfType(BadProgram.class).isThrownBy(() -> parse("#!/" + "x".repeat(300)));
    }

    @Test
    void aLongArgumentIsCut() throws BadProgram {
        assertThat(parse("#!/bin/sh " + "x".repeat(300)).argument()).hasSize(Image.HEAD - 10);
    }
}
