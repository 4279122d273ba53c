// What every guest program uses: one printed line per fact, the same on every correct kernel.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// One fact, at once: forked children must not inherit buffered text.
static inline void say(const char *format, ...) {
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
    fflush(stdout);
}

static inline const char *name_of(int error) {
    const char *name = strerrorname_np(error);
    return name ? name : "?";
}

// The outcome of a call that answers -1 and errno.
static inline long outcome(const char *text, long result) {
    if (result == -1) say("%s: %s", text, name_of(errno));
    else say("%s: %ld", text, result);
    return result;
}

// As outcome, where only success is the same everywhere (an address, a descriptor, a pid).
static inline long success(const char *text, long result) {
    if (result == -1) say("%s: %s", text, name_of(errno));
    else say("%s: ok", text);
    return result;
}

#define TRY(call) outcome(#call, (long)(call))
#define OK(call) success(#call, (long)(call))
#define IS(condition) say("%s: %s", #condition, (condition) ? "yes" : "no")

// Prints how a child ended or stopped.
static inline void say_status(const char *text, int status) {
    if (WIFEXITED(status)) say("%s: exited %d", text, WEXITSTATUS(status));
    else if (WIFSIGNALED(status) && WTERMSIG(status) > 31) say("%s: killed by signal %d", text, WTERMSIG(status));
    else if (WIFSIGNALED(status)) {
        say("%s: killed by SIG%s%s", text, sigabbrev_np(WTERMSIG(status)), WCOREDUMP(status) ? ", core" : "");
    }
    else if (WIFSTOPPED(status)) say("%s: stopped by SIG%s", text, sigabbrev_np(WSTOPSIG(status)));
    else if (WIFCONTINUED(status)) say("%s: continued", text);
    else say("%s: status %x", text, status);
}

static inline int reap(pid_t pid) {
    int status = -1;
    while (waitpid(pid, &status, 0) == -1 && errno == EINTR) { }
    return status;
}

// Runs BODY in a child and prints how it ended.
#define CHILD(text, body) do { \
        pid_t child_ = fork(); \
        if (child_ == 0) { body; _exit(0); } \
        say_status(text, reap(child_)); \
    } while (0)

static inline void pause_ms(long ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&t, &t) == -1 && errno == EINTR) { }
}

static inline void handle(int signal, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(signal, &action, NULL);
}

static inline long ms_since(struct timespec start) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
}

// A file with this content, opened read-write.
static inline int file_with(const char *name, const char *content) {
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
    write(fd, content, strlen(content));
    lseek(fd, 0, SEEK_SET);
    return fd;
}
