package vkernel.drivers.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vkernel.fs.Mode;
import vkernel.kern.Errno;
import vkernel.rump.ArrayBuffer;

/** Random typing under random settings, beside what Linux did with it (src/test/resources/linux/record). */
class LinuxTerminalTest {
    private final Shell shell = new Shell();

    static Stream<String> cases() throws IOException {
        try (var in = LinuxTerminalTest.class.getResourceAsStream("/linux/terminal.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines();
        }
    }

    private static byte[] bytes(String hex) {
        return hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex);
    }

    private static String hex(byte[] bytes) {
        return bytes.length == 0 ? "-" : HexFormat.of().formatHex(bytes);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void looksAndReadsAsOnLinux(String line) {
        String[] fields = line.split(" ");
        shell.tty.termios.input = Integer.parseInt(fields[0]);
        shell.tty.termios.output = Integer.parseInt(fields[1]);
        shell.tty.termios.local = Integer.parseInt(fields[2]);
        shell.file.ops().write(shell.leader, shell.file, ArrayBuffer.of(bytes(fields[4])), -1);
        shell.screen.type(bytes(fields[5]));
        assertThat(hex(shell.screen.shownBytes())).as("screen").isEqualTo(fields[6]);
        assertThat(reads(Integer.parseInt(fields[3]))).as("reads").isEqualTo(fields[7]);
    }

    private String reads(int size) {
        shell.file.flags |= Mode.O_NONBLOCK;
        List<String> reads = new ArrayList<>();
        while (reads.size() < 40) {
            byte[] to = new byte[size];
            long n = shell.file.ops().read(shell.leader, shell.file, ArrayBuffer.of(to), -1);
            if (n == -Errno.EAGAIN) {
                break;
            }
            reads.add(n == 0 ? "EOF" : HexFormat.of().formatHex(to, 0, (int) n));
        }
        return reads.isEmpty() ? "-" : String.join(",", reads);
    }
}
