package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vkernel.it.Shells.gogo;
import static vkernel.it.Shells.gogoDone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import vkernel.boot.BootConfig;
import vkernel.boot.BootException;
import vkernel.boot.Share;
import vkernel.boot.VirtualKernel;

/** Folders of the host in a kernel that runs. */
class SharesTest {
    @TempDir
    Path folder;

    private VirtualKernel boot(String options) {
        return VirtualKernel.boot(BootConfig.standard().withShare(Share.parse(folder + ":/srv/host" + options)));
    }

    private static String sh(VirtualKernel kernel, String commands) {
        return Shells.sh(kernel, "cd /srv/host && " + commands);
    }

    @Test
    void guestAndHostSeeEachOthersFiles() throws IOException {
        Files.writeString(folder.resolve("f"), "host");
        try (VirtualKernel kernel = boot("")) {
            assertThat(sh(kernel, "cat f; mkdir d; echo guest > d/g; ln -s d/g l; cat l; chmod 600 f"))
                    .isEqualTo("hostguest\n");
            assertThat(folder.resolve("d/g")).hasContent("guest\n");
            Files.writeString(folder.resolve("f"), "later");
            Files.createDirectory(folder.resolve("new"));
            assertThat(sh(kernel, "cat f; ls")).isEqualTo("laterd\nf\nl\nnew\n");
            assertThat(sh(kernel, "mv d new/e && rm f l && ls -R ."))
                    .contains("./new/e")
                    .doesNotContain("./d");
            assertThat(folder.resolve("new/e/g")).hasContent("guest\n");
        }
    }

    @Test
    void aLinkOfTheHostsIsWalkedInTheGuest() throws IOException {
        Files.createSymbolicLink(folder.resolve("out"), Path.of("/etc/shadow"));
        Files.createSymbolicLink(folder.resolve("up"), Path.of("../../../../../../etc"));
        try (VirtualKernel kernel = boot("")) {
            assertThat(sh(kernel, "cat out")).contains("No such file");
            assertThat(sh(kernel, "ls up > /tmp/a; ls /etc > /tmp/b; cmp /tmp/a /tmp/b && echo same"))
                    .isEqualTo("same\n");
        }
    }

    @Test
    void aProgramIsExecutedFromThere() throws IOException {
        try (VirtualKernel kernel = boot("")) {
            assertThat(sh(kernel, "cp /bin/echo echo && ./echo one && ./echo two"))
                    .isEqualTo("one\ntwo\n");
            Files.writeString(folder.resolve("echo"), "#!/bin/sh\necho script\n");
            assertThat(sh(kernel, "./echo")).isEqualTo("script\n");
        }
    }

    /** What a real Linux prints in its own file system: a mapping's writes reach the file, and so on. */
    @ParameterizedTest
    @ValueSource(strings = {"mapfile", "mapping", "links"})
    void programsDoThereWhatTheyDoElsewhere(String name) throws Exception {
        GuestPrograms.build();
        Files.createDirectory(folder.resolve("bin"));
        Files.copy(GuestPrograms.binary(name), folder.resolve("bin/program"));
        Files.createDirectory(folder.resolve("tmp"));
        BootConfig config = BootConfig.standard()
                .withShare(Share.parse(folder.resolve("bin") + ":/srv/host:ro"))
                .withShare(Share.parse(folder.resolve("tmp") + ":/tmp"))
                .withCwd("/tmp");
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            assertThat(kernel.run("/srv/host/program").out())
                    .isEqualTo(Files.readString(GuestPrograms.SOURCES.resolve(name + ".expected")));
        }
    }

    @Test
    void whatIsSharedReadOnlyIsNotChanged() throws IOException {
        Files.writeString(folder.resolve("f"), "host");
        try (VirtualKernel kernel = boot(":ro")) {
            assertThat(sh(kernel, "cat f; echo x > f")).startsWith("host").contains("Read-only file system");
            assertThat(sh(kernel, "mount -o remount,rw /srv/host; rm f")).contains("Read-only file system");
            assertThat(folder.resolve("f")).hasContent("host");
        }
    }

    @Test
    void anotherProviderGoesOn() throws BundleException {
        try (VirtualKernel kernel = boot("")) {
            assertThat(sh(kernel, "echo before > f")).isEmpty();
            for (Bundle bundle : kernel.context().getBundles()) {
                if ("guest.fs.host".equals(bundle.getSymbolicName())) {
                    bundle.stop();
                    bundle.start();
                }
            }
            assertThat(sh(kernel, "cat f; echo after >> f; cat f")).isEqualTo("before\nbefore\nafter\n");
        }
    }

    @Test
    void aFolderIsSharedAndTakenAwayWhileTheKernelRuns() {
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            kernel.run("/bin/mkdir", "-p", "/srv/host");
            gogoDone(kernel, "fs:share " + folder + " /srv/host");
            assertThat(sh(kernel, "echo here > f")).isEmpty();
            assertThat(folder.resolve("f")).hasContent("here\n");
            gogoDone(kernel, "fs:umount /srv/host");
            assertThat(kernel.host().folders()).isEmpty();
            assertThat(sh(kernel, "ls")).isEmpty();
            assertThat(gogo(kernel, "fs:umount /srv/host")).contains("cannot unmount /srv/host: EINVAL");
            assertThat(gogo(kernel, "fs:mount ext4 /dev/vda /nowhere")).contains("/nowhere: ENOENT");
            assertThat(gogo(kernel, "fs:mount ext9 /dev/vda /srv/host"))
                    .contains("cannot mount /dev/vda as ext9 on /srv/host: ENODEV");
            // the guest itself cannot ask for folders of the host
            assertThat(kernel.run("/bin/mount", "-t", "host", folder.toString(), "/srv/host")
                            .err())
                    .contains("No such device");
        }
    }

    @Test
    void whatCannotBeSharedIsSaid() {
        assertThatThrownBy(() ->
                        VirtualKernel.boot(BootConfig.standard().withShare(Share.parse(folder + "/nowhere:/srv/host"))))
                .isInstanceOf(BootException.class)
                .hasMessageContaining("no such folder");
        assertThatThrownBy(() -> Share.parse("/tmp")).hasMessageContaining("HOST:GUEST");
        assertThatThrownBy(() -> Share.parse("/tmp:srv")).hasMessageContaining("absolute");
        assertThatThrownBy(() -> Share.parse("/tmp:/srv:rw")).hasMessageContaining("neither ro");
    }
}
