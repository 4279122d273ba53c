// What the programs that ask for errors share: a call by its number, and what interrupts it.
#include "check.h"
#include <grp.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/time.h>

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

#define E(call, ...) outcome(#call "(" #__VA_ARGS__ ")", syscall(SYS_##call, __VA_ARGS__))

// As E, while a handler without SA_RESTART runs every few milliseconds: a call that waits ends with EINTR.
#define INTERRUPTED(call, ...) ({ \
        ticking(5000); \
        long result_ = syscall(SYS_##call, __VA_ARGS__); \
        int error_ = errno; \
        ticking(0); \
        errno = error_, outcome(#call "(" #__VA_ARGS__ ")", result_); \
    })

#define BAD ((void *)8)
#define HERE AT_FDCWD

static inline void on_tick(int signal) { (void)signal; }

static inline void ticking(long usec) {
    handle(SIGALRM, on_tick, 0);
    setitimer(ITIMER_REAL, &(struct itimerval){{0, usec}, {0, usec}}, NULL);
}

// From here on neither root nor one of its groups.
static inline void as_nobody(void) { setgroups(0, NULL), setresgid(1000, 1000, 1000), setresuid(1000, 1000, 1000); }

static inline void limit(int which, rlim_t most) { setrlimit(which, &(struct rlimit){most, most}); }

// Writes a file as of /proc/sys; whether it could.
static inline int tell(const char *name, const char *text) {
    int fd = open(name, O_WRONLY);
    int ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return ok;
}

// An int of a file as of /proc/sys.
static inline long told(const char *name) {
    char text[64] = "";
    int fd = open(name, O_RDONLY);
    read(fd, text, sizeof text - 1), close(fd);
    return atol(text);
}
