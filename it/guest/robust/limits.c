// Takes all there is of one thing, says which error ended it, gives all of it back and ends.
#include "../check.h"
#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>

// Opens files until it cannot: EMFILE at RLIMIT_NOFILE.
static void fds(void) {
    int n = 0;
    while (open("/dev/null", O_RDONLY) != -1) n++;
    say("%d more: %s", n, name_of(errno));
}

// Fills as many pipes as it can have.
static void pipes(void) {
    static char page[4096];
    int n = 0, ends[2];
    while (pipe2(ends, O_NONBLOCK) == 0) {
        n++;
        while (write(ends[1], page, sizeof page) > 0) { }
    }
    say("%d pipes: %s", n, name_of(errno));
}

static int go;

static void *sleeper(void *unused) {
    while (!__atomic_load_n(&go, __ATOMIC_ACQUIRE)) syscall(SYS_futex, &go, 0, 0, NULL);
    return unused;
}

static void threads(void) {
    static pthread_t all[40000];
    pthread_attr_t attr;
    int n = 0, error;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 16384);
    while ((error = pthread_create(&all[n], &attr, sleeper, NULL)) == 0) n++;
    say("%s: %s", n > 100 ? "threads" : "few threads", name_of(error));
    __atomic_store_n(&go, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &go, 1, 1 << 30);
    for (int i = 0; i < n; i++) pthread_join(all[i], NULL);
}

// Neighbours must not be merged: their rights differ.
static void maps(void) {
    int n = 0;
    char *room = mmap(NULL, 140000ul * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    while (mprotect(room + n * 8192ul, 4096, PROT_READ) == 0) n++;
    say("%s: %s", n > 30000 && n < 32768 ? "65530 ranges" : "another number", name_of(errno));
}

static void signals(void) {
    int n = 0;
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    while (sigqueue(getpid(), SIGRTMIN + 1, (union sigval) {0}) == 0) n++;
    struct rlimit limit;
    getrlimit(RLIMIT_SIGPENDING, &limit);
    say("%s: %s", (rlim_t) n == limit.rlim_cur ? "RLIMIT_SIGPENDING" : "another number", name_of(errno));
}

static void timers(void) {
    int n = 0;
    timer_t timer;
    struct sigevent none = {.sigev_notify = SIGEV_NONE};
    struct itimerspec often = {{0, 1}, {0, 1}};
    while (timer_create(CLOCK_MONOTONIC, &none, &timer) == 0) {
        timer_settime(timer, 0, &often, NULL);
        n++;
    }
    say("%s: %s", n > 100 ? "timers" : "few timers", name_of(errno));
}

static void folders(void) {
    int depth = 0;
    chdir("/tmp");
    while (depth < 3000 && mkdir("d", 0755) == 0 && chdir("d") == 0) depth++;
    char path[8192];
    say("%d deep: %s", depth, getcwd(path, sizeof path) ? "ok" : name_of(errno));
    while (depth-- > 0) {
        chdir("..");
        rmdir("d");
    }
}

static void links(void) {
    char from[32], to[32];
    for (int i = 0; i < 60; i++) {
        snprintf(from, sizeof from, "/tmp/l%d", i);
        snprintf(to, sizeof to, "/tmp/l%d", i + 1);
        symlink(to, from);
    }
    OK(open("/tmp/l20", O_RDONLY | O_CREAT, 0644));
    TRY(open("/tmp/l0", O_RDONLY | O_CREAT, 0644));
    for (int i = 0; i <= 60; i++) {
        snprintf(from, sizeof from, "/tmp/l%d", i);
        unlink(from);
    }
}

static void file(void) {
    static char block[65536];
    int fd = open("/tmp/x", O_RDWR | O_CREAT, 0644);
    while (write(fd, block, sizeof block) > 0) { }
    say("file: %s", name_of(errno));
    unlink("/tmp/x");
}

static int deeper(volatile char *above) {
    volatile char room[4096];
    room[0] = above[0];
    return deeper(room) + room[0];
}

static void stack(void) {
    CHILD("recursion", deeper("x"));
}

static void processes(void) {
    int n = 0;
    pid_t pid;
    while ((pid = fork()) > 0) n++;
    if (pid == 0) for (;;) pause();
    say("%s: %s", n > 100 ? "processes" : "few processes", name_of(errno));
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    while (wait(NULL) > 0) { }
}

static void trace(void) {
    TRY(syscall(SYS_ptrace, 0, 0, 0, 0));
}

int main(int argc, char **argv) {
    static const struct { const char *name; void (*run)(void); } all[] = {
        {"fds", fds}, {"pipes", pipes}, {"threads", threads}, {"maps", maps}, {"signals", signals},
        {"timers", timers}, {"folders", folders}, {"links", links}, {"file", file}, {"stack", stack},
        {"processes", processes}, {"trace", trace},
    };
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        if (argc > 1 && strcmp(argv[1], all[i].name) == 0) {
            all[i].run();
            return 0;
        }
    }
    return 2;
}
