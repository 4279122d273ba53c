// Leases on files (man 2 fcntl, F_SETLEASE): who may have one, who breaks it, and how its holder is told.
#include "check.h"
#include <poll.h>

#define FILE_ "/tmp/leased"

static volatile sig_atomic_t told, code, band, descriptor, kind;

static void on_signal(int number, siginfo_t *info, void *context) {
    (void)context;
    told++;
    kind = number;
    code = info->si_code;
    band = info->si_band;
    descriptor = info->si_fd;
}

static int opened(int flags) {
    int fd = open(FILE_, flags, 0644);
    if (fd < 0) say("open: %s", name_of(errno));
    return fd;
}

static const char *type(int fd) {
    int is = fcntl(fd, F_GETLEASE);
    return is == F_RDLCK ? "read" : is == F_WRLCK ? "write" : is == F_UNLCK ? "none" : name_of(errno);
}

static void who_may(void) {
    int read = opened(O_RDONLY | O_CREAT), write = opened(O_RDWR);
    TRY(fcntl(read, F_SETLEASE, F_RDLCK));
    TRY(fcntl(write, F_SETLEASE, F_RDLCK));
    TRY(fcntl(write, F_SETLEASE, F_WRLCK));
    close(read);
    TRY(fcntl(write, F_SETLEASE, F_RDLCK));
    TRY(fcntl(write, F_SETLEASE, F_WRLCK));
    say("a writer's: %s", type(write));
    TRY(fcntl(write, F_SETLEASE, F_UNLCK));
    TRY(fcntl(write, F_SETLEASE, F_UNLCK));
    TRY(fcntl(write, F_SETLEASE, 3));
    close(write);
    read = opened(O_RDONLY);
    int other = opened(O_RDONLY);
    TRY(fcntl(read, F_SETLEASE, F_WRLCK));
    TRY(fcntl(read, F_SETLEASE, F_RDLCK));
    TRY(fcntl(other, F_SETLEASE, F_RDLCK));
    say("two: %s, %s", type(read), type(other));
    TRY(fcntl(other, F_SETLEASE, F_UNLCK));
    close(other);
    TRY(fcntl(read, F_SETLEASE, F_WRLCK));
    say("alone: %s", type(read));
    TRY(fcntl(read, F_SETLEASE, F_RDLCK));
    int copy = dup(read);
    say("a copy: %s", type(copy));
    close(read);
    say("the copy that is left: %s", type(copy));
    close(copy);
    int directory = open("/tmp", O_RDONLY), ends[2];
    pipe(ends);
    TRY(fcntl(directory, F_GETLEASE));
    TRY(fcntl(ends[0], F_SETLEASE, F_RDLCK));
    close(directory), close(ends[0]), close(ends[1]);
    if (fork() == 0) {
        int mine = opened(O_RDONLY);
        setuid(1000);
        TRY(fcntl(mine, F_SETLEASE, F_RDLCK));
        TRY(fcntl(mine, F_SETSIG, 65));
        TRY(fcntl(mine, F_SETSIG, -1));
        TRY(fcntl(mine, F_GETSIG));
        _exit(0);
    }
    wait(NULL);
}

static void owners(void) {
    int fd = opened(O_RDONLY);
    struct f_owner_ex owner = {9, 9};
    TRY(fcntl(fd, F_GETOWN_EX, &owner));
    say("nobody: type %d, %d", owner.type, owner.pid);
    owner = (struct f_owner_ex){F_OWNER_PGRP, getpgrp()};
    TRY(fcntl(fd, F_SETOWN_EX, &owner));
    IS(fcntl(fd, F_GETOWN) == -getpgrp());
    owner = (struct f_owner_ex){F_OWNER_TID, gettid()};
    TRY(fcntl(fd, F_SETOWN_EX, &owner));
    owner.type = owner.pid = 9;
    TRY(fcntl(fd, F_GETOWN_EX, &owner));
    say("a thread: type %d, us %d", owner.type, owner.pid == gettid());
    TRY(fcntl(fd, F_SETOWN_EX, &(struct f_owner_ex){3, 1}));
    TRY(fcntl(fd, F_SETOWN_EX, &(struct f_owner_ex){F_OWNER_PID, 999999}));
    TRY(fcntl(fd, F_SETOWN_EX, (void *)8));
    TRY(fcntl(fd, F_GETOWN_EX, (void *)8));
    TRY(fcntl(fd, F_SETOWN, 999999));
    TRY(fcntl(fd, F_SETOWN, -999999));
    TRY(fcntl(fd, F_SETOWN, 0));
    IS(fcntl(fd, F_GETOWN) == 0);
    close(fd);
}

static void at_once(void) {
    int fd = opened(O_RDONLY);
    fcntl(fd, F_SETLEASE, F_RDLCK);
    IS(fcntl(fd, F_GETOWN) == getpid());
    close(opened(O_RDONLY | O_NONBLOCK));
    say("read: told %d times", told);
    opened(O_WRONLY | O_NONBLOCK);
    say("written: told %d times, by SIGIO %d, from the kernel %d, now %s", told, kind == SIGIO, code == SI_KERNEL, type(fd));
    TRY(openat(AT_FDCWD, FILE_, O_WRONLY | O_NONBLOCK));
    say("again: told %d times", told);
    close(opened(O_PATH));
    int other = opened(O_RDONLY | O_NONBLOCK);
    TRY(fcntl(other, F_SETLEASE, F_RDLCK));
    close(other);
    TRY(fcntl(fd, F_SETLEASE, F_UNLCK));
    IS(fcntl(fd, F_GETOWN) == 0);
    close(opened(O_WRONLY | O_NONBLOCK));
    fcntl(fd, F_SETLEASE, F_WRLCK);
    TRY(fcntl(fd, F_SETSIG, SIGRTMIN));
    told = 0;
    opened(O_RDONLY | O_NONBLOCK);
    say("with details: told %d times, by SIGRTMIN %d, POLL_MSG %d, band %x, our descriptor %d, now %s", told,
        kind == SIGRTMIN, code == POLL_MSG, (int)band, descriptor == fd, type(fd));
    opened(O_WRONLY | O_NONBLOCK);
    say("by a writer too: told %d times, now %s", told, type(fd));
    close(fd);
    close(opened(O_WRONLY | O_NONBLOCK));
}

// A child opens or cuts the file; its holder gives the lease up, after a while, as it is asked to.
static void waited_for(const char *what, int flags, int lease, int then) {
    int fd = opened(O_RDONLY);
    fcntl(fd, F_SETLEASE, lease);
    told = 0;
    int ends[2];
    pipe(ends);
    pid_t child = fork();
    if (child == 0) {
        close(fd);
        long done = flags < 0 ? truncate(FILE_, 0) : open(FILE_, flags);
        if (write(ends[1], "x", 1) != 1) _exit(2);
        _exit(done < 0);
    }
    struct pollfd end = {.fd = ends[0], .events = POLLIN};
    while (!told) poll(NULL, 0, 10);
    say("%s: still waits %d, the lease is %s", what, poll(&end, 1, 50) == 0, type(fd));
    TRY(fcntl(fd, F_SETLEASE, then));
    int status;
    waitpid(child, &status, 0);
    say_status(what, status);
    say("after it: %s", type(fd));
    close(fd), close(ends[0]), close(ends[1]);
}

static void seconds(const char *text) {
    int fd = open("/proc/sys/fs/lease-break-time", O_RDONLY);
    char was[16] = "";
    if (read(fd, was, sizeof was - 1) > 0) say("break time: %ld", atol(was));
    close(fd);
    fd = open("/proc/sys/fs/lease-break-time", O_WRONLY);
    if (write(fd, text, strlen(text)) < 0) say("not written: %s", name_of(errno));
    close(fd);
}

static void too_late(void) {
    seconds("1\n");
    int fd = opened(O_RDONLY);
    fcntl(fd, F_SETLEASE, F_WRLCK);
    told = 0;
    pid_t child = fork();
    if (child == 0) {
        int mine;
        close(fd);
        while ((mine = open(FILE_, O_RDWR)) < 0 && errno == EINTR) say("interrupted");
        _exit(mine < 0);
    }
    while (!told) poll(NULL, 0, 10);
    int status;
    while (waitpid(child, &status, 0) < 0) continue;
    say_status("nobody answered", status);
    say("the lease is %s", type(fd));
    TRY(fcntl(fd, F_SETLEASE, F_UNLCK));
    close(fd);
    seconds("45\n");
}

static void interrupted(void) {
    int fd = opened(O_RDONLY);
    fcntl(fd, F_SETLEASE, F_RDLCK);
    struct sigaction alarmed = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGALRM, &alarmed, NULL);
    if (fork() == 0) {
        signal(SIGIO, SIG_IGN);
        ualarm(50000, 0);
        TRY(open(FILE_, O_WRONLY));
        _exit(0);
    }
    while (wait(NULL) < 0) continue;
    close(fd);
}

int main(void) {
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGIO, &action, NULL);
    sigaction(SIGRTMIN, &action, NULL);
    unlink(FILE_);
    who_may();
    owners();
    at_once();
    waited_for("a writer", O_WRONLY, F_RDLCK, F_UNLCK);
    waited_for("a reader", O_RDONLY, F_WRLCK, F_RDLCK);
    waited_for("a writer of what is written", O_RDWR, F_WRLCK, F_UNLCK);
    waited_for("truncate", -1, F_RDLCK, F_UNLCK);
    too_late();
    interrupted();
    unlink(FILE_);
    return 0;
}
