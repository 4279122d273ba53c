// Errors of files that errors.c has not: what is read-only, full, busy, interrupted or not permitted.
#include "errors.h"
#include <linux/openat2.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/xattr.h>

static char buffer[1 << 17], longer[5000];
static int file, folder;

static void others_attributes(void) {
    as_nobody();
    E(setxattr, "f", "user.a", "v", 1, 0), E(lsetxattr, "f", "trusted.a", "v", 1, 0), E(fsetxattr, file, "trusted.a", "v", 1, 0);
    E(removexattr, "f", "trusted.a"), E(lremovexattr, "f", "trusted.a"), E(fremovexattr, file, "trusted.a"), E(getxattr, "f", "trusted.a", buffer, 9);
}

static void attributes(void) {
    char name[300] = "user.";
    memset(name + 5, 'n', 280);
    int proc = open("/proc/self/status", O_RDONLY);
    E(lsetxattr, "f", "trusted.a", "v", 1, XATTR_REPLACE), E(lsetxattr, "f", "trusted.a", "v", 1, 0);
    E(lsetxattr, "f", "trusted.a", "v", 1, XATTR_CREATE), E(lsetxattr, "f", "nonsense", "v", 1, 0), E(lsetxattr, "f", name, "v", 1, 0);
    E(fsetxattr, file, "trusted.c", "v", 1, XATTR_REPLACE), E(fsetxattr, file, "trusted.a", "v", 1, XATTR_CREATE);
    E(fsetxattr, file, "nonsense", "v", 1, 0), E(fsetxattr, file, name, "v", 1, 0), E(fsetxattr, folder, "", "v", 1, 0);
    E(getxattr, "f", name, buffer, 10), E(lgetxattr, "f", "nonsense", buffer, 10), E(fgetxattr, file, "nonsense", buffer, 10);
    E(lgetxattr, "f", "trusted.none", buffer, 10), E(fgetxattr, file, "trusted.none", buffer, 10);
    E(lsetxattr, "f", "trusted.a", "value", 5, 0), E(lgetxattr, "f", "trusted.a", buffer, 2), E(fgetxattr, file, "trusted.a", buffer, 2);
    E(llistxattr, "f", buffer, 2), E(flistxattr, file, buffer, 2), E(lremovexattr, "f", "trusted.none"), E(fremovexattr, file, "trusted.none");
    E(removexattr, "f", "nonsense"), E(lremovexattr, "f", "nonsense"), E(fremovexattr, file, "nonsense");
    E(getxattr, "/proc/self/status", "user.a", buffer, 10), E(fgetxattr, proc, "user.a", buffer, 10);
    E(setxattr, "/proc/self/status", "user.a", "v", 1, 0), E(removexattr, "/proc/self/status", "user.a");
    E(symlinkat, "f", HERE, "near"), E(lsetxattr, "near", "user.a", "v", 1, 0), E(lgetxattr, "near", "user.a", buffer, 1), E(lremovexattr, "near", "user.a");
    E(setxattr, "f", "trusted.a", "v", 65537, 0), E(lsetxattr, "f", "trusted.a", "v", 65537, 0), E(fsetxattr, file, "trusted.a", "v", 65537, 0);
    E(lsetxattr, BAD, "trusted.a", "v", 1, 0), E(lgetxattr, BAD, "trusted.a", buffer, 1), E(llistxattr, BAD, buffer, 1), E(removexattr, BAD, "trusted.a");
    E(lsetxattr, "none", "trusted.a", "v", 1, 0), E(lgetxattr, "none", "trusted.a", buffer, 1), E(llistxattr, "none", buffer, 1), E(lremovexattr, "none", "trusted.a");
    close(file_with("many", ""));
    for (int i = 0; i < 300; i++) {
        char each[260];
        snprintf(each, sizeof each, "trusted.%03d%0240d", i, 0);
        if (syscall(SYS_setxattr, "many", each, "v", 1, 0) != 0) { say("attribute %d: %s", i, name_of(errno)); break; }
    }
    int many = open("many", O_RDONLY);
    E(listxattr, "many", buffer, sizeof buffer), E(llistxattr, "many", buffer, sizeof buffer), E(flistxattr, many, buffer, sizeof buffer);
    CHILD("not root", others_attributes());
}

static void read_only(void) {
    struct iovec part = {buffer, 10};
    mkdir("ro", 0755);
    E(mount, "t", "ro", "tmpfs", 0, "");
    close(file_with("ro/f", "text")), mkdir("ro/d", 0755), chmod("ro/f", 0755);
    int written = open("ro/f", O_RDWR);
    E(mount, NULL, "ro", NULL, MS_REMOUNT | MS_RDONLY, NULL);
    E(umount2, "ro", 0), E(umount2, "ro", MNT_EXPIRE | MNT_FORCE);
    close(written);
    E(mount, NULL, "ro", NULL, MS_REMOUNT | MS_RDONLY, NULL);
    int in = open("ro/f", O_RDONLY), on = open("ro/d", O_RDONLY);
    E(mknodat, HERE, "ro/x", S_IFREG, 0), E(mkdirat, HERE, "ro/x", 0700), E(unlinkat, HERE, "ro/f", 0), E(unlinkat, HERE, "ro/d", AT_REMOVEDIR);
    E(symlinkat, "x", HERE, "ro/x"), E(linkat, HERE, "ro/f", HERE, "ro/x", 0), E(renameat2, HERE, "ro/f", HERE, "ro/x", 0), E(truncate, "ro/f", 0);
    E(faccessat, HERE, "ro/f", W_OK), E(faccessat2, HERE, "ro/f", W_OK, 0), E(fchmod, in, 0600), E(fchmodat, HERE, "ro/f", 0600);
    E(fchmodat2, HERE, "ro/f", 0600, 0), E(fchown, in, 1, 1), E(fchownat, HERE, "ro/f", 1, 1, 0), E(openat, HERE, "ro/f", O_WRONLY);
    E(openat, HERE, "ro/x", O_CREAT | O_WRONLY, 0600), E(openat, HERE, "ro/f", O_RDONLY | O_TRUNC), E(utimensat, HERE, "ro/f", NULL, 0);
    E(utimensat, in, NULL, NULL, 0), E(setxattr, "ro/f", "trusted.a", "v", 1, 0), E(fsetxattr, in, "trusted.a", "v", 1, 0);
    E(removexattr, "ro/f", "trusted.a"), E(openat, HERE, "ro/d", O_TMPFILE | O_RDWR, 0600), E(unlinkat, HERE, "ro/none", 0), E(mkdirat, HERE, "ro/d", 0700);
    E(openat2, HERE, "ro/f", &(struct open_how){.flags = O_WRONLY}, 24), E(write, in, buffer, 1), E(fsync, in), E(fchdir, on), E(umount2, "../../ro", 0);
    E(chdir, "../..");
    close(in), close(on);
    E(writev, written, &part, 1), E(umount2, "ro", 0);
}

static void full(void) {
    struct iovec part = {buffer, sizeof buffer};
    loff_t zero = 0, later = 1 << 20, one = 1;
    mkdir("small", 0755), mkdir("few", 0755);
    E(mount, "t", "small", "tmpfs", 0, "size=64k"), E(mount, "t", "few", "tmpfs", 0, "nr_inodes=3");
    int fd = open("small/f", O_RDWR | O_CREAT, 0600);
    E(fallocate, fd, 0, 0, 1 << 20), E(write, fd, buffer, 1 << 16), E(write, fd, buffer, 1), E(writev, fd, &part, 1), E(copy_file_range, fd, &zero, fd, &later, 10, 0), E(pwrite64, fd, buffer, 4096, 1 << 20);
    E(pwritev, fd, &part, 1, 1 << 20, 0), E(pwritev2, fd, &part, 1, 1 << 20, 0, 0), E(sendfile, fd, file, NULL, 4096), E(ftruncate, fd, 1 << 30);
    int from = file_with("from", "0123456789");
    loff_t start = 1 << 20;
    E(copy_file_range, from, &one, fd, &zero, -1ul, 0), E(copy_file_range, from, &one, file, &zero, -1ul, 0), E(pipe2, buffer, O_EXCL), E(mount, "f", "d", "ext4", 0, NULL), E(mount, "none", "d", "ext4", 0, NULL), E(mount, "/dev/null", "d", "ext4", 0, NULL), E(copy_file_range, from, NULL, fd, &start, 10, 0);
    int ends[2];
    pipe(ends), write(ends[1], "text", 4);
    E(splice, ends[0], NULL, fd, &start, 4, 0), E(fsync, fd), E(sync_file_range, fd, 0, 0, 0), E(ftruncate, fd, 0);
    char *page = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    E(ftruncate, fd, 1 << 20);
    close(file_with("few/1", "")), close(file_with("few/2", ""));
    E(openat, HERE, "few/x", O_CREAT | O_RDWR, 0600), E(mknodat, HERE, "few/x", S_IFIFO, 0), E(mkdirat, HERE, "few/x", 0700), E(symlinkat, "x", HERE, "few/x");
    E(linkat, HERE, "few/1", HERE, "few/x", 0), E(openat, HERE, "few", O_TMPFILE | O_RDWR, 0600), E(renameat2, HERE, "few/1", HERE, "few/3", 0);
    E(openat2, HERE, "few/x", &(struct open_how){.flags = O_WRONLY | O_CREAT, .mode = 0600}, 24);
    close(fd), munmap(page, 1 << 20);
    E(umount2, "small", 0), E(umount2, "few", 0);
}

static void in_use(void) {
    int ends[2];
    char byte;
    pipe(ends);
    close(open("run", O_CREAT | O_WRONLY, 0755));
    E(linkat, HERE, "/proc/self/exe", HERE, "exe", AT_SYMLINK_FOLLOW);
    int self = open("/proc/self/exe", O_RDONLY), copy = open("run", O_WRONLY);
    for (long n; (n = sendfile(copy, self, NULL, 1 << 20)) > 0;) { }
    E(execve, "run", NULL, NULL);
    close(copy);
    pid_t pid = fork();
    if (pid == 0) dup2(ends[1], 1), close(ends[0]), close(ends[1]), execl("run", "run", "wait", NULL), _exit(1);
    close(ends[1]), read(ends[0], &byte, 1);
    E(openat, HERE, "run", O_WRONLY), E(truncate, "run", 0), E(openat, HERE, "run", O_RDONLY | O_TRUNC), E(faccessat, HERE, "run", W_OK);
    E(openat2, HERE, "run", &(struct open_how){.flags = O_WRONLY}, 24), E(unlinkat, HERE, "run", 0);
    kill(pid, SIGKILL), reap(pid);
    close(self), close(ends[0]);
}

static void waiting(void) {
    int ends[2], pty = open("/dev/ptmx", O_RDWR | O_NOCTTY), event = eventfd(0, 0), epoll = epoll_create1(0);
    struct iovec part = {buffer, 10};
    pipe(ends), mkfifo("fifo", 0600);
    INTERRUPTED(openat, HERE, "fifo", O_RDONLY), INTERRUPTED(read, ends[0], buffer, 1), INTERRUPTED(readv, ends[0], &part, 1);
    INTERRUPTED(read, pty, buffer, 1), INTERRUPTED(read, event, buffer, 8), INTERRUPTED(splice, ends[0], NULL, file, NULL, 1, 0);
    INTERRUPTED(epoll_pwait, epoll, buffer, 1, -1, NULL, 8), INTERRUPTED(epoll_pwait2, epoll, buffer, 1, NULL, NULL, 8);
    INTERRUPTED(ppoll, NULL, 0, NULL, NULL, 8), INTERRUPTED(pselect6, 0, NULL, NULL, NULL, NULL, NULL);
    int notes = inotify_init(), signals[2];
    pipe(signals);
    INTERRUPTED(read, notes, buffer, 4096), INTERRUPTED(tee, ends[0], signals[1], 1, 0);
    int other = open("f", O_RDWR);
    flock(other, LOCK_EX), INTERRUPTED(flock, file, LOCK_EX), INTERRUPTED(flock, file, LOCK_SH), flock(other, LOCK_UN);
    struct flock whole = {.l_type = F_WRLCK};
    fcntl(other, F_OFD_SETLK, &whole), INTERRUPTED(fcntl, file, F_SETLKW, &whole), INTERRUPTED(fcntl, file, F_OFD_SETLKW, &whole);
    E(fcntl, file, F_SETLK, &whole), close(other);
    while (write(ends[1], buffer, 4096) > 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0) { }
    E(write, ends[1], buffer, 1), E(vmsplice, ends[1], &part, 1, SPLICE_F_NONBLOCK), E(sendfile, ends[1], file, NULL, 10), E(splice, file, NULL, ends[1], NULL, 1, SPLICE_F_NONBLOCK);
    fcntl(ends[1], F_SETFL, 0);
    INTERRUPTED(write, ends[1], buffer, 1), INTERRUPTED(writev, ends[1], &part, 1), INTERRUPTED(vmsplice, ends[1], &part, 1, 0), INTERRUPTED(sendfile, ends[1], file, NULL, 1);
    pipe(signals);
    E(tee, signals[0], signals[1], 1, SPLICE_F_NONBLOCK), E(tee, signals[0], ends[1], 1, SPLICE_F_NONBLOCK), E(vmsplice, signals[1], &part, 2000, 0), E(vmsplice, signals[1], &part, 1, 0x80);
    lseek(file, 0, SEEK_SET);
}

static void wrong_kinds(void) {
    struct iovec part = {buffer, 10};
    int ends[2], append = open("f", O_WRONLY | O_APPEND), null = open("/dev/null", O_RDWR), gone = (mkdir("gone", 0700), open("gone", O_RDONLY));
    loff_t far = 0x7ffffffffffffff0, none = 0;
    pipe(ends), rmdir("gone");
    E(getdents64, gone, buffer, 100), E(openat, gone, "x", O_CREAT | O_RDWR, 0600), E(mkdirat, gone, "x", 0700), E(fallocate, null, 0, 0, 1), E(preadv, file, &part, -1, 0, 0);
    E(preadv, file, &part, 2000, 0, 0), E(preadv, file, &part, 1, -1, 0), E(pwritev, file, &part, 2000, 0, 0), E(pwritev, ends[1], &part, 1, 0, 0), E(preadv2, file, &part, 2000, 0, 0, 0);
    E(preadv2, file, &part, 1, -2, 0, 0), E(pwritev2, file, &part, 2000, 0, 0, 0), E(pwritev2, 99, &part, 1, 0, 0, 0), E(pwritev2, file, &part, 1, 0, 0, 0x800), E(preadv2, 99, &part, 1, 0, 0, 0);
    E(sendfile, append, file, NULL, 1), E(sendfile, null, ends[0], &none, 1), E(sendfile, null, file, &far, 100), E(pread64, file, buffer, 100, far), E(pwrite64, file, buffer, 100, far), E(sendfile, null, folder, NULL, 1), E(splice, file, NULL, append, NULL, 1, 0);
    E(splice, ends[0], NULL, append, NULL, 1, 0), E(copy_file_range, file, NULL, append, NULL, 1, 0), E(copy_file_range, file, &far, file, NULL, 100, 0), E(copy_file_range, null, NULL, file, NULL, 1, 0);
    E(copy_file_range, file, NULL, file, NULL, 4, 0), E(copy_file_range, file, &none, null, NULL, 1, 0), E(lseek, file, 0x7fffffffffffffff, SEEK_SET);
    E(lseek, folder, -1, SEEK_SET), E(dup3, 0, 1 << 30, 0), E(fcntl, file, F_NOTIFY, 1), E(fcntl, file, F_DUPFD, 1 << 30), E(fcntl, file, F_SETFL, O_DIRECT);
    E(ioctl, open("/dev/ptmx", O_RDWR | O_NOCTTY), 0x540b, 99), E(ioctl, folder, 0x5401, buffer), E(ioctl, null, 0x541b, buffer), E(fsync, null), E(ftruncate, null, 0), E(truncate, "/dev/null", 0), E(truncate, "f", far), E(truncate, "f", 4);
    E(fchmodat2, HERE, "near", 0600, AT_SYMLINK_NOFOLLOW), E(fchmodat2, HERE, "f", 0600, 1), E(fchmodat2, 99, "f", 0600, 0), E(fchmodat2, HERE, BAD, 0600, 0), E(fchmodat2, HERE, "none", 0600, 0);
    E(fchmodat2, HERE, "f/x", 0600, 0), E(fchmodat2, HERE, longer, 0600, 0), E(execveat, file, "x", NULL, NULL, 0), E(execveat, file, "", NULL, NULL, 0), E(mkdirat, HERE, "/dev/pts/x", 0700), E(symlinkat, "x", HERE, "/dev/pts/x");
    E(linkat, HERE, "/dev/pts/ptmx", HERE, "/dev/pts/x", 0), E(renameat2, HERE, "/dev/pts/ptmx", HERE, "/dev/pts/x", 0), E(mknodat, HERE, "/dev/pts/x", S_IFREG, 0), E(mkdirat, HERE, "/proc/x", 0700), E(unlinkat, HERE, "/proc/version", 0);
    E(openat, HERE, "/proc/x", O_CREAT | O_RDWR, 0600), E(mknodat, HERE, "odd", S_IFCHR, 0xfe01), E(openat, HERE, "odd", O_RDONLY), E(mknodat, HERE, "oddblock", S_IFBLK, 0xfe01), E(openat, HERE, "oddblock", O_RDONLY);
    E(openat2, HERE, "f", &(struct open_how){.resolve = RESOLVE_BENEATH}, 24), E(openat2, HERE, "/dev/null", &(struct open_how){.resolve = RESOLVE_BENEATH}, 24), E(openat2, HERE, "near", &(struct open_how){.resolve = RESOLVE_NO_SYMLINKS}, 24);
    E(openat2, HERE, "/proc/version", &(struct open_how){.resolve = RESOLVE_NO_XDEV}, 24), E(openat2, HERE, "x", &(struct open_how){.flags = O_CREAT | O_RDWR, .resolve = RESOLVE_CACHED}, 24), E(openat2, HERE, "f", &(struct open_how){.flags = O_TRUNC | O_RDWR, .resolve = RESOLVE_CACHED}, 24);
    E(openat2, HERE, "../../tmp/case/f", &(struct open_how){.resolve = RESOLVE_BENEATH}, 24), E(openat2, HERE, "f", &(struct open_how){.mode = 0600}, 24), E(openat2, HERE, "none", &(struct open_how){0}, 24), E(openat2, HERE, "f/x", &(struct open_how){0}, 24);
    E(openat2, HERE, longer, &(struct open_how){0}, 24), E(openat2, HERE, "d", &(struct open_how){.flags = O_WRONLY}, 24), E(openat2, HERE, "f", &(struct open_how){.flags = O_CREAT | O_EXCL, .mode = 0600}, 24);
    E(name_to_handle_at, 99, "f", buffer, buffer + 100, 0), E(name_to_handle_at, HERE, "none", buffer, buffer + 100, 0);
    E(name_to_handle_at, HERE, "f/x", buffer, buffer + 100, 0), E(name_to_handle_at, HERE, "/proc/version", memset(buffer, 255, 2), buffer + 100, 0);
    E(open_by_handle_at, HERE, BAD, 0), E(open_by_handle_at, 99, buffer, 0), E(open_by_handle_at, HERE, memset(buffer, 0, 200), 0);
    memset(buffer, 0, 200);
}

static void depths(void) {
    int top = open(".", O_RDONLY), chain[8];
    char name[256] = "";
    memset(name, 'n', 255);
    for (int i = 0; i < 17; i++) mkdirat(HERE, name, 0700), chdir(name);
    E(getcwd, buffer, sizeof buffer), E(getcwd, buffer, 4096), E(getcwd, buffer, 0);
    for (int i = 0; i < 17; i++) chdir(".."), unlinkat(HERE, name, AT_REMOVEDIR);
    fchdir(top);
    struct epoll_event event = {.events = EPOLLIN};
    for (int i = 0; i < 8; i++) chain[i] = epoll_create1(0);
    for (int i = 0; i < 7; i++) E(epoll_ctl, chain[i + 1], EPOLL_CTL_ADD, chain[i], &event);
    E(epoll_ctl, chain[0], EPOLL_CTL_ADD, chain[3], &event), E(epoll_pwait2, 99, &event, 1, NULL, NULL, 8), E(epoll_pwait2, file, &event, 1, NULL, NULL, 8), E(epoll_pwait2, chain[0], &event, 0, NULL, NULL, 8);
    E(epoll_pwait2, chain[0], &event, 1, BAD, NULL, 8), E(epoll_pwait2, chain[0], &event, 1, (&(struct timespec){0, -1}), NULL, 8);
    int event_fd = eventfd(1, 0);
    E(epoll_ctl, chain[7], EPOLL_CTL_ADD, event_fd, &event), E(epoll_pwait, chain[7], BAD, 1, 0, NULL, 8), E(epoll_pwait2, chain[7], BAD, 1, NULL, NULL, 8);
}

static void few_descriptors(void) {
    limit(RLIMIT_NOFILE, 3);
    E(dup, 0), E(eventfd2, 0, 0), E(epoll_create1, 0), E(inotify_init1, 0), E(signalfd4, -1, buffer, 8, 0), E(timerfd_create, 1, 0), E(memfd_create, "m", 0), E(socket, 1, 1, 0);
    E(socketpair, 1, 1, 0, buffer), E(pipe2, buffer, 0), E(openat, HERE, "f", O_RDONLY), E(openat2, HERE, "f", &(struct open_how){0}, 24), E(pidfd_open, getpid(), 0), E(fcntl, 0, F_DUPFD, 0), E(fcntl, 0, F_DUPFD_CLOEXEC, 0);
    E(mq_open, "q", O_RDWR | O_CREAT, 0600, NULL), E(dup3, 0, 3, 0), E(fcntl, 0, F_DUPFD, 3);
}

static void few_notes(void) {
    long n = 0;
    while (syscall(SYS_inotify_init1, 0) >= 0) n++;
    IS(n == told("/proc/sys/fs/inotify/max_user_instances"));
    E(inotify_init1, 0);
}

static void others(void) {
    chmod("f", 0644), chmod("closed", 0700);
    as_nobody();
    E(fchmodat, HERE, "closed/x", 0600), E(fchmodat2, HERE, "closed/x", 0600, 0), E(fchmodat2, HERE, "f", 0600, 0), E(fchownat, HERE, "closed/x", 1, 1, 0), E(openat, HERE, "f", O_RDONLY | O_NOATIME), E(chroot, "closed/x"), E(mount, "t", "closed/x", "tmpfs", 0, NULL);
    E(openat2, HERE, "f", &(struct open_how){.flags = O_WRONLY}, 24), E(openat2, HERE, "f", &(struct open_how){.flags = O_NOATIME}, 24), E(open_by_handle_at, HERE, buffer, 0), E(fcntl, 0, F_SETPIPE_SZ, 1 << 30), E(getxattr, "closed/x", "user.a", buffer, 9);
    E(mknodat, HERE, "/tmp/case/d/x", S_IFCHR, 0x103), E(truncate, "closed/x", 0), E(execveat, HERE, "closed/x", NULL, NULL, 0), E(execveat, HERE, "f", NULL, NULL, 0), E(statfs, "closed/x", buffer), E(linkat, file, "", HERE, "/tmp/x", AT_EMPTY_PATH), E(umount2, "closed/x", 0);
    int ends[2];
    pipe(ends);
    E(fcntl, ends[0], F_SETPIPE_SZ, 1 << 30), E(fcntl, file, F_SETLEASE, F_RDLCK), E(name_to_handle_at, HERE, "closed/x", buffer, buffer + 100, 0);
}

static void too_large(void) {
    handle(SIGXFSZ, SIG_IGN, 0), limit(RLIMIT_FSIZE, 1 << 20);
    struct iovec part = {buffer, 10};
    loff_t end = 1 << 20, start = 0;
    E(truncate, "f", (1 << 20) + 1), E(pwritev, file, &part, 1, 1 << 20, 0), E(pwritev2, file, &part, 1, 1 << 20, 0, 0), E(lseek, file, 1 << 20, SEEK_SET), E(writev, file, &part, 1), E(copy_file_range, folder, NULL, file, &end, 1, 0);
    int from = file_with("from", "0123456789"), ends[2];
    pipe(ends), write(ends[1], "text", 4);
    E(copy_file_range, from, &start, file, &end, 1, 0), E(sendfile, file, from, NULL, 1), E(splice, ends[0], NULL, file, &end, 4, 0), E(fallocate, file, 0, 0, (1 << 20) + 1), E(pwrite64, file, buffer, 1, 1 << 20);
}

int main(int count, char **words) {
    if (count > 1 && strcmp(words[1], "wait") == 0) write(1, "x", 1), pause();
    memset(longer, 'x', sizeof longer - 1);
    file = file_with("f", "text"), mkdir("d", 0777), chmod("d", 0777), mkdir("closed", 0700), close(file_with("closed/x", ""));
    folder = open("d", O_RDONLY);
    attributes(), read_only(), full(), in_use(), waiting(), wrong_kinds(), depths();
    CHILD("few descriptors", few_descriptors());
    CHILD("few notes", few_notes());
    CHILD("others", others());
    CHILD("too large", too_large());
    return 0;
}
