package vkernel.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The kept image is what its sources make: {@code make image} in this folder renews it. */
class ImageTest {
    private static final Path KEPT = Path.of("image");

    @Test
    void keptImageWasMadeFromTheseSources() throws IOException {
        Map<String, String> recorded = Files.readAllLines(KEPT.resolve("sources.sha256")).stream()
                .collect(Collectors.toMap(line -> line.substring(66), line -> line.substring(0, 64)));
        assertThat(sources())
                .as("sources of the image; run `make image` in the folder user")
                .containsExactlyInAnyOrderEntriesOf(recorded);
    }

    @Test
    void bundleCarriesTheImage() throws IOException {
        try (InputStream kept = getClass().getResourceAsStream("/vkernel/user/rootfs.cpio.gz")) {
            assertThat(kept).isNotNull();
            String first = new String(new GZIPInputStream(kept).readNBytes(6), StandardCharsets.US_ASCII);
            assertThat(first).as("magic number of a newc archive").isEqualTo("070701");
        }
    }

    @Test
    void sameSourcesAndCompilerGiveTheSameImage() throws IOException {
        assumeTrue(Command.exists("riscv64-linux-gnu-gcc") && Command.exists("cpio"), "the cross compiler is here");
        var made = Command.of("make", "image", "BUILD=target/image-build", "IMAGE=target/image")
                .run();
        assertThat(made.status()).as(made.output()).isZero();
        Path fresh = Path.of("target", "image");
        assumeTrue(
                Files.readString(fresh.resolve("toolchain")).equals(Files.readString(KEPT.resolve("toolchain"))),
                "the compiler is the one that made the kept image");
        assertThat(unpacked(fresh)).isEqualTo(unpacked(KEPT));
    }

    private static byte[] unpacked(Path image) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(image.resolve("rootfs.cpio.gz")))) {
            return in.readAllBytes();
        }
    }

    /** All that goes into the image, by path, with its SHA-256. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> files =
                Stream.of("src", "etc", "Makefile", "image.sh").flatMap(ImageTest::filesBelow)) {
            for (Path file : files.toList()) {
                digests.put(file.toString(), sha256(Files.readAllBytes(file)));
            }
        }
        return digests;
    }

    private static Stream<Path> filesBelow(String root) {
        try (Stream<Path> all = Files.walk(Path.of(root))) {
            return all.filter(Files::isRegularFile).filter(file -> !file.startsWith("src/test")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
