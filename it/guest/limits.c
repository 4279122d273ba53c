// Limits and what happens at them (man 2 getrlimit).
#include "check.h"
#include <mqueue.h>
#include <pthread.h>
#include <sys/resource.h>

static int set(int which, rlim_t soft, rlim_t hard) { return setrlimit(which, &(struct rlimit){soft, hard}); }

static void on_signal(int signal) { say("signal SIG%s", sigabbrev_np(signal)); }

static void errors(void) {
    struct rlimit limit;
    TRY(getrlimit(99, &limit));
    TRY(set(99, 1, 1));
    TRY(set(RLIMIT_NOFILE, 20, 10));
    TRY(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, (void *)8));
    TRY(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, (void *)8, NULL));
    TRY(syscall(SYS_prlimit64, 99999999, RLIMIT_NOFILE, NULL, &limit));
    TRY(syscall(SYS_prlimit64, -1, RLIMIT_NOFILE, NULL, &limit));
    CHILD("not root", {
        TRY(set(RLIMIT_CORE, 10, 20));
        setuid(1000);
        TRY(set(RLIMIT_CORE, 20, 20));
        TRY(set(RLIMIT_CORE, 20, 30));
        TRY(set(RLIMIT_CORE, 5, 10));
        TRY(syscall(SYS_prlimit64, getppid(), RLIMIT_CORE, NULL, &limit));
    });
}

static void files(void) {
    set(RLIMIT_NOFILE, 10, 20);
    while (open("/dev/null", O_RDONLY) >= 0) { }
    say("open: %s", name_of(errno));
    TRY(dup(0));
    TRY(dup2(0, 10));
    TRY(dup2(0, 9));
    TRY(fcntl(0, F_DUPFD, 10));
    TRY(fcntl(0, F_DUPFD, 9));
    TRY(pipe((int[2]){0, 0}));
    TRY(syscall(SYS_eventfd2, 0, 0));
    TRY(syscall(SYS_epoll_create1, 0));
    TRY(syscall(SYS_memfd_create, "m", 0));
    TRY(syscall(SYS_socket, 1, 1, 0));
    TRY(syscall(SYS_pidfd_open, getpid(), 0));
}

// Limits are far behind where this program's own output ends: that may be a file too.
static void size(void) {
    int fd = file_with("big", "");
    handle(SIGXFSZ, on_signal, 0);
    set(RLIMIT_FSIZE, 1 << 20, 1 << 21);
    lseek(fd, (1 << 20) - 10, SEEK_SET);
    TRY(write(fd, "0123456789ab", 12));
    TRY(write(fd, "x", 1));
    TRY(ftruncate(fd, 1 << 20));
    TRY(ftruncate(fd, (1 << 20) + 1));
    TRY(fallocate(fd, 0, 0, (1 << 20) + 1));
    TRY(pwrite(fd, "x", 1, 1 << 21));
    TRY(pwrite(fd, "x", 1, 3));
}

static void *idle(void *unused) { return unused; }

static void memory(void) {
    set(RLIMIT_AS, 64 << 20, 64 << 20);
    IS(mmap(NULL, 128 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == ENOMEM);
    IS(mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
    CHILD("data", {
        set(RLIMIT_DATA, 1 << 20, 1 << 20);
        IS(mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
        IS(mmap(NULL, 8 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
        void *end = (void *)syscall(SYS_brk, 0);
        IS((void *)syscall(SYS_brk, (char *)end + (8 << 20)) == end);
    });
}

static void locked(void) {
    char *page = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    set(RLIMIT_MEMLOCK, 8192, 8192);
    setuid(1000);
    TRY(mlock(page, 4096));
    TRY(mlock(page, 3 * 4096));
    TRY(munlock(page, 4096));
    TRY(mlock(page + 4096, 8192));
    IS(mmap(NULL, 3 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0) == MAP_FAILED && errno == EAGAIN);
    TRY(mlockall(MCL_CURRENT));
    munlockall();
    set(RLIMIT_MEMLOCK, 0, 0);
    TRY(mlock(page, 4096));
    TRY(mlockall(MCL_FUTURE));
}

static void tasks(void) {
    set(RLIMIT_NPROC, 0, 0);
    setuid(12345);
    TRY(fork());
    pthread_t thread;
    say("thread: %s", name_of(pthread_create(&thread, NULL, idle, NULL)));
}

static void queued(void) {
    sigset_t set_;
    sigemptyset(&set_);
    sigaddset(&set_, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set_, NULL);
    set(RLIMIT_SIGPENDING, 3, 3);
    setuid(12346);
    int n = 0;
    while (n < 10 && sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = n}) == 0) n++;
    say("queued %d then %s", n, name_of(errno));
    TRY(kill(getpid(), SIGRTMIN));
}

static void processor(void) {
    handle(SIGXCPU, on_signal, 0);
    set(RLIMIT_CPU, 1, 2);
    for (volatile long i = 0;; i++) { }
}

int main(void) {
    errors();
    CHILD("files", files());
    CHILD("size", size());
    CHILD("memory", memory());
    CHILD("locked", locked());
    CHILD("tasks", tasks());
    CHILD("queued", queued());
    CHILD("processor", processor());
    CHILD("message queues", {
        set(RLIMIT_MSGQUEUE, 1000, 1000);
        TRY(mq_open("/limited", O_RDWR | O_CREAT, 0600, NULL));
    });
    CHILD("core", {
        set(RLIMIT_NICE, 0, 0);
        setuid(1000);
        TRY(setpriority(PRIO_PROCESS, 0, -5));
        TRY(setpriority(PRIO_PROCESS, 0, 5));
        TRY(setpriority(PRIO_PROCESS, 0, 0));
    });
}
