package vkernel.boot.unikernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NeedsTest {
    private final Needs needs = new Needs("/home");

    @Test
    void whatWasOpenedSaysWhichFileSystemsAreNeeded() {
        needs.line("2 openat(AT_FDCWD, \"/proc/version\", O_RDONLY, 00) = 3");
        needs.line("2 openat(AT_FDCWD, \"/sys/nothing\", O_RDONLY, 00) = -1 ENOENT");
        needs.line("2 openat(AT_FDCWD, \"/dev/null\", O_WRONLY, 00) = 3");
        assertThat(needs.subsystems()).containsOnlyKeys("fs:proc", "fs:devtmpfs", "device:mem");
        assertThat(needs.calls()).isEqualTo(3);
    }

    @Test
    void aSocketToTheWorldNeedsTheWayOut() {
        needs.line("2 socket(1, 1, 0) = 3");
        assertThat(needs.subsystems()).containsOnlyKeys("net");
        needs.line("2 socket(2, 1, 6) = 4");
        assertThat(needs.subsystems()).containsOnlyKeys("net", "device:net", "host.net");
    }

    @Test
    void whatEveryCLibraryAsksForIsNoNeed() {
        needs.line("2 readlinkat(AT_FDCWD, \"/proc/self/exe\", \"/bin/box\", 4096) = 8");
        assertThat(needs.subsystems()).isEmpty();
    }

    @Test
    void namesAreRelativeToEveryFolderThatWasOpened() {
        needs.line("2 chdir(\"/etc\") = 0");
        needs.line("2 newfstatat(AT_FDCWD, \"passwd\", 0x7f, 0) = 0");
        needs.line("2 execve(\"/bin/cat\", [\"cat\", \"/not/a/file\"], 0xd92e0) = 0");
        needs.line("what the program printed (\"/neither\")");
        assertThat(needs.names()).containsExactly("/bin/cat", "/etc", "/etc/passwd", "/home/passwd", "/passwd");
    }
}
