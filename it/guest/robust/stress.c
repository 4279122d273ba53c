// Processes that fork, map, pipe and signal one another, and check what comes back: stress SECONDS.
#include "../check.h"

static volatile sig_atomic_t signals;

static void count(int signal) { (void) signal; signals++; }

static void fail(const char *what) {
    say("wrong: %s (%s)", what, name_of(errno));
    _exit(1);
}

// A child sums numbers that come through a pipe and answers through another.
static void pipes(unsigned seed) {
    int to[2], from[2];
    if (pipe(to) == -1 || pipe(from) == -1) fail("pipe");
    pid_t pid = fork();
    if (pid == -1) fail("fork");
    if (pid == 0) {
        unsigned value, sum = 0;
        close(to[1]);
        while (read(to[0], &value, sizeof value) == sizeof value) sum += value;
        write(from[1], &sum, sizeof sum);
        _exit(0);
    }
    close(to[0]);
    unsigned sum = 0, answer;
    for (int i = 0; i < 50; i++) {
        seed = seed * 1664525 + 1013904223;
        sum += seed;
        if (write(to[1], &seed, sizeof seed) != sizeof seed) fail("write");
    }
    close(to[1]);
    if (read(from[0], &answer, sizeof answer) != sizeof answer || answer != sum) fail("sum");
    close(from[0]);
    close(from[1]);
    if (reap(pid) != 0) fail("status");
}

// Pages shared after a fork are copied when either side writes.
static void pages(unsigned seed) {
    size_t length = (1 + seed % 16) * 4096;
    unsigned *p = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED || shared == MAP_FAILED) fail("mmap");
    for (size_t i = 0; i < length / 4; i += 256) p[i] = seed + i;
    pid_t pid = fork();
    if (pid == -1) fail("fork");
    for (size_t i = 0; i < length / 4; i += 256) {
        if (p[i] != seed + i) fail("copy");
        p[i] = (pid == 0 ? 1 : 2) + i;
    }
    if (pid == 0) {
        shared[1] = seed;
        _exit(p[0] == 1 ? 3 : 4);
    }
    if (WEXITSTATUS(reap(pid)) != 3 || p[0] != 2 || shared[1] != seed) fail("after fork");
    if (mprotect(p, 4096, PROT_READ) == -1 || p[0] != 2) fail("mprotect");
    munmap(p, length);
    munmap(shared, 4096);
}

// Every signal of a real-time queue arrives.
static void queue(void) {
    int parent = getpid(), before = signals;
    pid_t pid = fork();
    if (pid == -1) fail("fork");
    if (pid == 0) {
        for (int i = 0; i < 20; i++) sigqueue(parent, SIGRTMIN, (union sigval) {i});
        _exit(0);
    }
    if (reap(pid) != 0 || signals != before + 20) fail("signals");
}

int main(int argc, char **argv) {
    long ms = argc > 1 ? atol(argv[1]) * 1000 : 1000;
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    handle(SIGRTMIN, count, SA_RESTART);
    int children = 4, bad = 0;
    unsigned rounds = 0;
    for (int c = 0; c < children; c++) {
        if (fork() != 0) continue;
        for (unsigned seed = c; ms_since(start) < ms || rounds < 3; seed += 4, rounds++) {
            pipes(seed);
            pages(seed);
            queue();
        }
        _exit(0);
    }
    for (int status; wait(&status) > 0; ) bad |= status;
    say("%s", bad ? "bad" : "good");
    return bad != 0;
}
