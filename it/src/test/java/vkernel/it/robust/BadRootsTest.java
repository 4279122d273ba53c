package vkernel.it.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vkernel.boot.BootConfig;
import vkernel.boot.BootException;
import vkernel.boot.VirtualKernel;
import vkernel.host.ByteRom;
import vkernel.host.Rom;

/** A root file system that cannot be read, or a machine that cannot be, is a boot that fails with one line. */
class BadRootsTest {
    private record Bad(String name, byte[] archive, String why) {}

    @TestFactory
    Stream<DynamicTest> isRefusedWithAReason() {
        byte[] good = builtIn();
        byte[] damaged = good.clone();
        damaged[good.length / 2] ^= 0x55;
        return Stream.of(
                        new Bad("empty", new byte[0], "it is empty"),
                        new Bad("text", "hello\n".getBytes(), "neither a cpio (newc) nor a tar archive"),
                        new Bad("truncated gzip", Arrays.copyOf(good, good.length / 2), "truncated"),
                        new Bad("damaged gzip", damaged, "archive root0"),
                        new Bad("bad cpio", "0707010000".concat("x".repeat(500)).getBytes(), "archive root0"))
                .map(bad -> DynamicTest.dynamicTest(
                        bad.name,
                        () -> assertThatThrownBy(() -> VirtualKernel.boot(
                                        BootConfig.standard().withRoots(List.of(new ByteRom(bad.archive)))))
                                .isInstanceOf(BootException.class)
                                .hasMessageStartingWith("cannot mount the root file system")
                                .hasMessageContaining(bad.why)
                                .message()
                                .doesNotContain("\n")));
    }

    @Test
    void moreMemoryThanThereCanBeIsRefused() {
        assertThatThrownBy(() -> VirtualKernel.boot(BootConfig.standard().withMemory(1L << 50)))
                .isInstanceOf(BootException.class)
                .hasMessageStartingWith("there is no such machine");
    }

    private static byte[] builtIn() {
        Rom rom = BootConfig.standard().roots().getFirst();
        byte[] bytes = new byte[(int) rom.size()];
        assertThat(rom.read(0, bytes, 0, bytes.length)).isEqualTo(bytes.length);
        return bytes;
    }
}
