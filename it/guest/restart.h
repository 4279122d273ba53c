// Calls with a handler that runs meanwhile, once without and once with SA_RESTART.
#include "check.h"
#include <sys/socket.h>

static volatile int caught;
// Two pipes, the second kept full, and what a program may add: a pair of sockets.
static int a[2], full[2], pair[2] = {-1, -1};

static void note(int signal) {
    (void)signal;
    caught++;
}

// After 50 ms the signal comes; 100 ms later something happens that ends the call anyway.
static void soon(void) {
    pid_t me = getpid();
    if (fork() == 0) {
        pause_ms(50);
        kill(me, SIGALRM);
        pause_ms(100);
        char b[4096];
        write(a[1], "x", 1);
        if (pair[1] >= 0) write(pair[1], "y", 1);
        kill(me, SIGUSR1);
        read(full[0], b, sizeof b);
        _exit(5);
    }
}

static void drain(void) {
    char b[4096];
    while (waitpid(-1, NULL, WNOHANG) >= 0 || errno == EINTR) pause_ms(5);
    fcntl(a[0], F_SETFL, O_NONBLOCK);
    while (read(a[0], b, sizeof b) > 0) { }
    fcntl(a[0], F_SETFL, 0);
    while (pair[0] >= 0 && recv(pair[0], b, sizeof b, MSG_DONTWAIT) > 0) { }
    fcntl(full[1], F_SETFL, O_NONBLOCK);
    memset(b, 'f', sizeof b);
    while (write(full[1], b, sizeof b) > 0) { }
    fcntl(full[1], F_SETFL, 0);
}

#define BOTH(text, call) do { \
        for (int restart_ = 0; restart_ < 2; restart_++) { \
            handle(SIGALRM, note, restart_ ? SA_RESTART : 0); \
            drain(); \
            caught = 0; \
            soon(); \
            errno = 0; \
            long r_ = (long)(call); \
            int error_ = errno; \
            say("%s%s: %s, signal %s", text, restart_ ? ", SA_RESTART" : "", r_ == -1 ? name_of(error_) : "done", caught ? "caught" : "lost"); \
        } \
        drain(); \
    } while (0)
