// Every call that takes a pointer gets bad ones: in no mapping, without access, in the kernel's half, wrapping around the
// end of the address space, crossing into a page without access, and to a page that cannot be written where the kernel
// writes. One line for each pointer of a call, with what all of them gave, or each.
#include "check.h"
#include <mqueue.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>

// Where the bad pointer goes, and the descriptors and objects that calls need, the same for each try.
#define P 0xbad0000000000000UL
#define ID(n) (0xbad0000000000001UL + (n))
enum { SHARED, SEMAPHORES, MESSAGES, PAGE, IDS };
enum { FILE_ = 10, DIR_, READ_END, WRITE_END, SOCKET, PEER, EPOLL, EVENT, TIMER, LISTENER, QUEUE, WATCHES };

// What the kernel does there: reads, writes, both, or reads text.
enum way { READS, WRITES, BOTH, TEXT };

struct row { const char *text; long number; enum way way; int size; uint64_t a[6]; };
#define ROW(call, what, way, size, ...) {#call " " what, SYS_##call, way, size, {__VA_ARGS__}}
#define AT(object) ((uint64_t)&(object))

static char *hole, *none, *readonly, *edge;
static struct iovec vector[2], one = {NULL, 8};
static struct msghdr by_name, by_vector, by_control;
static struct timespec soon = {0, 1}, zero;
static sigset_t no_signals;
static struct { const void *set; size_t size; } mask_of;
static struct itimerspec never;
static int word;
static uint64_t ids[IDS];

static const struct row rows[] = {
    ROW(read, "file", WRITES, 64, FILE_, P, 64), ROW(read, "pipe", WRITES, 64, READ_END, P, 64), ROW(read, "socket", WRITES, 64, SOCKET, P, 64),
    ROW(read, "eventfd", WRITES, 8, EVENT, P, 8), ROW(write, "file", READS, 64, FILE_, P, 64), ROW(write, "pipe", READS, 64, WRITE_END, P, 64),
    ROW(write, "socket", READS, 64, PEER, P, 64), ROW(write, "eventfd", READS, 8, EVENT, P, 8), ROW(pread64, "buffer", WRITES, 64, FILE_, P, 64, 0),
    ROW(pwrite64, "buffer", READS, 64, FILE_, P, 64, 0), ROW(readv, "vector", READS, 32, FILE_, P, 2), ROW(writev, "vector", READS, 32, FILE_, P, 2),
    ROW(readv, "buffer", WRITES, 64, FILE_, AT(vector), 2), ROW(writev, "buffer", READS, 64, FILE_, AT(vector), 2),
    ROW(preadv, "buffer", WRITES, 64, FILE_, AT(vector), 2, 0), ROW(pwritev, "buffer", READS, 64, FILE_, AT(vector), 2, 0),
    ROW(preadv2, "vector", READS, 32, FILE_, P, 2, 0, 0, 0), ROW(pwritev2, "vector", READS, 32, FILE_, P, 2, 0, 0, 0),
    ROW(vmsplice, "vector", READS, 32, WRITE_END, P, 2, 0), ROW(splice, "offset", BOTH, 8, FILE_, P, WRITE_END, 0, 8, 0),
    ROW(sendfile, "offset", BOTH, 8, WRITE_END, FILE_, P, 8), ROW(copy_file_range, "offset", BOTH, 8, FILE_, P, FILE_, 0, 8, 0),
    ROW(getdents64, "buffer", WRITES, 512, DIR_, P, 512), ROW(getcwd, "buffer", WRITES, 64, P, 64), ROW(pipe2, "pair", WRITES, 8, P, 0),
    ROW(ioctl, "FIONREAD", WRITES, 4, READ_END, FIONREAD, P), ROW(ioctl, "FIONBIO", READS, 4, READ_END, FIONBIO, P),
    ROW(fcntl, "F_GETLK", BOTH, 32, FILE_, F_GETLK, P), ROW(fcntl, "F_SETLK", READS, 32, FILE_, F_SETLK, P),

    ROW(openat, "path", TEXT, 8, DIR_, P, O_RDONLY, 0), ROW(openat2, "how", READS, 24, DIR_, AT("f"), P, 24), ROW(mkdirat, "path", TEXT, 8, DIR_, P, 0),
    ROW(mknodat, "path", TEXT, 8, DIR_, P, S_IFIFO, 0), ROW(unlinkat, "path", TEXT, 8, DIR_, P, 0), ROW(symlinkat, "target", TEXT, 8, P, DIR_, AT("x")),
    ROW(symlinkat, "path", TEXT, 8, AT("x"), DIR_, P), ROW(linkat, "old", TEXT, 8, DIR_, P, DIR_, AT("x"), 0), ROW(linkat, "new", TEXT, 8, DIR_, AT("f"), DIR_, P, 0),
    ROW(renameat2, "old", TEXT, 8, DIR_, P, DIR_, AT("x"), 0), ROW(renameat2, "new", TEXT, 8, DIR_, AT("f"), DIR_, P, 0),
    ROW(readlinkat, "path", TEXT, 8, DIR_, P, AT(word), 4), ROW(readlinkat, "buffer", WRITES, 16, DIR_, AT("link"), P, 16),
    ROW(faccessat, "path", TEXT, 8, DIR_, P, 0), ROW(fchmodat, "path", TEXT, 8, DIR_, P, 0600), ROW(fchownat, "path", TEXT, 8, DIR_, P, 0, 0, 0),
    ROW(utimensat, "path", TEXT, 8, DIR_, P, 0, 0), ROW(utimensat, "times", READS, 32, DIR_, AT("f"), P, 0), ROW(newfstatat, "path", TEXT, 8, DIR_, P, AT(vector), 0),
    ROW(newfstatat, "stat", WRITES, 128, DIR_, AT("f"), P, 0), ROW(fstat, "stat", WRITES, 128, FILE_, P), ROW(statx, "path", TEXT, 8, DIR_, P, 0, 0xfff, AT(vector)),
    ROW(statx, "statx", WRITES, 256, DIR_, AT("f"), 0, 0xfff, P), ROW(statfs, "path", TEXT, 8, P, AT(vector)), ROW(statfs, "statfs", WRITES, 120, AT("/"), P),
    ROW(fstatfs, "statfs", WRITES, 120, FILE_, P), ROW(truncate, "path", TEXT, 8, P, 0), ROW(chdir, "path", TEXT, 8, P), ROW(chroot, "path", TEXT, 8, P),
    ROW(mount, "source", TEXT, 8, P, AT("."), AT("tmpfs"), 0, 0), ROW(mount, "target", TEXT, 8, AT("x"), P, AT("tmpfs"), 0, 0),
    ROW(mount, "type", TEXT, 8, AT("x"), AT("."), P, 0, 0), ROW(umount2, "target", TEXT, 8, P, 0), ROW(memfd_create, "name", TEXT, 8, P, 0),
    ROW(getxattr, "path", TEXT, 8, P, AT("user.a"), 0, 0), ROW(getxattr, "name", TEXT, 8, AT("f"), P, 0, 0), ROW(setxattr, "name", TEXT, 8, AT("f"), P, 0, 0, 0),
    ROW(setxattr, "value", READS, 16, AT("f"), AT("user.a"), P, 16, 0), ROW(removexattr, "name", TEXT, 8, AT("f"), P), ROW(listxattr, "path", TEXT, 8, P, 0, 0),
    ROW(inotify_add_watch, "path", TEXT, 8, WATCHES, P, 1),

    ROW(execve, "path", TEXT, 8, P, 0, 0), ROW(execve, "argv", READS, 16, AT("program"), P, 0), ROW(execve, "envp", READS, 16, AT("program"), 0, P),
    ROW(execveat, "path", TEXT, 8, DIR_, P, 0, 0, 0), ROW(wait4, "rusage", WRITES, 144, (uint64_t)-1, 0, WNOHANG, P), ROW(waitid, "rusage", WRITES, 144, P_ALL, 0, 0, WEXITED | WNOHANG, P),
    ROW(clone3, "args", READS, 88, P, 88), ROW(getrusage, "usage", WRITES, 144, RUSAGE_SELF, P), ROW(times, "tms", WRITES, 32, P), ROW(uname, "utsname", WRITES, 390, P),
    ROW(sysinfo, "info", WRITES, 112, P), ROW(prlimit64, "new", READS, 16, 0, RLIMIT_NOFILE, P, 0), ROW(prlimit64, "old", WRITES, 16, 0, RLIMIT_NOFILE, 0, P),
    ROW(getrlimit, "limit", WRITES, 16, RLIMIT_NOFILE, P), ROW(setrlimit, "limit", READS, 16, RLIMIT_CORE, P), ROW(getresuid, "first", WRITES, 4, P, AT(word), AT(word)),
    ROW(getresuid, "last", WRITES, 4, AT(word), AT(word), P), ROW(getresgid, "first", WRITES, 4, P, AT(word), AT(word)), ROW(setgroups, "list", READS, 8, 2, P),
    ROW(capget, "header", BOTH, 8, P, AT(vector)), ROW(capset, "header", READS, 8, P, AT(vector)), ROW(getcpu, "cpu", WRITES, 4, P, 0, 0), ROW(getcpu, "node", WRITES, 4, 0, P, 0),
    ROW(sethostname, "name", READS, 8, P, 8), ROW(setdomainname, "name", READS, 8, P, 8), ROW(prctl, "PR_SET_NAME", TEXT, 8, 15, P), ROW(prctl, "PR_GET_NAME", WRITES, 16, 16, P),
    ROW(sched_setaffinity, "mask", READS, 8, 0, 8, P), ROW(sched_getaffinity, "mask", WRITES, 8, 0, 8, P), ROW(sched_setscheduler, "param", READS, 4, 0, 0, P),
    ROW(sched_getparam, "param", WRITES, 4, 0, P), ROW(sched_setparam, "param", READS, 4, 0, P), ROW(sched_rr_get_interval, "interval", WRITES, 16, 0, P),
    ROW(getrandom, "buffer", WRITES, 64, P, 64, 0), ROW(mincore, "vector", WRITES, 1, ID(PAGE), 1, P), ROW(get_robust_list, "head", WRITES, 8, 0, P, AT(word)),
    ROW(process_vm_readv, "local", READS, 32, 0, P, 2, AT(one), 1, 0),

    ROW(rt_sigaction, "new", READS, 24, SIGUSR1, P, 0, 8), ROW(rt_sigaction, "old", WRITES, 24, SIGUSR1, 0, P, 8), ROW(rt_sigprocmask, "set", READS, 8, SIG_BLOCK, P, 0, 8),
    ROW(rt_sigprocmask, "old", WRITES, 8, SIG_BLOCK, 0, P, 8), ROW(rt_sigpending, "set", WRITES, 8, P, 8), ROW(rt_sigsuspend, "set", READS, 8, P, 8),
    ROW(rt_sigtimedwait, "set", READS, 8, P, 0, AT(zero), 8), ROW(rt_sigtimedwait, "timeout", READS, 16, AT(no_signals), 0, P, 8),
    ROW(rt_sigqueueinfo, "info", READS, 128, 999999, 0, P), ROW(sigaltstack, "new", READS, 24, P, 0), ROW(sigaltstack, "old", WRITES, 24, 0, P),
    ROW(signalfd4, "set", READS, 8, (uint64_t)-1, P, 8, 0),

    ROW(nanosleep, "request", READS, 16, P, 0), ROW(clock_nanosleep, "request", READS, 16, CLOCK_MONOTONIC, 0, P, 0), ROW(clock_gettime, "time", WRITES, 16, CLOCK_MONOTONIC, P),
    ROW(clock_getres, "time", WRITES, 16, CLOCK_MONOTONIC, P), ROW(clock_settime, "time", READS, 16, CLOCK_REALTIME, P), ROW(gettimeofday, "time", WRITES, 16, P, 0),
    ROW(gettimeofday, "zone", WRITES, 8, 0, P), ROW(settimeofday, "time", READS, 16, P, 0), ROW(getitimer, "value", WRITES, 32, ITIMER_REAL, P),
    ROW(setitimer, "new", READS, 32, ITIMER_REAL, P, 0), ROW(setitimer, "old", WRITES, 32, ITIMER_REAL, AT(never), P), ROW(timer_create, "event", READS, 64, CLOCK_MONOTONIC, P, AT(word)),
    ROW(timer_create, "id", WRITES, 4, CLOCK_MONOTONIC, 0, P), ROW(timerfd_settime, "new", READS, 32, TIMER, 0, P, 0), ROW(timerfd_settime, "old", WRITES, 32, TIMER, 0, AT(never), P),
    ROW(timerfd_gettime, "value", WRITES, 32, TIMER, P), ROW(adjtimex, "timex", BOTH, 208, P),

    ROW(ppoll, "fds", BOTH, 8, P, 1, AT(zero), 0, 8), ROW(ppoll, "timeout", READS, 16, 0, 0, P, 0, 8), ROW(ppoll, "mask", READS, 8, 0, 0, AT(zero), P, 8),
    ROW(pselect6, "set", BOTH, 8, 8, P, 0, 0, AT(zero), 0), ROW(pselect6, "timeout", READS, 16, 0, 0, 0, 0, P, 0), ROW(pselect6, "pair", READS, 16, 0, 0, 0, 0, AT(zero), P),
    ROW(pselect6, "mask", READS, 8, 0, 0, 0, 0, AT(zero), AT(mask_of)), ROW(epoll_ctl, "event", READS, 16, EPOLL, EPOLL_CTL_ADD, READ_END, P),
    ROW(epoll_pwait, "events", WRITES, 16, EPOLL, P, 1, 0, 0, 8), ROW(epoll_pwait, "mask", READS, 8, EPOLL, AT(vector), 1, 0, P, 8), ROW(epoll_pwait2, "timeout", READS, 16, EPOLL, AT(vector), 1, P, 0, 8),
    ROW(futex, "wait", READS, 4, P, 0, 1, AT(soon), 0, 0), ROW(futex, "wake", READS, 4, P, 1, 1, 0, 0, 0), ROW(futex, "timeout", READS, 16, AT(word), 0, 0, P, 0, 0),
    ROW(futex, "requeue", READS, 4, AT(word), 4, 1, 1, P, 0), ROW(futex_waitv, "waiters", READS, 24, P, 1, 0, 0, 0),

    ROW(socketpair, "pair", WRITES, 8, AF_UNIX, SOCK_STREAM, 0, P), ROW(bind, "address", READS, 16, LISTENER, P, 16), ROW(connect, "address", READS, 16, SOCKET, P, 16),
    ROW(getsockname, "address", WRITES, 16, SOCKET, P, AT(word)), ROW(getsockname, "length", BOTH, 4, SOCKET, AT(vector), P), ROW(getpeername, "length", BOTH, 4, SOCKET, AT(vector), P),
    ROW(getsockopt, "value", WRITES, 4, SOCKET, SOL_SOCKET, SO_TYPE, P, AT(word)), ROW(getsockopt, "length", BOTH, 4, SOCKET, SOL_SOCKET, SO_TYPE, AT(vector), P),
    ROW(setsockopt, "value", READS, 4, SOCKET, SOL_SOCKET, SO_SNDBUF, P, 4), ROW(sendto, "buffer", READS, 64, PEER, P, 64, 0, 0, 0), ROW(sendto, "address", READS, 16, PEER, AT(word), 4, 0, P, 16),
    ROW(recvfrom, "buffer", WRITES, 64, SOCKET, P, 64, MSG_DONTWAIT, 0, 0), ROW(sendmsg, "message", READS, 56, PEER, P, 0), ROW(recvmsg, "message", BOTH, 56, SOCKET, P, MSG_DONTWAIT),
    ROW(sendmsg, "name", READS, 16, PEER, AT(by_name), 0), ROW(sendmsg, "vector", READS, 16, PEER, AT(by_vector), 0), ROW(sendmsg, "control", READS, 32, PEER, AT(by_control), 0),
    ROW(recvmsg, "vector", READS, 16, SOCKET, AT(by_vector), MSG_DONTWAIT), ROW(sendmmsg, "messages", READS, 64, PEER, P, 1, 0), ROW(recvmmsg, "timeout", READS, 16, SOCKET, AT(vector), 0, MSG_DONTWAIT, P),

    ROW(shmctl, "IPC_STAT", WRITES, 112, ID(SHARED), IPC_STAT, P), ROW(shmctl, "IPC_SET", READS, 112, ID(SHARED), IPC_SET, P), ROW(semctl, "IPC_STAT", WRITES, 104, ID(SEMAPHORES), 0, IPC_STAT, P),
    ROW(semctl, "GETALL", WRITES, 2, ID(SEMAPHORES), 0, GETALL, P), ROW(semctl, "SETALL", READS, 2, ID(SEMAPHORES), 0, SETALL, P), ROW(semop, "operations", READS, 6, ID(SEMAPHORES), P, 1),
    ROW(semtimedop, "timeout", READS, 16, ID(SEMAPHORES), AT(zero), 1, P), ROW(msgctl, "IPC_STAT", WRITES, 120, ID(MESSAGES), IPC_STAT, P), ROW(msgsnd, "message", READS, 16, ID(MESSAGES), P, 8, IPC_NOWAIT),
    ROW(msgrcv, "message", WRITES, 16, ID(MESSAGES), P, 8, 0, IPC_NOWAIT), ROW(mq_open, "name", TEXT, 8, P, O_RDWR, 0, 0), ROW(mq_unlink, "name", TEXT, 8, P),
    ROW(mq_timedsend, "text", READS, 8, QUEUE, P, 8, 0, AT(zero)), ROW(mq_timedreceive, "text", WRITES, 8, QUEUE, P, 8, 0, AT(zero)), ROW(mq_getsetattr, "new", READS, 64, QUEUE, P, 0),
    ROW(mq_getsetattr, "old", WRITES, 64, QUEUE, 0, P), ROW(mq_notify, "event", READS, 64, QUEUE, P),
};

// What is read again by each call is there again, and what was written is gone.
static void anew(uint64_t bad) {
    static char bytes[4096];
    static struct { long type; char text[8]; } message = {1, "message"};
    lseek(FILE_, 0, SEEK_SET), lseek(DIR_, 0, SEEK_SET), pwrite(FILE_, bytes, 100, 0);
    while (read(READ_END, bytes, sizeof bytes) > 0) { }
    write(WRITE_END, "0123456789", 10);
    while (read(SOCKET, bytes, sizeof bytes) > 0 || read(PEER, bytes, sizeof bytes) > 0) { }
    write(PEER, "0123456789", 10);
    read(EVENT, bytes, 8), write(EVENT, &(uint64_t){1}, 8);
    while (msgrcv((int)ids[MESSAGES], &message, 8, 0, IPC_NOWAIT) >= 0) { }
    message.type = 1, msgsnd((int)ids[MESSAGES], &message, 8, IPC_NOWAIT);
    while (mq_receive(QUEUE, bytes, 8, NULL) >= 0) { }
    mq_send(QUEUE, "message", 8, 0);
    memset(bytes, 0, sizeof bytes);
    word = 16, zero = (struct timespec){0}, never = (struct itimerspec){0};
    vector[0] = (struct iovec){bytes, 4}, vector[1] = (struct iovec){(void *)bad, 64}, one = (struct iovec){bytes, 8};
    by_name = (struct msghdr){.msg_name = (void *)bad, .msg_namelen = 16};
    by_vector = (struct msghdr){.msg_iov = (void *)bad, .msg_iovlen = 1};
    by_control = (struct msghdr){.msg_iov = &one, .msg_iovlen = 1, .msg_control = (void *)bad, .msg_controllen = 32};
    mask_of.set = (void *)bad, mask_of.size = 8;
}

static long try(const struct row *row, uint64_t bad) {
    uint64_t a[6];
    for (int i = 0; i < 6; i++) {
        int id = row->a[i] > P && row->a[i] <= P + IDS;
        a[i] = row->a[i] == P ? bad : id ? ids[row->a[i] - P - 1] : row->a[i];
    }
    anew(bad);
    long result = syscall(row->number, a[0], a[1], a[2], a[3], a[4], a[5]);
    return result == -1 ? -errno : result;
}

static void print(long result) {
    if (result < 0) printf("%s", name_of((int)-result));
    else printf("%ld", result);
}

static void all_of(const struct row *row) {
    static const char *const names[] = {"unmapped", "no access", "kernel", "wrapping", "crossing", "read-only"};
    char *crossing = edge - (row->size > 8 ? 4 : row->size / 2);
    memset(edge - 4096, row->way == TEXT ? 'a' : 0, 4096);
    uint64_t bad[] = {(uint64_t)hole, (uint64_t)none, 0xffffffff80200000, UINT64_MAX - 3, (uint64_t)crossing, (uint64_t)readonly};
    long results[6];
    int kinds = row->way == WRITES || row->way == BOTH ? 6 : 5, same = 1;
    for (int i = 0; i < kinds; i++) results[i] = try(row, bad[i]), same &= results[i] == results[0];
    printf("%s: ", row->text);
    if (same) print(results[0]);
    for (int i = 0; !same && i < kinds; i++) printf("%s%s ", i ? ", " : "", names[i]), print(results[i]);
    say("");
}

static int open_files(void) {
    int n = 0;
    for (int fd = 0; fd < 256; fd++) n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static char *page(int prot) { return mmap(NULL, 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

static void at(int to, int fd) { dup2(fd, to), close(fd); }

int main(void) {
    struct rlimit no_core = {0, 0};
    struct mq_attr few = {.mq_maxmsg = 4, .mq_msgsize = 8};
    int pair[2];
    setrlimit(RLIMIT_CORE, &no_core);
    edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), edge += 4096;
    mprotect(edge, 4096, PROT_NONE), readonly = page(PROT_READ), none = page(PROT_NONE);
    at(FILE_, open("f", O_RDWR | O_CREAT, 0700)), at(DIR_, open(".", O_RDONLY)), symlink("target", "link"), close(open("program", O_RDWR | O_CREAT, 0700));
    pipe2(pair, O_NONBLOCK), at(READ_END, pair[0]), at(WRITE_END, pair[1]);
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), at(SOCKET, pair[0]), at(PEER, pair[1]);
    at(EPOLL, epoll_create1(0)), at(EVENT, eventfd(1, EFD_NONBLOCK)), at(TIMER, timerfd_create(CLOCK_MONOTONIC, 0));
    at(LISTENER, socket(AF_UNIX, SOCK_STREAM, 0)), at(QUEUE, mq_open("/efault", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &few)), mq_unlink("/efault"), at(WATCHES, inotify_init1(0));
    epoll_ctl(EPOLL, EPOLL_CTL_ADD, EVENT, &(struct epoll_event){.events = EPOLLIN});
    ids[SHARED] = (uint64_t)shmget(IPC_PRIVATE, 4096, 0600), ids[SEMAPHORES] = (uint64_t)semget(IPC_PRIVATE, 1, 0600);
    ids[MESSAGES] = (uint64_t)msgget(IPC_PRIVATE, 0600), ids[PAGE] = (uint64_t)page(PROT_READ);
    // The last mapping there is, after what stdio allocates: nothing takes its place.
    say("bad pointers"), hole = page(PROT_READ), munmap(hole, 4096);
    int before = open_files();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) all_of(&rows[i]);
    say("descriptors left: %d", open_files() - before);
    shmctl((int)ids[SHARED], IPC_RMID, NULL), semctl((int)ids[SEMAPHORES], 0, IPC_RMID), msgctl((int)ids[MESSAGES], IPC_RMID, NULL);
    return 0;
}
