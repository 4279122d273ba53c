// Errors of files that may not be changed, or only grow (chattr(1), FS_IOC_SETFLAGS).
#include "errors.h"
#include <linux/fs.h>
#include <sys/ioctl.h>

static int file;

// Only one call in E's text, so that what it says is the same wherever the argument is.
static void flags_of(int fd, int flags) { E(ioctl, fd, FS_IOC_SETFLAGS, &flags); }

static void tell_flags(int fd) {
    int flags = 0;
    E(ioctl, fd, FS_IOC_GETFLAGS, &flags), say("flags %x", flags);
}

static void still(void) {
    int fd = file_with("still", "text"), folder;
    loff_t zero = 0, next = 0;
    tell_flags(fd), flags_of(fd, FS_IMMUTABLE_FL), tell_flags(fd);
    E(truncate, "still", 0), E(faccessat, HERE, "still", W_OK), E(faccessat2, HERE, "still", W_OK, 0), E(openat, HERE, "still", O_WRONLY), E(openat, HERE, "still", O_RDONLY | O_TRUNC), E(unlinkat, HERE, "still", 0), E(linkat, HERE, "still", HERE, "other", 0), E(renameat2, HERE, "still", HERE, "other", 0), E(renameat2, HERE, "f", HERE, "still", 0);
    E(fchmodat, HERE, "still", 0600), E(fchownat, HERE, "still", 1, 1, 0), E(fchmod, fd, 0600), E(utimensat, HERE, "still", NULL, 0), E(utimensat, fd, NULL, (&(struct timespec[2]){{1, 0}, {1, 0}}), 0), E(setxattr, "still", "trusted.a", "v", 1, 0), E(removexattr, "still", "trusted.a"), E(fallocate, fd, 0, 0, 10), E(copy_file_range, file, &zero, fd, &next, 1, 0);
    E(faccessat, HERE, "still", R_OK), E(faccessat, HERE, "still", F_OK), E(write, fd, "x", 1), E(ftruncate, fd, 2), flags_of(fd, FS_APPEND_FL), tell_flags(fd);
    E(openat, HERE, "still", O_WRONLY), E(openat, HERE, "still", O_RDONLY | O_TRUNC), E(openat, HERE, "still", O_WRONLY | O_APPEND | O_TRUNC), E(truncate, "still", 0), E(ftruncate, fd, 0), E(unlinkat, HERE, "still", 0), E(linkat, HERE, "still", HERE, "other", 0), E(renameat2, HERE, "still", HERE, "other", 0), E(fchmodat, HERE, "still", 0600), E(faccessat, HERE, "still", W_OK), E(utimensat, HERE, "still", NULL, 0);
    int appending = open("still", O_WRONLY | O_APPEND);
    E(write, appending, "x", 1), E(fcntl, appending, F_SETFL, 0), E(pwrite64, appending, "x", 1, 0), E(fallocate, fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1), flags_of(fd, 0x80000000), flags_of(fd, FS_COMPR_FL), flags_of(fd, FS_NODUMP_FL | FS_NOATIME_FL), tell_flags(fd);
    mkdir("fixed", 0777), close(file_with("fixed/f", "")), folder = open("fixed", O_RDONLY), flags_of(folder, FS_IMMUTABLE_FL);
    E(openat, HERE, "fixed/x", O_CREAT | O_WRONLY, 0600), E(mkdirat, HERE, "fixed/x", 0700), E(unlinkat, HERE, "fixed/f", 0), E(unlinkat, HERE, "fixed", AT_REMOVEDIR), E(openat, HERE, "fixed/f", O_WRONLY | O_CREAT, 0600), E(renameat2, HERE, "fixed/f", HERE, "fixed/x", 0), E(openat, HERE, "fixed", O_TMPFILE | O_RDWR, 0600);
    flags_of(folder, FS_APPEND_FL), E(mkdirat, HERE, "fixed/x", 0700), E(unlinkat, HERE, "fixed/x", AT_REMOVEDIR), E(unlinkat, HERE, "fixed", AT_REMOVEDIR);
    E(ioctl, fd, FS_IOC_SETFLAGS, BAD), E(ioctl, fd, FS_IOC_GETFLAGS, BAD);
    int proc = open("/proc/version", O_RDONLY), ends[2];
    pipe(ends), tell_flags(proc), tell_flags(ends[0]), flags_of(ends[0], FS_NOATIME_FL);
    chmod("still", 0666);
    CHILD("not root", {
        as_nobody();
        flags_of(fd, 0);
        flags_of(fd, FS_IMMUTABLE_FL);
        int mine = file_with("d/mine", "");
        flags_of(mine, FS_NODUMP_FL);
        flags_of(mine, FS_IMMUTABLE_FL);
        flags_of(mine, FS_APPEND_FL);
    });
    flags_of(folder, 0), flags_of(fd, 0), tell_flags(fd), E(unlinkat, HERE, "still", 0);
}

int main(void) {
    file = file_with("f", "text"), mkdir("d", 0777), chmod("d", 0777);
    still();
    return 0;
}
