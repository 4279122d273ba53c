package vkernel.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RomTest {
    private static final byte[] CONTENTS = {1, 2, 3, 4, 5};

    private static void readsInPlace(Rom rom) {
        byte[] to = new byte[8];
        assertThat(rom.size()).isEqualTo(5);
        assertThat(rom.read(1, to, 2, 3)).isEqualTo(3);
        assertThat(to).containsExactly(0, 0, 2, 3, 4, 0, 0, 0);
        assertThat(rom.read(3, to, 0, 8)).isEqualTo(2);
        assertThat(rom.read(5, to, 0, 8)).isZero();
        assertThat(rom.read(Long.MAX_VALUE, to, 0, 8)).isZero();
        assertThat(rom.read(0, to, 8, 0)).isZero();
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> rom.read(0, to, 1, 8));
    }

    @Test
    void bytesAreReadInPlace() {
        readsInPlace(new ByteRom(CONTENTS));
    }

    @Test
    void fileIsReadInPlaceEvenByAnInterruptedThread(@TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("rom"), CONTENTS);
        try (FileRom rom = new FileRom(path)) {
            Thread.currentThread().interrupt();
            readsInPlace(rom);
            assertThat(Thread.interrupted()).isTrue();
            readsInPlace(rom);
        }
    }

    @Test
    void fileThatIsNotThereIsAbsent(@TempDir Path folder) {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> new FileRom(folder.resolve("none")))
                .extracting(HostException::reason)
                .isEqualTo(HostException.Reason.ABSENT);
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> new FileRom(folder))
                .extracting(HostException::reason)
                .isEqualTo(HostException.Reason.IO);
    }
}
