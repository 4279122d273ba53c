// poll, ppoll, select, pselect, epoll, eventfd, signalfd: readiness, masks, timeouts, errors.
#include "check.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>

static volatile int caught;

static void note(int signal) {
    (void)signal;
    caught++;
}

int main(void) {
    int a[2], b[2];
    char buffer[128];
    pipe(a), pipe(b);
    struct pollfd p[5] = {{a[0], POLLIN, 0}, {b[1], POLLOUT, 0}, {-1, POLLIN, 9}, {99, POLLIN, 0}, {a[0], 0, 0}};
    TRY(poll(p, 5, 0));
    say("%x %x %x %x %x", p[0].revents, p[1].revents, p[2].revents, p[3].revents, p[4].revents);
    write(a[1], "x", 1);
    TRY(poll(p, 1, -1));
    p[0].events = POLLIN | POLLRDNORM | POLLPRI | POLLOUT | POLLWRNORM;
    TRY(poll(p, 1, 0));
    say("%x", p[0].revents);
    close(a[1]), p[0].events = 0;
    TRY(poll(p, 1, 1000));
    say("%x", p[0].revents);
    int file = file_with("f", "x"), null = open("/dev/null", O_RDWR), dir = open(".", O_RDONLY);
    struct pollfd q[3] = {{file, POLLIN | POLLOUT, 0}, {null, POLLIN | POLLOUT, 0}, {dir, POLLIN, 0}};
    TRY(poll(q, 3, 0));
    say("file %x null %x directory %x", q[0].revents, q[1].revents, q[2].revents);
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    TRY(poll(NULL, 0, 30));
    IS(ms_since(start) >= 30);
    TRY(syscall(SYS_ppoll, (void *)8, 1, NULL, NULL, 8));
    TRY(syscall(SYS_ppoll, NULL, 0, &(struct timespec){0, 1000000000}, NULL, 8));
    TRY(syscall(SYS_ppoll, NULL, 0, &(struct timespec){0, 0}, &start, 7));
    struct rlimit limit, small = {4, 1024};
    getrlimit(RLIMIT_NOFILE, &limit), small.rlim_max = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &small);
    TRY(poll(p, 5, 0));
    setrlimit(RLIMIT_NOFILE, &limit);

    // A mask for the time of the call: the pending signal ends it, and the old mask is back after.
    sigset_t blocked, none;
    sigemptyset(&none), sigemptyset(&blocked), sigaddset(&blocked, SIGUSR1);
    handle(SIGUSR1, note, SA_RESTART);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    raise(SIGUSR1);
    say("caught %d", caught);
    TRY(ppoll(NULL, 0, NULL, &none));
    say("caught %d", caught);
    raise(SIGUSR1);
    struct timespec zero = {0, 0};
    TRY(pselect(0, NULL, NULL, NULL, &zero, &none));
    say("caught %d", caught);
    TRY(ppoll(NULL, 0, &zero, &none));
    pipe(a);
    write(a[1], "x", 1);
    p[0] = (struct pollfd){a[0], POLLIN, 0};
    raise(SIGUSR1);
    TRY(ppoll(p, 1, NULL, &none));
    say("caught %d", caught);
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    say("caught %d", caught);

    fd_set r, w, e;
    FD_ZERO(&r);
    FD_ZERO(&w);
    FD_ZERO(&e);
    FD_SET(a[0], &r), FD_SET(b[0], &r);
    FD_SET(b[1], &w), FD_SET(a[0], &e);
    struct timeval second = {1, 0};
    TRY(select(64, &r, &w, &e, &second));
    say("%d %d %d %d", FD_ISSET(a[0], &r) != 0, FD_ISSET(b[0], &r) != 0, FD_ISSET(b[1], &w) != 0, FD_ISSET(a[0], &e) != 0);
    IS(second.tv_sec == 0 && second.tv_usec > 0);
    FD_ZERO(&r);
    FD_SET(99, &r);
    TRY(select(100, &r, NULL, NULL, &second));
    TRY(select(-1, NULL, NULL, NULL, &second));
    TRY(select(0, NULL, NULL, NULL, &(struct timeval){-1, 0}));
    FD_ZERO(&r);
    FD_SET(b[0], &r);
    second = (struct timeval){0, 20000};
    TRY(select(b[0] + 1, &r, NULL, NULL, &second));
    say("%d, left %ld", FD_ISSET(b[0], &r) != 0, (long)second.tv_usec);

    int ep = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ev = {EPOLLIN, {.u64 = 0x123456789abcdefUL}}, out[4];
    TRY(epoll_ctl(ep, EPOLL_CTL_ADD, a[0], &ev));
    TRY(epoll_ctl(ep, EPOLL_CTL_ADD, a[0], &ev));
    TRY(epoll_ctl(ep, EPOLL_CTL_MOD, b[0], &ev));
    TRY(epoll_ctl(ep, EPOLL_CTL_DEL, b[0], NULL));
    TRY(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &ev));
    TRY(epoll_ctl(ep, EPOLL_CTL_ADD, 99, &ev));
    TRY(epoll_ctl(ep, EPOLL_CTL_ADD, file, &ev));
    TRY(epoll_ctl(file, EPOLL_CTL_ADD, a[0], &ev));
    TRY(epoll_ctl(ep, 9, a[0], &ev));
    TRY(epoll_wait(ep, out, 4, 0));
    say("%x %lx", out[0].events, (unsigned long)out[0].data.u64);
    TRY(epoll_wait(ep, out, 4, 0));
    ev.events = EPOLLIN | EPOLLET;
    epoll_ctl(ep, EPOLL_CTL_MOD, a[0], &ev);
    TRY(epoll_wait(ep, out, 4, 0));
    TRY(epoll_wait(ep, out, 4, 10));
    write(a[1], "y", 1);
    TRY(epoll_wait(ep, out, 4, 10));
    ev.events = EPOLLIN | EPOLLONESHOT;
    epoll_ctl(ep, EPOLL_CTL_MOD, a[0], &ev);
    TRY(epoll_wait(ep, out, 4, 0));
    TRY(epoll_wait(ep, out, 4, 0));
    epoll_ctl(ep, EPOLL_CTL_MOD, a[0], &ev);
    TRY(epoll_wait(ep, out, 4, 0));
    TRY(epoll_wait(ep, out, 0, 0));
    TRY(epoll_wait(ep, (void *)8, 1, 0));
    p[0] = (struct pollfd){ep, POLLIN, 0};
    TRY(poll(p, 1, 0));
    ev.events = EPOLLIN;
    epoll_ctl(ep, EPOLL_CTL_MOD, a[0], &ev);
    TRY(poll(p, 1, 0));
    close(a[1]), read(a[0], buffer, 9);
    TRY(epoll_wait(ep, out, 4, 0));
    say("%x", out[0].events);
    int copy = dup(a[0]);
    close(a[0]);
    TRY(epoll_wait(ep, out, 4, 0));
    close(copy);
    TRY(epoll_wait(ep, out, 4, 0));

    uint64_t n = 5;
    int event = eventfd(3, EFD_NONBLOCK);
    TRY(write(event, &n, 8));
    TRY(read(event, &n, 8));
    say("value %lu", (unsigned long)n);
    TRY(read(event, &n, 8));
    n = UINT64_MAX;
    TRY(write(event, &n, 8));
    n = UINT64_MAX - 1;
    TRY(write(event, &n, 8));
    n = 1;
    TRY(write(event, &n, 8));
    p[0] = (struct pollfd){event, POLLIN | POLLOUT, 0};
    poll(p, 1, 0), say("%x", p[0].revents);
    TRY(read(event, &n, 4));
    int counting = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    TRY(read(counting, &n, 8));
    say("value %lu", (unsigned long)n);
    TRY(read(counting, &n, 8));
    TRY(read(counting, &n, 8));

    sigprocmask(SIG_BLOCK, &blocked, NULL);
    int sfd = signalfd(-1, &blocked, SFD_NONBLOCK);
    struct signalfd_siginfo info[2];
    TRY(read(sfd, info, sizeof info));
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 6});
    p[0] = (struct pollfd){sfd, POLLIN, 0};
    TRY(poll(p, 1, 0));
    TRY(read(sfd, info, 10));
    TRY(read(sfd, info, sizeof info));
    say("signo %u code %d value %d", info[0].ssi_signo, info[0].ssi_code, info[0].ssi_int);
    TRY(poll(p, 1, 0));
    return 0;
}
