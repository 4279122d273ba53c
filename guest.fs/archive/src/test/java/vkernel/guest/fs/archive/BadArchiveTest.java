package vkernel.guest.fs.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vkernel.host.HostException;
import vkernel.host.Rom;
import vkernel.kern.Errno;

/** A bad archive is refused with what is wrong and where; it never brings the kernel down. */
class BadArchiveTest {
    private static final PrintStream ERR = System.err;

    /** The log would print every refusal. */
    @BeforeAll
    static void quiet() {
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    }

    @AfterAll
    static void loud() {
        System.setErr(ERR);
    }

    private static byte[] tar() throws IOException {
        try (Tars tar = new Tars()) {
            return tar.file("dir/", "")
                    .file("dir/" + "n".repeat(150), "hello")
                    .link("hard", '1', "dir/" + "n".repeat(150))
                    .file("big", "x".repeat(5000))
                    .done();
        }
    }

    /** One whose first header is that of a regular file. */
    private static byte[] fileTar() throws IOException {
        try (Tars tar = new Tars()) {
            return tar.file("f", "hello").done();
        }
    }

    private static byte[] cpio() throws IOException {
        return Tars.cpio("dir/", "", "dir/f", "hello", "g", "x".repeat(5000));
    }

    /** What is said of an archive; empty when it is mounted. */
    private static String refusal(byte[] archive) {
        return Refusals.of(
                () -> assertThat(new Mounted(archive).kernel.memory.used()).isZero());
    }

    private static byte[] changed(byte[] archive, int at, String text) {
        byte[] copy = archive.clone();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, copy, at, bytes.length);
        return copy;
    }

    @Test
    void whatIsNoArchiveIsSaidToBeNone() throws IOException {
        assertThat(refusal(new byte[0])).contains("empty");
        assertThat(refusal("hello, world".getBytes())).contains("neither a cpio (newc) nor a tar");
        assertThat(refusal(new byte[] {0x7f, 'E', 'L', 'F', 0, 0, 0})).contains("neither");
        assertThat(refusal(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0})).contains("packed with xz");
        assertThat(refusal(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, 0}))
                .contains("packed with zstd");
        assertThat(refusal("BZh91AY".getBytes())).contains("packed with bzip2");
        assertThat(refusal(Tars.gzip("hello".repeat(500).getBytes()))).contains("neither");
        assertThat(refusal(changed(cpio(), 0, "070707"))).contains("odc");
    }

    @ParameterizedTest
    @CsvSource({
        // where in the cpio archive's first header, what stands there then, what is said
        "6, zzzzzzzz, a number that is none",
        "14, 0000F1A4, unknown type",
        "54, 7FFFFFFF, truncated",
        "94, 00000000, a name of 0 bytes",
        "94, 0000FFFF, a name of 65535 bytes",
        "94, 00000003, a name without its NUL",
        "110, 'dir/f', a name without its NUL",
        "111, '\0', has a NUL in its name",
    })
    void aDamagedCpioHeader(int at, String text, String said) throws IOException {
        assertThat(refusal(changed(cpio(), at, text))).contains(said).containsPattern("at byte \\d+");
    }

    @Test
    void damageBehindTheFirstHeader() throws IOException {
        assertThat(refusal(changed(tar(), 512 + 20, "?"))).contains("checksum");
        assertThat(refusal(changed(cpio(), 116, "XXXX"))).contains("no cpio header here");
    }

    @Test
    void aTarNumberThatIsAbsurd() throws IOException {
        assertThat(refusal(withChecksum(changed(fileTar(), 124, "99999999999"))))
                .contains("a number that is none");
        assertThat(refusal(withChecksum(changed(fileTar(), 124, "\200" + "\177".repeat(11)))))
                .contains("absurd");
        assertThat(refusal(withChecksum(changed(fileTar(), 108, "\377".repeat(4)))))
                .contains("a number that is none");
    }

    @Test
    void aTarEntryOfAStrangeKind() throws IOException {
        assertThat(refusal(withChecksum(changed(fileTar(), 156, "S")))).contains("sparse");
        assertThat(refusal(withChecksum(changed(fileTar(), 156, "M")))).contains("unknown type 'M'");
        assertThat(refusal(withChecksum(changed(fileTar(), 156, "2")))).contains("symbolic link to nothing");
        assertThat(refusal(withChecksum(changed(fileTar(), 156, "1")))).contains("is a link to");
    }

    private static byte[] withChecksum(byte[] tar) {
        byte[] copy = changed(tar, 148, "        ");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += copy[i] & 0xff;
        }
        return changed(copy, 148, String.format("%06o\0 ", sum));
    }

    @Test
    void aFileThatDoesNotFitIntoMemory() throws IOException {
        byte[] packed = Tars.gzip(Tars.cpio("f", "x".repeat(100_000)));
        String said = Refusals.of(() ->
                assertThat(new Mounted(packed, 16, "rom=root").result.error()).isEqualTo(-Errno.ENOMEM));
        assertThat(said).contains("does not fit into memory");
    }

    @Test
    void manyFilesThatDoNotFitIntoMemory() throws IOException {
        String[] files = new String[80];
        for (int i = 0; i < files.length; i += 2) {
            files[i] = "f" + i;
            files[i + 1] = "x".repeat(5000);
        }
        Mounted root = new Mounted(Tars.gzip(Tars.cpio(files)), 16, "rom=root");
        assertThat(root.result.error()).isEqualTo(-Errno.ENOMEM);
        assertThat(root.kernel.memory.used()).as("all is given back").isZero();
    }

    @Test
    void aNameThatGoesThroughAFile() throws IOException {
        assertThat(refusal(Tars.cpio("f", "x", "f/g", "y"))).contains("f/g goes through f");
        try (Tars tar = new Tars()) {
            assertThat(refusal(tar.file("d/", "").file("d", "y").done())).contains("in the place of a directory");
        }
        assertThat(refusal(Tars.cpio("n".repeat(256), "x"))).contains("more than 255");
        try (Tars tar = new Tars()) {
            assertThat(refusal(tar.link("l", '2', "l").file("l/f", "x").done())).contains("round in symbolic links");
        }
    }

    @Test
    void aMissingOrUnreadableRom() throws IOException {
        assertThat(new Mounted(tar(), 16, "rom=other").result.error()).isEqualTo(-Errno.ENOENT);
        assertThat(new Mounted(tar(), 16, "").result.error()).isEqualTo(-Errno.EINVAL);
        assertThat(new Mounted(tar(), 16, "rom=root,colour=red").result.error()).isEqualTo(-Errno.EINVAL);
        Rom broken = new Rom() {
            @Override
            public long size() {
                return 1000;
            }

            @Override
            public int read(long position, byte[] to, int offset, int length) {
                throw new HostException(HostException.Reason.IO, "bad sector");
            }
        };
        assertThat(new Mounted(broken, 16, "rom=root").result.error()).isEqualTo(-Errno.EIO);
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        for (byte[] archive : new byte[][] {tar(), cpio(), Tars.gzip(tar()), Tars.gzip(cpio())}) {
            int end = end(archive);
            for (int length = 1; length < end; length += 7) {
                Mounted root = new Mounted(Arrays.copyOf(archive, length));
                assertThat(root.result.ok())
                        .as("%d of %d bytes", length, archive.length)
                        .isFalse();
            }
        }
    }

    /** Where an archive may be cut without loss: in the zeros behind its end mark. */
    private static int end(byte[] archive) {
        int end = archive.length;
        while (archive[end - 1] == 0) {
            end--;
        }
        return end;
    }

    @Test
    void randomDamageNeverDoesMoreThanRefuse() throws IOException {
        long seed = Long.getLong("vkernel.seed", System.nanoTime());
        System.out.println("BadArchiveTest seed " + seed + " (-Dvkernel.seed=)");
        Random random = new Random(seed);
        byte[][] archives = {tar(), cpio(), Tars.gzip(tar()), Tars.gzip(cpio())};
        for (int i = 0; i < 4000; i++) {
            byte[] archive = archives[i % archives.length].clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                archive[random.nextInt(archive.length)] = (byte) random.nextInt(256);
            }
            Mounted root = new Mounted(archive);
            if (root.result.ok()) {
                root.tree();
            } else {
                assertThat(root.result.error()).isIn(-22L, -12L, -5L);
                assertThat(root.kernel.memory.used()).isZero();
            }
        }
    }
}
