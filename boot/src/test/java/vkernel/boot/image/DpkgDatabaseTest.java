package vkernel.boot.image;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.boot.image.Tars.file;
import static vkernel.boot.image.Tars.folder;
import static vkernel.boot.image.Tars.tar;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DpkgDatabaseTest {
    private static final String INFO = "var/lib/dpkg/info/";

    @TempDir
    private Path work;

    private final DpkgDatabase database = new DpkgDatabase();

    private void add(byte[] control, byte[] data) throws IOException {
        database.add(new ByteArrayInputStream(control), new ByteArrayInputStream(data));
    }

    private Map<String, String> layer() throws IOException {
        Path archive = work.resolve("layer.tar");
        try (var in =
                database.layer("riscv64", "deb http://mirror trixie main\n").open()) {
            Files.write(archive, in.readAllBytes());
        }
        return Tars.contents(archive);
    }

    @Test
    void aPackageIsUnpackedAndItsScriptsAndFilesAreKnown() throws IOException {
        add(
                tar(
                        file("./control", "Package: hello\nArchitecture: all\nDescription: x\n more\n"),
                        file("./postinst", "#!")),
                tar(folder("."), folder("./usr"), file("./usr/hello", "hi")));
        assertThat(layer())
                .containsEntry(
                        "var/lib/dpkg/status",
                        "Package: hello\nArchitecture: all\nDescription: x\n more\nStatus: install ok unpacked\n\n")
                .containsEntry(INFO + "hello.postinst", "#!")
                .containsEntry(INFO + "hello.list", "/.\n/usr\n/usr/hello\n")
                .containsEntry("var/lib/dpkg/arch", "riscv64\n")
                .doesNotContainKey(INFO + "hello.control");
    }

    @Test
    void whatMayBeThereForSeveralArchitecturesSaysWhichOneItIs() throws IOException {
        add(tar(file("control", "Package: libx\nArchitecture: riscv64\nMulti-Arch: same\n")), tar());
        assertThat(layer()).containsKey(INFO + "libx:riscv64.list");
    }

    @Test
    void configurationFilesHaveTheirSums() throws IOException {
        add(
                tar(file("control", "Package: a\n"), file("conffiles", "/etc/a\nremove-on-upgrade /etc/old\n")),
                tar(file("./etc/a", "abc")));
        assertThat(layer().get("var/lib/dpkg/status"))
                .endsWith("Conffiles:\n /etc/a 900150983cd24fb0d6963f7d28e17f72\n\n")
                .doesNotContain("old");
    }

    @Test
    void triggersNameWhoIsInterested() throws IOException {
        add(
                tar(
                        file("control", "Package: a\n"),
                        file("triggers", "interest-noawait /usr/lib\ninterest ldconfig\nactivate-noawait other\n")),
                tar());
        assertThat(layer())
                .containsEntry("var/lib/dpkg/triggers/File", "/usr/lib a/noawait\n")
                .containsEntry("var/lib/dpkg/triggers/ldconfig", "a\n")
                .doesNotContainKey("var/lib/dpkg/triggers/other");
    }

    @Test
    void theFirstUsersAndTheNamesOfLoopbackAreThere() throws IOException {
        add(
                tar(file("control", "Package: base-passwd\n")),
                tar(file("./usr/share/base-passwd/passwd.master", "root:*:0:0:root:/root:/bin/bash\n")));
        assertThat(layer())
                .containsEntry("etc/passwd", "root:*:0:0:root:/root:/bin/bash\n")
                .containsEntry("etc/apt/sources.list", "deb http://mirror trixie main\n")
                .hasEntrySatisfying("etc/hosts", text -> assertThat(text).startsWith("127.0.0.1\tlocalhost\n"));
    }
}
