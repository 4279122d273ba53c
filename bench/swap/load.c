/*
 * A busy system that checks itself: load TASKS MEGABYTES
 *
 * TASKS processes of six kinds work until this one gets SIGTERM (or end of input); one more holds MEGABYTES of memory.
 * Each knows what every call must return and what every byte must be. The first that is wrong says so, and the status
 * is 1. At the end each prints nothing; this one prints "rounds N" with the work done in all.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, MOST = 1000 };

static struct shared {
    volatile int ending;
    volatile uint64_t rounds[MOST];
} *shared;

static char self[PAGE];
static int number;

static void wrong(const char *what)
{
    fprintf(stderr, "load: task %d: %s: %s\n", number, what, strerror(errno));
    _exit(1);
}

#define CHECK(condition) do { errno = 0; if (!(condition)) wrong(#condition); } while (0)

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* The same numbers twice: registers, code and stack are as they were. */
static void compute(void)
{
    uint64_t a = 88172645463325252ull + number, b = a, sum = 0;
    double x = 1;
    for (int i = 0; i < 20000; i++) {
        sum += next(&a);
        x = x * 1.0000001 + 0.5;
    }
    double y = 1;
    for (int i = 0; i < 20000; i++) {
        sum -= next(&b);
        y = y * 1.0000001 + 0.5;
    }
    CHECK(sum == 0 && a == b && x == y);
}

/* Memory of one's own: written, shared with a child copy on write, read again, given back. */
static void memory(void)
{
    enum { SIZE = 64 * PAGE };
    uint64_t *block = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(block != MAP_FAILED);
    for (size_t i = 0; i < SIZE / sizeof *block; i += 64)
        block[i] = i * number;
    CHECK(mprotect(block, SIZE / 2, PROT_READ) == 0);
    for (size_t i = 0; i < SIZE / sizeof *block; i += 64)
        CHECK(block[i] == i * number);
    CHECK(munmap(block, SIZE) == 0);
}

static int to[2], from[2];
static pid_t echo;

/* A child echoes what comes through one pipe into another. */
static void pipes(void)
{
    static uint64_t state;
    if (echo == 0) {
        CHECK(pipe(to) == 0 && pipe(from) == 0);
        CHECK((echo = fork()) >= 0);
        if (echo == 0) {
            char c[512];
            ssize_t n;
            close(to[1]);
            close(from[0]);
            while ((n = read(to[0], c, sizeof c)) > 0)
                CHECK(write(from[1], c, n) == n);
            _exit(n != 0);
        }
        close(to[0]);
        close(from[1]);
        state = number + 1;
    }
    char sent[300], got[300];
    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = next(&state);
    CHECK(write(to[1], sent, sizeof sent) == sizeof sent);
    for (size_t done = 0; done < sizeof got;) {
        struct pollfd ready = {.fd = from[0], .events = POLLIN};
        CHECK(poll(&ready, 1, -1) == 1 && ready.revents == POLLIN);
        ssize_t n = read(from[0], got + done, sizeof got - done);
        CHECK(n > 0);
        done += n;
    }
    CHECK(memcmp(sent, got, sizeof sent) == 0);
}

static void end_pipes(void)
{
    int status;
    CHECK(close(to[1]) == 0 && waitpid(echo, &status, 0) == echo && status == 0);
}

/* A file that grows, is read back, mapped, renamed, unlinked while open, and read once more. */
static void files(void)
{
    char name[64], other[64], block[3000], back[3000];
    snprintf(name, sizeof name, "/tmp/load.%d", number);
    snprintf(other, sizeof other, "/tmp/load.%d.new", number);
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    CHECK(fd >= 0);
    for (int i = 0; i < 5; i++) {
        memset(block, 'a' + (number + i) % 26, sizeof block);
        CHECK(write(fd, block, sizeof block) == sizeof block);
    }
    CHECK(rename(name, other) == 0 && access(name, F_OK) != 0);
    char *mapped = mmap(NULL, 5 * sizeof block, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(mapped != MAP_FAILED);
    CHECK(unlink(other) == 0);
    struct stat st;
    CHECK(fstat(fd, &st) == 0 && st.st_size == 5 * sizeof block && st.st_nlink == 0);
    for (int i = 0; i < 5; i++) {
        memset(block, 'a' + (number + i) % 26, sizeof block);
        CHECK(pread(fd, back, sizeof back, i * sizeof back) == sizeof back && memcmp(block, back, sizeof back) == 0);
        CHECK(memcmp(block, mapped + i * sizeof block, sizeof block) == 0);
    }
    CHECK(munmap(mapped, 5 * sizeof block) == 0 && close(fd) == 0);
}

/* Every third child is a program of its own. */
static void children(void)
{
    static int turn;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (turn % 3 == 0) {
            char *arguments[] = {self, "--status", "7", NULL};
            execv(self, arguments);
            _exit(99);
        }
        _exit(7);
    }
    turn++;
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

/* No sleep ends early. */
static void sleeps(void)
{
    struct timespec begin, end, time = {0, 2000000 + number % 7 * 1000000};
    clock_gettime(CLOCK_MONOTONIC, &begin);
    CHECK(nanosleep(&time, NULL) == 0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    CHECK((end.tv_sec - begin.tv_sec) * 1000000000 + end.tv_nsec - begin.tv_nsec >= time.tv_nsec);
}

static void (*const kinds[])(void) = {compute, pipes, files, children, sleeps, memory};

static void task(void)
{
    while (!shared->ending) {
        kinds[number % (sizeof kinds / sizeof kinds[0])]();
        shared->rounds[number]++;
        if (number % 6 != 4)
            usleep(20000); /* so that all get their turn */
    }
    if (echo > 0)
        end_pipes();
    _exit(0);
}

/* Holds memory in which every page differs, and looks through it again and again. */
static void hold(size_t megabytes)
{
    size_t size = megabytes << 20;
    uint64_t *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(block != MAP_FAILED);
    for (size_t i = 0; i < size / 8; i += PAGE / 8)
        block[i] = i;
    shared->rounds[number] = 1;
    for (size_t i = 0; !shared->ending; i = (i + 1000 * PAGE / 8) % (size / 8)) {
        CHECK(block[i] == i);
        usleep(5000);
    }
    for (size_t i = 0; i < size / 8; i += PAGE / 8)
        CHECK(block[i] == i);
    _exit(0);
}

static void end(int signal)
{
    (void)signal;
    shared->ending = 1;
}

int main(int count, char **arguments)
{
    if (count == 3 && strcmp(arguments[1], "--status") == 0)
        _exit(atoi(arguments[2]));
    int tasks = count == 3 ? atoi(arguments[1]) : 0, megabytes = count == 3 ? atoi(arguments[2]) : 0;
    if (tasks < 1 || tasks >= MOST || megabytes < 1) {
        fprintf(stderr, "usage: load TASKS MEGABYTES\n");
        return 2;
    }
    CHECK(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    signal(SIGTERM, end);
    for (number = 0; number <= tasks; number++) {
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) {
            signal(SIGTERM, SIG_IGN);
            if (number == tasks)
                hold(megabytes);
            task();
        }
    }
    for (int i = 0; i <= tasks; i++)
        while (shared->rounds[i] == 0 && !shared->ending && waitpid(-1, NULL, WNOHANG) == 0)
            usleep(1000);
    printf("ready\n");
    fflush(stdout);
    int bad = 0, status;
    for (int left = tasks + 1; left > 0;) {
        pid_t child = wait(&status);
        if (child < 0 && errno == EINTR)
            continue;
        CHECK(child > 0);
        left--;
        if (status != 0) {
            fprintf(stderr, "load: a task ended with %x\n", status);
            shared->ending = 1;
            bad++;
        }
    }
    uint64_t rounds = 0;
    for (int i = 0; i < tasks; i++)
        rounds += shared->rounds[i];
    printf("rounds %lu wrong %d\n", (unsigned long)rounds, bad);
    return bad != 0;
}
