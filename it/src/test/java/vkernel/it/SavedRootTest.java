package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.boot.client.Guest;
import vkernel.boot.image.GuestRoot;
import vkernel.host.FileRom;

/** What programs have made of a root file system is kept as an image. */
class SavedRootTest {
    private static final String NAME = "it-saved";
    private static final int LSETXATTR = 6;
    private static final String LONG = "n".repeat(150);

    @AfterEach
    void remove() {
        Vk.run("image", "remove", NAME);
        Vk.run("image", "remove", NAME + ".unfinished");
    }

    @Test
    void everyKindOfFileComesBack() {
        String make = """
            cd /root && mkdir -p d/e && chmod 2750 d && echo text >d/f && ln d/f hard && ln -s d/f soft && mkfifo fifo
            mknod null c 1 3; chown 5:6 fifo; dd if=/dev/urandom of=big bs=1000 count=999 2>/dev/null
            touch -d @1234567890.5 d/f; echo x >%s; rm -r /etc/init.d 2>/dev/null
            """.formatted(LONG);
        String look = """
            cd /root && stat -c '%n %F %a %u %g %h %t %T %Y' d d/f hard soft fifo null; readlink soft; cat hard nn*
            [ d/f -ef hard ] && echo same; sha256sum big; ls / | grep -c .""";
        Vk.Ended made = Vk.run("run", "--save", NAME, "sh", "-c", make + look);
        assertThat(made.err()).contains("saved as " + NAME);
        assertThat(made.status()).isZero();
        Vk.Ended seen = Vk.run("run", "--root", NAME, "sh", "-c", look);
        assertThat(seen.err()).isEmpty();
        assertThat(seen.out()).isEqualTo(made.out()).contains("same", "fifo fifo 644 5 6", " 2750 ");
    }

    @Test
    void extendedAttributesComeBackByteByByte(@TempDir Path folder) throws IOException {
        byte[] value = new byte[256];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) i;
        }
        Path archive = folder.resolve("root.tar");
        String file = "/root/" + LONG;
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard());
                Guest guest = kernel.client()) {
            assertThat(guest.writeAll(file, new byte[] {1}, 0600)).isZero();
            assertThat(guest.call(LSETXATTR, file, "trusted.bytes", value, value.length, 0))
                    .isZero();
            GuestRoot.write(guest, archive);
        }
        BootConfig saved = BootConfig.standard().withRoots(List.of(new FileRom(archive)));
        try (VirtualKernel kernel = VirtualKernel.boot(saved);
                Guest guest = kernel.client()) {
            assertThat(guest.xattrs(file).value()).containsExactly("trusted.bytes");
            assertThat(guest.xattr(file, "trusted.bytes").value()).isEqualTo(value);
            assertThat(guest.xattrs("/root").value()).isEmpty();
        }
    }

    @Test
    void afterAnErrorNothingOfTheSameNameIsReplaced() {
        assertThat(Vk.run("run", "--save", NAME, "sh", "-c", "echo 1 >/root/n").status())
                .isZero();
        Vk.Ended failed = Vk.run("run", "--root", NAME, "--save", NAME, "sh", "-c", "echo 2 >/root/n; exit 3");
        assertThat(failed.status()).isEqualTo(3);
        assertThat(failed.err()).contains("saved as " + NAME + ".unfinished");
        assertThat(Vk.run("run", "--root", NAME, "cat", "/root/n").out()).isEqualTo("1\n");
        assertThat(Vk.run("run", "--root", NAME + ".unfinished", "cat", "/root/n")
                        .out())
                .isEqualTo("2\n");
    }

    @Test
    void aNameThatIsNoneIsRefusedBeforeAnythingRuns() {
        Vk.Ended refused = Vk.run("run", "--save", "a/b", "echo", "ran");
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("'a/b' is not a name for an image");
        assertThat(refused.status()).isEqualTo(125);
    }

    @Test
    @EnabledIfSystemProperty(
            named = "vkernel.debian",
            matches = "true",
            disabledReason = "takes a while: -Pdebian runs it")
    void debiansPackagesAreSetUp() {
        Vk.Ended made = Vk.run("image", "debian", NAME, "bash", "coreutils", "procps");
        assertThat(made.status()).as(made.err()).isZero();
        Vk.Ended seen = Vk.run(
                "run",
                "--root",
                NAME,
                "sh",
                "-c",
                "dpkg -l | grep -vc ^ii; dpkg --audit; dpkg -V; readlink -f /usr/bin/awk");
        assertThat(seen.out()).isEqualTo("5\n/usr/bin/mawk\n");
    }
}
