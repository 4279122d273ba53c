// Which calls a handler interrupts for good (EINTR) and which go on with SA_RESTART (man 7 signal).
#include "restart.h"
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/time.h>

static pid_t child;
static struct timespec left;

int main(void) {
    char b[4096];
    int word = 0;
    pipe(a), pipe(full);
    handle(SIGUSR1, note, SA_RESTART);
    struct pollfd poll_a = {a[0], POLLIN, 0};
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(epoll, EPOLL_CTL_ADD, a[0], &event);
    fd_set set;
    sigset_t none, usr1;
    sigemptyset(&none), sigemptyset(&usr1), sigaddset(&usr1, SIGRTMIN);
    struct timespec brief = {0, 300000000};
    struct timeval half = {0, 300000};

    BOTH("read of a pipe", read(a[0], b, 1));
    BOTH("write to a full pipe", write(full[1], b, 4096));
    BOTH("wait4", wait(NULL));
    BOTH("waitid", waitid(P_ALL, 0, NULL, WEXITED));
    BOTH("poll", poll(&poll_a, 1, 300));
    BOTH("select", ({ FD_ZERO(&set); FD_SET(a[0], &set); half.tv_usec = 300000; select(a[0] + 1, &set, NULL, NULL, &half); }));
    BOTH("epoll_wait", epoll_wait(epoll, &event, 1, 300));
    BOTH("pause", pause());
    BOTH("sigsuspend", sigsuspend(&none));
    BOTH("sigtimedwait", sigtimedwait(&usr1, NULL, &brief));
    BOTH("futex wait with a timeout", syscall(SYS_futex, &word, FUTEX_WAIT, 0, &brief, NULL, 0));
    BOTH("nanosleep", (left = (struct timespec){9, 9}, nanosleep(&brief, &left)));
    IS(left.tv_sec == 0 && left.tv_nsec > 100000000 && left.tv_nsec < 290000000);
    BOTH("clock_nanosleep, absolute", ({
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += 300000000;
        if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
        int r = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        errno = r;
        r ? -1 : 0;
    }));
    BOTH("open of a fifo", ({
        unlink("p"), mkfifo("p", 0600);
        pid_t writer = fork();
        if (writer == 0) {
            pause_ms(120);
            int w = -1;
            while ((w = open("p", O_WRONLY | O_NONBLOCK)) < 0) pause_ms(10);
            for (;;) pause();
        }
        int fd = open("p", O_RDONLY), error = errno;
        kill(writer, SIGKILL);
        errno = error;
        if (fd >= 0) close(fd);
        fd;
    }));
    BOTH("flock", ({
        int fd = open("lock", O_RDWR | O_CREAT, 0600);
        if (fork() == 0) { int g = open("lock", O_RDWR); flock(g, LOCK_EX); pause_ms(250); _exit(0); }
        pause_ms(20);
        int r = flock(fd, LOCK_EX);
        int error = errno;
        close(fd);
        errno = error;
        r;
    }));
    BOTH("fcntl F_SETLKW", ({
        int fd = open("lock", O_RDWR | O_CREAT, 0600);
        struct flock l = {.l_type = F_WRLCK};
        if (fork() == 0) { fcntl(fd, F_SETLKW, &l); pause_ms(250); _exit(0); }
        pause_ms(20);
        int r = fcntl(fd, F_SETLKW, &l);
        int error = errno;
        close(fd);
        errno = error;
        r;
    }));

    // What was done before the signal is not lost.
    handle(SIGALRM, note, 0);
    drain();
    write(a[1], "abc", 3);
    soon();
    say("read of what is there: %zd", read(a[0], b, 100));
    drain();
    char big[70000] = {0};
    soon();
    say("write of more than fits: %s", ({ long n = write(a[1], big, sizeof big); n == 65536 ? "65536" : n == -1 ? "-1" : "another"; }));
    for (size_t n = 0; n <= 65536;) n += (size_t)read(a[0], big, sizeof big);
    drain();
    // Stop and continue: not noticed by a restartable call, EINTR for some others only if there is a handler.
    child = fork();
    if (child == 0) {
        struct timespec t = {0, 200000000};
        int r = nanosleep(&t, NULL);
        say("nanosleep over stop and continue: %d", r);
        r = poll(NULL, 0, 100);
        say("poll over stop and continue: %d", r);
        _exit(0);
    }
    pause_ms(60), kill(child, SIGSTOP), pause_ms(40), kill(child, SIGCONT);
    pause_ms(170), kill(child, SIGSTOP), pause_ms(20), kill(child, SIGCONT);
    say_status("child", reap(child));
    return 0;
}
