// openat2(2): where a path may lead.
#include "check.h"
#include <linux/openat2.h>
#include <sys/mount.h>

static int at = AT_FDCWD;

static void how(const char *path, uint64_t flags, uint64_t resolve, const char *resolve_name) {
    struct open_how how = {.flags = flags, .resolve = resolve, .mode = flags & O_CREAT ? 0644 : 0};
    long fd = syscall(SYS_openat2, at, path, &how, sizeof how);
    if (fd == -1) {
        say("%s %s: %s", path, resolve_name, name_of(errno));
        return;
    }
    char text[8] = {0}, name[32], target[64] = {0};
    ssize_t n = flags & O_PATH ? -1 : read((int)fd, text, sizeof text - 1);
    snprintf(name, sizeof name, "/proc/self/fd/%ld", fd);
    readlink(name, target, sizeof target - 1);
    say("%s %s: %s %s", path, resolve_name, n > 0 ? text : "opened", strrchr(target, '/'));
    close((int)fd);
}

#define HOW(path, resolve) how(path, O_RDONLY, resolve, #resolve)

int main(void) {
    mkdir("d", 0755), mkdir("d/e", 0755), mkdir("d/m", 0755), mkdir("etc", 0755);
    close(file_with("f", "out")), close(file_with("d/f", "in")), close(file_with("d/e/f", "deep"));
    symlink("f", "d/near"), symlink("../f", "d/far"), symlink("/f", "d/absolute"), symlink("e", "d/folder");
    symlink("e/../../d/f", "d/out-and-in"), symlink("/proc/self/fd/0", "d/magic"), symlink("loop", "d/loop");
    at = open("d", O_PATH | O_DIRECTORY);

    HOW("f", 0), HOW("../f", 0), HOW("e/../f", 0);
    HOW("f", RESOLVE_BENEATH), HOW("../f", RESOLVE_BENEATH), HOW("e/../f", RESOLVE_BENEATH), HOW("..", RESOLVE_BENEATH);
    HOW("/f", RESOLVE_BENEATH), HOW("near", RESOLVE_BENEATH), HOW("far", RESOLVE_BENEATH);
    HOW("absolute", RESOLVE_BENEATH), HOW("out-and-in", RESOLVE_BENEATH), HOW("e/../../d/f", RESOLVE_BENEATH);
    HOW("/f", RESOLVE_IN_ROOT), HOW("../f", RESOLVE_IN_ROOT), HOW("../../../e/f", RESOLVE_IN_ROOT);
    HOW("far", RESOLVE_IN_ROOT), HOW("absolute", RESOLVE_IN_ROOT), HOW("/", RESOLVE_IN_ROOT), HOW("..", RESOLVE_IN_ROOT);
    HOW("magic", RESOLVE_IN_ROOT), HOW("magic", RESOLVE_BENEATH);
    HOW("near", RESOLVE_NO_SYMLINKS), HOW("folder/f", RESOLVE_NO_SYMLINKS), HOW("e/f", RESOLVE_NO_SYMLINKS);
    how("near", O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS, "O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS");
    how("near", O_NOFOLLOW, 0, "O_NOFOLLOW");
    HOW("magic", RESOLVE_NO_MAGICLINKS), HOW("near", RESOLVE_NO_MAGICLINKS), HOW("loop", RESOLVE_NO_MAGICLINKS);
    HOW("/proc/self/fd/0", RESOLVE_NO_MAGICLINKS), HOW("/proc/self/comm", RESOLVE_NO_SYMLINKS);
    HOW("f", RESOLVE_BENEATH | RESOLVE_IN_ROOT), HOW("f", 64), HOW("", RESOLVE_BENEATH), HOW("none", RESOLVE_BENEATH);
    how("new", O_RDWR | O_CREAT, RESOLVE_BENEATH, "O_CREAT, RESOLVE_BENEATH");
    how("../new", O_RDWR | O_CREAT, RESOLVE_BENEATH, "O_CREAT, RESOLVE_BENEATH");
    how("far", O_RDWR | O_CREAT, RESOLVE_BENEATH, "O_CREAT, RESOLVE_BENEATH");
    how("../new", O_RDWR | O_CREAT, RESOLVE_IN_ROOT, "O_CREAT, RESOLVE_IN_ROOT");
    how("f", O_RDWR | O_CREAT, RESOLVE_CACHED, "O_CREAT, RESOLVE_CACHED");
    how("f", O_RDWR | O_TRUNC, RESOLVE_CACHED, "O_TRUNC, RESOLVE_CACHED");
    HOW("f", RESOLVE_CACHED);

    if (mount("none", "d/m", "tmpfs", 0, NULL) != 0) say("mount: %s", name_of(errno));
    close(file_with("d/m/f", "other"));
    HOW("m/f", 0), HOW("m/f", RESOLVE_NO_XDEV), HOW("m", RESOLVE_NO_XDEV), HOW("e/f", RESOLVE_NO_XDEV);
    how("m/f", O_RDWR | O_CREAT, RESOLVE_NO_XDEV, "O_CREAT, RESOLVE_NO_XDEV");
    at = open("d/m", O_PATH | O_DIRECTORY);
    HOW("f", RESOLVE_NO_XDEV), HOW("../f", RESOLVE_NO_XDEV), HOW("../f", RESOLVE_IN_ROOT), HOW("../m/f", RESOLVE_NO_XDEV);
    close(at);
    umount("d/m");

    struct open_how plain = {.flags = O_RDONLY};
    TRY(syscall(SYS_openat2, AT_FDCWD, "f", &plain, 8));
    TRY(syscall(SYS_openat2, AT_FDCWD, "f", NULL, sizeof plain));
    TRY(syscall(SYS_openat2, AT_FDCWD, "f", &plain, 8192));
    TRY(syscall(SYS_openat2, 99, "f", &plain, sizeof plain));
    plain.mode = 0644;
    TRY(syscall(SYS_openat2, AT_FDCWD, "f", &plain, sizeof plain));
    return 0;
}
