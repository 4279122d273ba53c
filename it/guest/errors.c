// The errors that man pages list, call by call; docs/errors.md counts them.
#include "check.h"
#include <grp.h>
#include <linux/futex.h>
#include <grp.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/xattr.h>

#define E(call, ...) outcome(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))
#define BAD ((void *)8)
#define HERE AT_FDCWD

static char longer[5000], name256[300];
static char buffer[4096];
static int file, folder, pipe_in, pipe_out, path_only, sock, read_only, timer, events, notes;

static void names(void) {
    E(openat, HERE, "none", O_RDONLY), E(openat, HERE, "f/x", O_RDONLY), E(openat, HERE, BAD, O_RDONLY);
    E(openat, HERE, longer, O_RDONLY), E(openat, HERE, name256, O_RDONLY), E(openat, HERE, "loop", O_RDONLY);
    E(openat, HERE, "d", O_WRONLY), E(openat, HERE, "f", O_CREAT | O_EXCL, 0600), E(openat, 99, "f", O_RDONLY);
    E(openat, file, "f", O_RDONLY), E(openat, HERE, "f", O_DIRECTORY), E(openat, HERE, "socket", O_RDONLY);
    E(openat, HERE, "fifo", O_WRONLY | O_NONBLOCK), E(openat, HERE, "d", O_TMPFILE | O_RDONLY);
    E(mkdirat, HERE, "d", 0700), E(mkdirat, HERE, "none/x", 0700), E(mkdirat, HERE, "f/x", 0700), E(mkdirat, HERE, BAD, 0700);
    E(mkdirat, 99, "x", 0700), E(mkdirat, HERE, longer, 0700), E(mkdirat, HERE, "loop/x", 0700), E(mkdirat, HERE, "", 0700);
    E(mknodat, HERE, "f", S_IFREG, 0), E(mknodat, HERE, "none/x", S_IFREG, 0), E(mknodat, HERE, "f/x", S_IFREG, 0);
    E(mknodat, HERE, BAD, S_IFREG, 0), E(mknodat, 99, "x", S_IFREG, 0), E(mknodat, HERE, "x", S_IFLNK, 0), E(mknodat, HERE, longer, 0, 0);
    E(mknodat, HERE, "x", S_IFDIR, 0), E(mknodat, HERE, "loop/x", S_IFREG, 0);
    E(unlinkat, HERE, "none", 0), E(unlinkat, HERE, "d", 0), E(unlinkat, HERE, "f", AT_REMOVEDIR), E(unlinkat, HERE, "full", AT_REMOVEDIR);
    E(unlinkat, HERE, BAD, 0), E(unlinkat, 99, "f", 0), E(unlinkat, HERE, "f", 1), E(unlinkat, HERE, "d/.", AT_REMOVEDIR);
    E(unlinkat, HERE, longer, 0), E(unlinkat, HERE, "loop/x", 0), E(unlinkat, HERE, "f/x", 0), E(unlinkat, HERE, "full/..", AT_REMOVEDIR);
    E(symlinkat, "x", HERE, "f"), E(symlinkat, "", HERE, "x"), E(symlinkat, BAD, HERE, "x"), E(symlinkat, "x", 99, "x");
    E(symlinkat, "x", HERE, "none/x"), E(symlinkat, "x", HERE, "f/x"), E(symlinkat, longer, HERE, "x"), E(symlinkat, "x", HERE, "loop/x");
    E(linkat, HERE, "none", HERE, "x", 0), E(linkat, HERE, "f", HERE, "f", 0), E(linkat, HERE, "d", HERE, "x", 0);
    E(linkat, HERE, BAD, HERE, "x", 0), E(linkat, 99, "f", HERE, "x", 0), E(linkat, HERE, "f", HERE, "x", 1), E(linkat, HERE, "f", HERE, "/dev/x", 0);
    E(linkat, HERE, "f/x", HERE, "x", 0), E(linkat, HERE, longer, HERE, "x", 0), E(linkat, HERE, "loop/x", HERE, "x", 0);
    E(renameat2, HERE, "none", HERE, "x", 0), E(renameat2, HERE, "d", HERE, "d/x", 0), E(renameat2, HERE, "f", HERE, "d", 0);
    E(renameat2, HERE, "d", HERE, "f", 0), E(renameat2, HERE, "d", HERE, "full", 0), E(renameat2, HERE, "f", HERE, "/proc/x", 0);
    E(renameat2, HERE, "f", HERE, "d", 1), E(renameat2, HERE, "f", HERE, "x", 99), E(renameat2, HERE, "f", HERE, "x", 3), E(renameat2, HERE, BAD, HERE, "x", 0);
    E(renameat2, 99, "f", HERE, "x", 0), E(renameat2, HERE, longer, HERE, "x", 0), E(renameat2, HERE, "f/x", HERE, "x", 0), E(renameat2, HERE, "d/.", HERE, "x", 0);
    E(renameat2, HERE, "loop/x", HERE, "x", 0);
    E(readlinkat, HERE, "f", buffer, 10), E(readlinkat, HERE, "none", buffer, 10), E(readlinkat, HERE, "loop", buffer, 0), E(readlinkat, HERE, "loop", BAD, 10);
    E(readlinkat, 99, "loop", buffer, 10), E(readlinkat, HERE, "f/x", buffer, 10), E(readlinkat, HERE, longer, buffer, 10), E(readlinkat, HERE, "loop/x", buffer, 10);
    E(chdir, "none"), E(chdir, "f"), E(chdir, BAD), E(chdir, longer), E(chdir, "loop"), E(fchdir, 99), E(fchdir, file);
    E(chroot, "none"), E(chroot, "f"), E(chroot, BAD), E(chroot, longer), E(chroot, "loop"), E(getcwd, buffer, 1), E(getcwd, BAD, 100);
    E(faccessat, HERE, "none", 0), E(faccessat, HERE, "f", 9), E(faccessat, HERE, BAD, 0), E(faccessat, 99, "f", 0), E(faccessat, HERE, "f/x", 0);
    E(faccessat, HERE, "loop", 0), E(faccessat, HERE, longer, 0), E(faccessat2, HERE, "f", 0, 1), E(faccessat2, HERE, "none", 0, 0);
    E(faccessat2, HERE, BAD, 0, 0), E(faccessat2, 99, "f", 0, 0), E(faccessat2, HERE, "f/x", 0, 0), E(faccessat2, HERE, "loop", 0, 0), E(faccessat2, HERE, longer, 0, 0);
}

static void attributes(void) {
    static char st[512];
    struct timespec bad[2] = {{0, 2000000000}, {0, 0}};
    E(newfstatat, HERE, "none", st, 0), E(newfstatat, HERE, "f", BAD, 0), E(newfstatat, 99, "f", st, 0), E(newfstatat, HERE, "f", st, 1), E(newfstatat, HERE, "f/x", st, 0);
    E(newfstatat, HERE, "loop", st, 0), E(newfstatat, HERE, longer, st, 0), E(fstat, 99, st), E(fstat, file, BAD);
    E(statx, HERE, "none", 0, 0, st), E(statx, HERE, "f", 0, 0, BAD), E(statx, 99, "f", 0, 0, st), E(statx, HERE, "f", 1, 0, st), E(statx, HERE, "f/x", 0, 0, st);
    E(statx, HERE, "f", 0, 0x80000000, st), E(statx, HERE, "loop", 0, 0, st), E(statx, HERE, longer, 0, 0, st);
    E(fchmod, 99, 0), E(fchmod, path_only, 0), E(fchmodat, HERE, "none", 0), E(fchmodat, HERE, BAD, 0), E(fchmodat, 99, "f", 0), E(fchmodat, HERE, "f/x", 0);
    E(fchmodat, HERE, "loop", 0), E(fchmodat, HERE, longer, 0);
    E(fchown, 99, 0, 0), E(fchownat, HERE, "none", 0, 0, 0), E(fchownat, HERE, BAD, 0, 0, 0), E(fchownat, 99, "f", 0, 0, 0), E(fchownat, HERE, "f", 0, 0, 1);
    E(fchownat, HERE, "f/x", 0, 0, 0), E(fchownat, HERE, "loop", 0, 0, 0), E(fchownat, HERE, longer, 0, 0, 0);
    E(utimensat, HERE, "none", NULL, 0), E(utimensat, HERE, "f", bad, 0), E(utimensat, HERE, "f", BAD, 0), E(utimensat, 99, "f", NULL, 0), E(utimensat, HERE, "f", NULL, 1);
    E(utimensat, HERE, "f/x", NULL, 0), E(utimensat, HERE, "loop", NULL, 0), E(utimensat, HERE, longer, NULL, 0), E(utimensat, 99, NULL, NULL, 0);
    E(truncate, "none", 0), E(truncate, "d", 0), E(truncate, BAD, 0), E(truncate, "f", -1), E(truncate, "f/x", 0), E(truncate, "loop", 0), E(truncate, longer, 0);
    E(ftruncate, 99, 0), E(ftruncate, file, -1), E(ftruncate, folder, 0), E(ftruncate, read_only, 0), E(fallocate, 99, 0, 0, 1), E(fallocate, file, 0, -1, 1);
    E(fallocate, file, 0, 0, 0), E(fallocate, folder, 0, 0, 1), E(fallocate, read_only, 0, 0, 1), E(fallocate, pipe_out, 0, 0, 1), E(fallocate, file, 0x4000, 0, 1);
    E(fallocate, file, 0, 0x7fffffffffffffff, 1);
    E(statfs, "none", st), E(statfs, "f", BAD), E(statfs, BAD, st), E(statfs, "f/x", st), E(statfs, "loop", st), E(statfs, longer, st), E(fstatfs, 99, st), E(fstatfs, file, BAD);
    E(getxattr, "none", "user.a", buffer, 10), E(getxattr, "f", "user.a", buffer, 10), E(getxattr, "f", BAD, buffer, 10), E(getxattr, "f", "nonsense", buffer, 10);
    E(setxattr, "none", "user.a", "v", 1, 0), E(setxattr, "f", "trusted.a", "v", 1, XATTR_REPLACE), E(setxattr, "f", "trusted.a", "v", 1, 9), E(setxattr, "f", "nonsense", "v", 1, 0);
    E(setxattr, "f", "trusted.b", "value", 5, 0), E(setxattr, "f", "trusted.b", "value", 5, XATTR_CREATE), E(getxattr, "f", "trusted.b", buffer, 2);
    E(setxattr, "f", "trusted.b", buffer, 100000, 0), E(setxattr, "f", "trusted.b", BAD, 5, 0), E(setxattr, "f", name256, "v", 1, 0);
    E(listxattr, "none", buffer, 10), E(listxattr, "f", buffer, 2), E(listxattr, BAD, buffer, 10), E(flistxattr, 99, buffer, 10), E(fgetxattr, 99, "user.a", buffer, 10);
    E(removexattr, "f", "trusted.none"), E(removexattr, "none", "trusted.a"), E(fremovexattr, 99, "trusted.a"), E(fsetxattr, 99, "trusted.a", "v", 1, 0);
}

static void descriptors(void) {
    struct iovec bad_part = {BAD, 10}, part = {buffer, 10};
    E(read, 99, buffer, 1), E(read, file, BAD, 1), E(read, folder, buffer, 1), E(read, pipe_out, buffer, 1), E(read, pipe_in, buffer, 1), E(read, timer, buffer, 4);
    E(write, 99, buffer, 1), E(write, file, BAD, 1), E(write, pipe_in, buffer, 1), E(write, read_only, buffer, 1), E(write, timer, buffer, 8), E(write, events, buffer, 4);
    E(readv, 99, &part, 1), E(readv, file, &bad_part, 1), E(readv, file, &part, 1025), E(readv, file, &part, -1), E(readv, file, BAD, 1), E(writev, 99, &part, 1);
    E(writev, file, &bad_part, 1), E(writev, file, &part, 1025), E(pread64, 99, buffer, 1, 0), E(pread64, file, buffer, 1, -1), E(pread64, pipe_in, buffer, 1, 0);
    E(pread64, file, BAD, 1, 0), E(pread64, folder, buffer, 1, 0), E(pwrite64, 99, buffer, 1, 0), E(pwrite64, file, buffer, 1, -1), E(pwrite64, pipe_out, buffer, 1, 0);
    E(pwrite64, file, BAD, 1, 0), E(preadv, 99, &part, 1, 0, 0), E(preadv, pipe_in, &part, 1, 0, 0), E(pwritev, 99, &part, 1, 0, 0), E(preadv2, file, &part, 1, 0, 0, 0x800);
    E(lseek, 99, 0, 0), E(lseek, file, 0, 9), E(lseek, file, -1, 0), E(lseek, pipe_in, 0, 0), E(lseek, file, 100000, SEEK_DATA);
    E(getdents64, 99, buffer, 100), E(getdents64, file, buffer, 100), E(getdents64, folder, buffer, 5), E(getdents64, folder, BAD, 100);
    E(close, 99), E(dup, 99), E(dup3, 99, 100, 0), E(dup3, 0, 0, 0), E(dup3, 0, 100, 1), E(dup3, 0, -1, 0), E(close_range, 5, 4, 0), E(close_range, 5, 6, 99);
    E(pipe2, BAD, 0), E(pipe2, buffer, 1), E(fcntl, 99, F_GETFD), E(fcntl, 0, 9999), E(fcntl, 0, F_DUPFD, -1), E(fcntl, 0, F_GETLK, BAD), E(fcntl, file, F_SETPIPE_SZ, 4096);
    E(flock, 99, 1), E(flock, file, 99), E(flock, file, 3), E(fsync, 99), E(fsync, pipe_in), E(fdatasync, 99), E(fdatasync, pipe_in), E(syncfs, 99), E(sync_file_range, 99, 0, 0, 0);
    E(sync_file_range, file, 0, 0, 99), E(sync_file_range, pipe_in, 0, 0, 0), E(fadvise64, 99, 0, 0, 0), E(fadvise64, file, 0, 0, 99), E(fadvise64, pipe_in, 0, 0, 0);
    E(readahead, 99, 0, 1), E(readahead, pipe_in, 0, 1), E(ioctl, 99, 0x5401, buffer), E(ioctl, file, 0x5401, buffer), E(sendfile, 99, file, NULL, 1), E(sendfile, file, 99, NULL, 1);
    E(sendfile, pipe_out, file, BAD, 1), E(copy_file_range, 99, NULL, file, NULL, 1, 0), E(copy_file_range, file, NULL, file, NULL, 1, 1), E(copy_file_range, file, NULL, read_only, NULL, 1, 0);
    E(copy_file_range, folder, NULL, file, NULL, 1, 0), E(splice, 99, NULL, pipe_out, NULL, 1, 0), E(splice, file, NULL, file, NULL, 1, 0), E(splice, pipe_in, buffer, file, NULL, 1, 0);
    E(tee, 99, pipe_out, 1, 0), E(tee, file, pipe_out, 1, 0), E(vmsplice, 99, &part, 1, 0), E(vmsplice, file, &part, 1, 0);
    E(inotify_init1, 1), E(inotify_add_watch, 99, "f", IN_OPEN), E(inotify_add_watch, file, "f", IN_OPEN), E(inotify_add_watch, notes, "none", IN_OPEN);
    E(inotify_add_watch, notes, "f", 0), E(inotify_add_watch, notes, BAD, IN_OPEN), E(inotify_add_watch, notes, longer, IN_OPEN), E(inotify_rm_watch, 99, 1), E(inotify_rm_watch, notes, 77), E(inotify_rm_watch, file, 1);
    E(inotify_add_watch, notes, "f", IN_OPEN | IN_ONLYDIR);
    E(memfd_create, BAD, 0), E(memfd_create, "x", 99), E(eventfd2, 0, 1), E(timerfd_create, 99, 0), E(timerfd_create, 1, 1), E(timerfd_gettime, 99, buffer), E(timerfd_gettime, file, buffer);
    E(timerfd_gettime, timer, BAD), E(timerfd_settime, 99, 0, buffer, NULL), E(timerfd_settime, timer, 9, buffer, NULL), E(timerfd_settime, timer, 0, BAD, NULL);
    E(signalfd4, 99, buffer, 8, 0), E(signalfd4, file, buffer, 8, 0), E(signalfd4, -1, buffer, 7, 0), E(signalfd4, -1, buffer, 8, 1);
    struct epoll_event event = {.events = EPOLLIN};
    int epoll = epoll_create1(0);
    E(epoll_create1, 1), E(epoll_ctl, 99, 1, pipe_in, &event), E(epoll_ctl, epoll, 1, 99, &event), E(epoll_ctl, epoll, 1, epoll, &event), E(epoll_ctl, epoll, 1, file, &event);
    E(epoll_ctl, epoll, 2, pipe_in, &event), E(epoll_ctl, epoll, 1, pipe_in, &event), E(epoll_ctl, epoll, 1, pipe_in, &event), E(epoll_ctl, epoll, 1, pipe_out, BAD), E(epoll_ctl, epoll, 9, pipe_in, &event);
    E(epoll_pwait, 99, &event, 1, 0, NULL), E(epoll_pwait, file, &event, 1, 0, NULL), E(epoll_pwait, epoll, &event, 0, 0, NULL);
    E(ppoll, BAD, 1, NULL, NULL, 8), E(ppoll, NULL, 99999999, NULL, NULL, 8), E(pselect6, -1, NULL, NULL, NULL, NULL, NULL), E(pselect6, 5, BAD, NULL, NULL, NULL, NULL);
    memset(buffer, 0, 128), buffer[5] = 1;
    E(pselect6, 60, buffer, NULL, NULL, NULL, NULL);
    memset(buffer, 0, 128);
}

static void memory(void) {
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    E(mmap, NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), E(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0), E(mmap, NULL, 4096, PROT_READ, MAP_ANONYMOUS, -1, 0);
    E(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, file, 1), E(mmap, NULL, 4096, PROT_WRITE, MAP_SHARED, read_only, 0), E(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, pipe_in, 0);
    E(mmap, page, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    E(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, path_only, 0), E(mmap, NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0x7ffffffffffff000);
    E(munmap, page + 1, 4096), E(munmap, page, 0), E(mprotect, page + 1, 4096, 0), E(mprotect, BAD + 4088, 4096, 0), E(mprotect, page, 4096, 0x80), E(mremap, page + 1, 4096, 4096, 0);
    E(mremap, page, 4096, 0, 0), E(mremap, BAD + 4088, 4096, 8192, 1), E(mremap, page, 4096, 4096, 99), E(mremap, page, 4096, 4096, 2, page);
    E(madvise, page + 1, 4096, 0), E(madvise, page, 4096, 999), E(madvise, BAD + 4088, 4096, 4), E(msync, page + 1, 1, 4), E(msync, page, 4096, 99), E(msync, BAD + 4088, 4096, 4), E(msync, page, 4096, 5);
    E(mincore, page + 1, 1, buffer), E(mincore, BAD + 4088, 4096, buffer), E(mincore, page, 4096, BAD), E(mlock, BAD + 4088, 4096), E(munlock, BAD + 4088, 4096), E(mlock2, page, 4096, 9), E(mlockall, 0), E(mlockall, 99);
    struct iovec part = {buffer, 8}, bad_part = {BAD, 8};
    E(process_vm_readv, 99999999, &part, 1, &part, 1, 0), E(process_vm_readv, getpid(), &part, 1, &bad_part, 1, 0), E(process_vm_readv, getpid(), &part, 1, &part, 1, 1);
    E(process_vm_writev, 99999999, &part, 1, &part, 1, 0), E(process_vm_writev, getpid(), &part, 1, &bad_part, 1, 0), E(process_vm_writev, getpid(), &part, 1, &part, 1, 1);
}

static void processes(void) {
    struct timespec wrong = {0, -1};
    struct rlimit limit = {10, 5};
    E(kill, 99999999, 0), E(kill, 1, 99), E(tkill, 99999999, 0), E(tkill, -1, 0), E(tgkill, 1, -1, 0), E(tgkill, 99999999, 99999999, 0), E(tgkill, 1, 1, 99);
    E(rt_sigaction, 9, buffer, NULL, 8), E(rt_sigaction, 99, NULL, NULL, 8), E(rt_sigaction, 1, BAD, NULL, 8), E(rt_sigaction, 1, NULL, BAD, 8), E(rt_sigaction, 1, NULL, NULL, 4);
    E(rt_sigprocmask, 9, buffer, NULL, 8), E(rt_sigprocmask, 0, BAD, NULL, 8), E(rt_sigprocmask, 0, NULL, BAD, 8), E(rt_sigprocmask, 0, NULL, NULL, 4), E(rt_sigpending, BAD, 8), E(rt_sigpending, buffer, 99);
    E(rt_sigsuspend, BAD, 8), E(rt_sigsuspend, buffer, 4), E(rt_sigtimedwait, BAD, NULL, NULL, 8), E(rt_sigtimedwait, buffer, NULL, &wrong, 8), E(rt_sigtimedwait, buffer, NULL, buffer + 64, 8);
    E(rt_sigqueueinfo, 99999999, 0, buffer), E(rt_sigqueueinfo, getpid(), 99, buffer), E(rt_sigqueueinfo, getpid(), 0, BAD), E(sigaltstack, BAD, NULL), E(sigaltstack, NULL, BAD);
    stack_t small = {.ss_sp = buffer, .ss_size = 100}, flags = {.ss_sp = buffer, .ss_size = 4096, .ss_flags = 99};
    E(sigaltstack, &small, NULL), E(sigaltstack, &flags, NULL);
    E(wait4, -1, NULL, 0, NULL), E(wait4, 99999999, NULL, 0, NULL), E(wait4, -1, NULL, 0x100, NULL), E(waitid, P_ALL, 0, NULL, WEXITED, NULL), E(waitid, P_ALL, 0, NULL, 0, NULL), E(waitid, 9, 0, NULL, WEXITED, NULL);
    E(waitid, P_PIDFD, 99, NULL, WEXITED, NULL), E(getpgid, 99999999), E(setpgid, 99999999, 0), E(setpgid, 0, -1), E(setpgid, 1, 0), E(getsid, 99999999), E(setpgid, getpid(), 99999999);
    E(getpriority, 9, 0), E(getpriority, 0, 99999999), E(setpriority, 9, 0, 0), E(setpriority, 0, 99999999, 0), E(getrlimit, 99, &limit), E(getrlimit, 0, BAD), E(setrlimit, 99, &limit), E(setrlimit, 0, BAD);
    E(setrlimit, RLIMIT_CORE, &limit), E(prlimit64, 99999999, 0, NULL, NULL), E(prlimit64, 0, 99, NULL, NULL), E(prlimit64, 0, 0, BAD, NULL), E(getrusage, 99, buffer), E(getrusage, 0, BAD);
    E(sched_getaffinity, 99999999, 128, buffer), E(sched_getaffinity, 0, 0, buffer), E(sched_getaffinity, 0, 128, BAD), E(sched_setaffinity, 99999999, 8, "\1\0\0\0\0\0\0"), E(sched_setaffinity, 0, 8, BAD);
    E(sched_setaffinity, 0, 8, "\0\0\0\0\0\0\0"), E(sched_getscheduler, 99999999), E(sched_getscheduler, -1), E(sched_setscheduler, 0, 99, buffer), E(sched_setscheduler, 99999999, 0, buffer), E(sched_getparam, 0, NULL);
    E(sched_getparam, 99999999, buffer), E(sched_setparam, 0, NULL), E(sched_setparam, 99999999, buffer), E(sched_get_priority_max, 99), E(sched_get_priority_min, 99), E(sched_rr_get_interval, 99999999, buffer);
    E(sched_rr_get_interval, 0, BAD), E(sched_rr_get_interval, -1, buffer), E(sched_getattr, 99999999, buffer, 64, 0), E(sched_getattr, 0, buffer, 4, 0), E(sched_setattr, 99999999, buffer, 0), E(sched_setattr, 0, NULL, 0);
    E(getgroups, -1, buffer), E(setgroups, 99999999, buffer), E(setgroups, 1, BAD), E(setuid, -1), E(setgid, -1), E(getresuid, BAD, buffer, buffer), E(getresgid, BAD, buffer, buffer);
    E(capget, BAD, buffer), E(capset, BAD, buffer), E(prctl, 99999, 0), E(prctl, 1, 99), E(prctl, 16, BAD), E(times, BAD), E(uname, BAD), E(sysinfo, BAD), E(sethostname, "x", 9999), E(sethostname, BAD, 4), E(setdomainname, BAD, 4);
    E(getrandom, BAD, 8, 0), E(getrandom, buffer, 8, 99), E(syslog, 99, NULL, 0), E(reboot, 1, 2, 3, NULL), E(clone3, buffer, 8), E(clone3, BAD, 88), E(clone3, buffer, 9999), E(unshare, 0x1), E(setns, 99, 0), E(setns, file, 0);
    E(execve, "none", NULL, NULL), E(execve, "f", NULL, NULL), E(execve, "d", NULL, NULL), E(execve, BAD, NULL, NULL), E(execve, "f/x", NULL, NULL), E(execve, "loop", NULL, NULL), E(execve, longer, NULL, NULL), E(execve, "text", NULL, NULL);
    E(execveat, 99, "x", NULL, NULL, 0), E(execveat, HERE, "text", NULL, NULL, 1), E(execveat, HERE, "near", NULL, NULL, AT_SYMLINK_NOFOLLOW);
    E(pidfd_open, 99999999, 0), E(pidfd_open, 1, 1), E(pidfd_open, -1, 0), E(pidfd_send_signal, 99, 0, NULL, 0), E(pidfd_send_signal, file, 0, NULL, 0), E(pidfd_getfd, 99, 0, 0), E(process_mrelease, 99, 0), E(process_mrelease, 0, 1);
    int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    E(pidfd_send_signal, self, 99, NULL, 0), E(pidfd_send_signal, self, 0, NULL, 9), E(pidfd_getfd, self, 99, 0), E(pidfd_getfd, self, 0, 1), E(process_mrelease, self, 0);
    E(ptrace, PTRACE_ATTACH, 99999999, 0, 0), E(ptrace, PTRACE_CONT, 1, 0, 0), E(ptrace, PTRACE_ATTACH, getpid(), 0, 0), E(kcmp, 1, 99999999, 0, 0, 0), E(kcmp, getpid(), getpid(), 99, 0, 0), E(kcmp, getpid(), getpid(), 0, 99, 0);
    E(personality, 0xffffffff);
}

static void waiting(void) {
    static int word;
    struct timespec none = {0, 0}, wrong = {0, -1}, soon = {0, 1000};
    E(futex, &word, FUTEX_WAIT, 1, NULL), E(futex, &word, FUTEX_WAIT, 0, &soon), E(futex, &word, FUTEX_WAIT, 0, &wrong), E(futex, (char *)&word + 1, FUTEX_WAIT, 0, NULL), E(futex, BAD, FUTEX_WAIT, 0, NULL);
    E(futex, &word, 99, 0, NULL), E(futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &word, 7), E(futex, &word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0), E(get_robust_list, 99999999, buffer, buffer), E(set_robust_list, buffer, 3);
    E(nanosleep, &wrong, NULL), E(nanosleep, BAD, NULL), E(clock_nanosleep, 99, 0, &none, NULL), E(clock_nanosleep, 1, 0, BAD, NULL), E(clock_nanosleep, 1, 0, &wrong, NULL), E(clock_gettime, 99, buffer), E(clock_gettime, 0, BAD);
    E(clock_getres, 99, buffer), E(clock_getres, 0, BAD), E(clock_settime, 99, &none), E(clock_settime, 1, &none), E(clock_settime, 0, BAD), E(clock_settime, 0, &wrong), E(gettimeofday, BAD, NULL), E(settimeofday, BAD, NULL);
    E(getitimer, 9, buffer), E(getitimer, 0, BAD), E(setitimer, 9, NULL, NULL), E(setitimer, 0, BAD, NULL), E(timer_create, 99, NULL, buffer), E(timer_create, 1, NULL, BAD), E(timer_create, 1, BAD, buffer), E(timer_delete, 77);
    E(timer_gettime, 77, buffer), E(timer_settime, 77, 0, buffer, NULL), E(timer_settime, 77, 0, BAD, NULL), E(timer_getoverrun, 77), E(adjtimex, BAD), E(clock_adjtime, 0, BAD), E(clock_adjtime, 99, buffer);
    E(shmget, 77, 100, 0), E(shmget, IPC_PRIVATE, 0, IPC_CREAT), E(shmat, 7777, NULL, 0), E(shmdt, buffer), E(shmctl, 7777, IPC_STAT, buffer), E(shmctl, 0, 99, buffer), E(semget, 77, 1, 0), E(semget, IPC_PRIVATE, 0, IPC_CREAT);
    E(semctl, 7777, 0, GETVAL), E(semop, 7777, buffer, 1), E(semop, 7777, buffer, 0), E(semop, 7777, BAD, 1), E(semop, 0, buffer, 9999), E(msgget, 77, 0), E(msgsnd, 7777, buffer, 1, 0), E(msgsnd, 7777, buffer, -1, 0);
    E(msgrcv, 7777, buffer, 10, 0, 0), E(msgrcv, 7777, buffer, -1, 0, 0), E(msgctl, 7777, IPC_STAT, buffer), E(msgctl, 0, 99, buffer), E(mq_open, "none", O_RDWR), E(mq_open, BAD, O_RDWR), E(mq_unlink, "none"), E(mq_unlink, BAD);
    E(mq_timedsend, 99, buffer, 1, 0, NULL), E(mq_timedreceive, 99, buffer, 1, NULL, NULL), E(mq_getsetattr, 99, NULL, NULL), E(mq_notify, 99, NULL), E(mq_timedsend, file, buffer, 1, 0, NULL), E(mq_timedreceive, file, buffer, 1, NULL, NULL);
}

static void sockets(void) {
    struct sockaddr_un nobody = {AF_UNIX, "nobody"}, taken = {AF_UNIX, "socket"};
    socklen_t size = sizeof nobody;
    struct msghdr message = {.msg_iovlen = 2000};
    int pair[2];
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair);
    E(socket, 99, 1, 0), E(socket, AF_UNIX, 99, 0), E(socket, AF_UNIX, 1, 99), E(socketpair, AF_INET, 1, 0, buffer), E(socketpair, AF_UNIX, 1, 0, BAD), E(bind, 99, &nobody, size), E(bind, file, &nobody, size), E(bind, sock, BAD, size);
    E(bind, sock, &taken, size), E(bind, sock, &nobody, 999), E(connect, 99, &nobody, size), E(connect, file, &nobody, size), E(connect, sock, &nobody, size), E(connect, sock, BAD, size), E(connect, pair[0], &taken, size);
    E(listen, 99, 1), E(listen, file, 1), E(listen, pair[0], 1), E(accept, 99, NULL, NULL), E(accept, file, NULL, NULL), E(accept, sock, NULL, NULL), E(accept4, sock, NULL, NULL, 1), E(accept4, 99, NULL, NULL, 0), E(accept4, file, NULL, NULL, 0);
    E(getsockname, 99, buffer, &size), E(getsockname, file, buffer, &size), E(getsockname, sock, BAD, &size), E(getpeername, 99, buffer, &size), E(getpeername, file, buffer, &size), E(getpeername, sock, buffer, &size);
    E(sendto, 99, buffer, 1, 0, NULL, 0), E(sendto, file, buffer, 1, 0, NULL, 0), E(sendto, sock, buffer, 1, MSG_NOSIGNAL, NULL, 0), E(sendto, pair[0], BAD, 1, 0, NULL, 0), E(sendto, pair[0], buffer, 1, 0, &taken, size);
    E(recvfrom, 99, buffer, 1, 0, NULL, NULL), E(recvfrom, file, buffer, 1, 0, NULL, NULL), E(recvfrom, pair[0], buffer, 1, 0, NULL, NULL), E(recvfrom, sock, buffer, 1, 0, NULL, NULL);
    E(sendmsg, 99, &message, 0), E(sendmsg, file, &message, 0), E(sendmsg, pair[0], BAD, 0), E(sendmsg, pair[0], &message, 0), E(recvmsg, 99, &message, 0), E(recvmsg, file, &message, 0), E(recvmsg, pair[0], BAD, 0), E(recvmsg, pair[0], &message, 0);
    E(setsockopt, 99, 1, 2, buffer, 4), E(setsockopt, file, 1, 2, buffer, 4), E(setsockopt, sock, 1, 9999, buffer, 4), E(setsockopt, sock, 1, 2, BAD, 4), E(setsockopt, sock, 1, 2, buffer, 1), E(getsockopt, 99, 1, 2, buffer, &size);
    E(getsockopt, file, 1, 2, buffer, &size), E(getsockopt, sock, 1, 9999, buffer, &size), E(getsockopt, sock, 1, 2, BAD, &size), E(shutdown, 99, 0), E(shutdown, file, 0), E(shutdown, pair[0], 9), E(shutdown, sock, 0);
    close(pair[1]);
    E(sendto, pair[0], buffer, 1, MSG_NOSIGNAL, NULL, 0), E(sendmmsg, 99, buffer, 1, 0), E(recvmmsg, 99, buffer, 1, 0, NULL);
}

static void as_nobody(void) {
    setgroups(0, NULL), setresgid(1000, 1000, 1000), setresuid(1000, 1000, 1000);
    E(openat, HERE, "f", O_RDONLY), E(openat, HERE, "closed/x", O_RDONLY), E(mkdirat, HERE, "x", 0700), E(mknodat, HERE, "x", S_IFREG, 0), E(unlinkat, HERE, "f", 0), E(symlinkat, "x", HERE, "x");
    E(linkat, HERE, "f", HERE, "x", 0), E(renameat2, HERE, "f", HERE, "x", 0), E(readlinkat, HERE, "closed/x", buffer, 10), E(chdir, "closed"), E(fchdir, open("closed", O_PATH)), E(chroot, "d"), E(faccessat, HERE, "f", 4), E(faccessat2, HERE, "closed/x", 0, 0);
    E(newfstatat, HERE, "closed/x", buffer, 0), E(statx, HERE, "closed/x", 0, 0, buffer), E(statfs, "closed/x", buffer), E(fchmodat, HERE, "f", 0), E(fchmod, file, 0), E(fchown, file, 1, 1), E(fchownat, HERE, "f", 1, 1, 0), E(utimensat, HERE, "f", NULL, 0);
    E(truncate, "f", 0), E(execve, "f", NULL, NULL), E(execve, "closed/x", NULL, NULL), E(kill, 1, 9), E(tkill, getppid(), 9), E(tgkill, getppid(), getppid(), 9), E(rt_sigqueueinfo, getppid(), 9, buffer), E(setuid, 0), E(setgid, 0), E(setresuid, 0, 0, 0);
    E(setresgid, 0, 0, 0), E(setreuid, 0, 0), E(setregid, 0, 0), E(setgroups, 0, NULL), E(sethostname, "x", 1), E(setdomainname, "x", 1), E(reboot, 0xfee1dead, 672274793, 0, NULL), E(mount, "a", "d", "tmpfs", 0, NULL), E(umount2, "d", 0), E(setpriority, 0, 0, -5);
    E(setpriority, 0, getppid(), 5), E(clock_settime, 0, &(struct timespec){1700000000, 0}), E(settimeofday, &(struct timeval){1700000000, 0}, NULL), E(unshare, CLONE_NEWNS), E(ptrace, PTRACE_ATTACH, getppid(), 0, 0), E(sched_setaffinity, getppid(), 8, "\1\0\0\0\0\0\0");
    E(prlimit64, getppid(), 0, NULL, NULL), E(setxattr, "f", "trusted.a", "v", 1, 0), E(setrlimit, RLIMIT_NOFILE, &(struct rlimit){1 << 22, 1 << 22}), E(inotify_add_watch, notes, "f", IN_OPEN), E(process_vm_readv, getppid(), NULL, 0, NULL, 0, 0), E(swapon, "f", 0), E(swapoff, "f");
}

static void without_rights(void) {
    chmod("closed", 0), chmod("f", 0600), chmod("locked", 0);
    CHILD("not root", as_nobody());
}

static void mounts(void) {
    E(mount, "a", "none", "tmpfs", 0, NULL), E(mount, "a", "d", "nonsense", 0, NULL), E(mount, "a", "f", "tmpfs", 0, NULL), E(mount, "a", BAD, "tmpfs", 0, NULL), E(mount, "a", longer, "tmpfs", 0, NULL), E(mount, "none", "d", NULL, MS_BIND, NULL);
    E(mount, "a", "d", NULL, MS_REMOUNT, NULL), E(mount, "a", "loop", "tmpfs", 0, NULL), E(umount2, "d", 0), E(umount2, "none", 0), E(umount2, BAD, 0), E(umount2, "d", 0x100), E(umount2, longer, 0);
}

int main(void) {
    memset(longer, 'x', sizeof longer - 1), memset(name256, 'y', 256);
    mkdir("d", 0755), mkdir("full", 0755), mkdir("full/x", 0755), mkdir("closed", 0755), mkfifo("fifo", 0644), symlink("loop", "loop"), symlink("f", "near");
    file = file_with("f", "text"), close(file_with("closed/x", "text")), close(file_with("text", "no program")), chmod("text", 0755), close(file_with("locked", ""));
    folder = open("d", O_RDONLY), path_only = open("f", O_PATH), read_only = open("f", O_RDONLY);
    int ends[2];
    pipe2(ends, O_NONBLOCK), pipe_in = ends[0], pipe_out = ends[1];
    struct sockaddr_un address = {AF_UNIX, "socket"};
    int bound = socket(AF_UNIX, SOCK_STREAM, 0);
    bind(bound, (void *)&address, sizeof address);
    sock = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), events = (int)syscall(SYS_eventfd2, 0, O_NONBLOCK), notes = inotify_init1(IN_NONBLOCK);
    names(), attributes(), descriptors(), memory(), processes(), waiting(), sockets(), mounts(), without_rights();
    return 0;
}
