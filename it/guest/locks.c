// flock(2), record locks and open file description locks of fcntl(2).
#include "check.h"
#include <sys/file.h>

static int fd;
static pid_t parent;

static struct flock range(short type, off_t start, off_t len) {
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len};
}

static void set(short type, off_t start, off_t len) {
    struct flock l = range(type, start, len);
    int r = fcntl(fd, F_SETLK, &l);
    say("set %s %ld+%ld: %s", type == F_RDLCK ? "read" : type == F_WRLCK ? "write" : "none", (long)start, (long)len, r ? name_of(errno) : "ok");
}

static void get(short type, off_t start, off_t len) {
    struct flock l = range(type, start, len);
    int r = fcntl(fd, F_GETLK, &l);
    if (r || l.l_type == F_UNLCK) say("get %ld+%ld: %s", (long)start, (long)len, r ? name_of(errno) : "free");
    else say("get %ld+%ld: %s %ld+%ld of %s", (long)start, (long)len, l.l_type == F_RDLCK ? "read" : "write", (long)l.l_start,
        (long)l.l_len, l.l_pid == parent ? "parent" : l.l_pid == -1 ? "-1" : "other");
}

int main(void) {
    parent = getpid();
    fd = file_with("f", "0123456789");
    int again = open("f", O_RDWR);
    TRY(flock(fd, LOCK_SH));
    TRY(flock(again, LOCK_SH | LOCK_NB));
    TRY(flock(again, LOCK_EX | LOCK_NB));
    TRY(flock(fd, LOCK_UN));
    TRY(flock(again, LOCK_EX | LOCK_NB));
    TRY(flock(fd, LOCK_SH | LOCK_NB));
    int copy = dup(again);
    TRY(flock(copy, LOCK_EX | LOCK_NB));
    CHILD("inherited with the open file", TRY(flock(again, LOCK_EX | LOCK_NB)));
    CHILD("a child releases it", TRY(flock(copy, LOCK_UN)));
    TRY(flock(fd, LOCK_EX | LOCK_NB));
    TRY(flock(fd, LOCK_UN));
    flock(again, LOCK_EX);
    close(again);
    TRY(flock(fd, LOCK_EX | LOCK_NB));
    close(copy);
    TRY(flock(fd, LOCK_EX | LOCK_NB));
    TRY(flock(99, LOCK_SH));

    set(F_WRLCK, 0, 10);
    set(F_UNLCK, 3, 2);
    CHILD("seen by a child", (get(F_WRLCK, 0, 0), get(F_RDLCK, 3, 2), get(F_WRLCK, 4, 3), set(F_RDLCK, 0, 1), set(F_WRLCK, 3, 2), set(F_WRLCK, 2, 2), set(F_RDLCK, 10, 0)));
    set(F_RDLCK, 3, 2);
    set(F_RDLCK, 0, 10);
    CHILD("merged", (get(F_WRLCK, 5, 1), set(F_RDLCK, 5, 1), set(F_WRLCK, 5, 1)));
    set(F_UNLCK, 0, 0);
    CHILD("free", get(F_WRLCK, 0, 0));
    set(F_WRLCK, 0, 0);
    again = open("f", O_RDWR);
    close(again);
    CHILD("any close drops them", get(F_WRLCK, 0, 0));
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = -4, .l_len = 2};
    TRY(fcntl(fd, F_SETLK, &l));
    CHILD("SEEK_END", get(F_WRLCK, 0, 0));
    l = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 5, .l_len = -3};
    TRY(fcntl(fd, F_SETLK, &l));
    CHILD("negative length", get(F_WRLCK, 0, 0));
    l.l_start = -1;
    TRY(fcntl(fd, F_SETLK, &l));
    l = (struct flock){.l_type = 9};
    TRY(fcntl(fd, F_SETLK, &l));
    int readonly = open("f", O_RDONLY);
    l = range(F_WRLCK, 100, 1);
    TRY(fcntl(readonly, F_SETLK, &l));
    close(readonly);

    // Two processes that wait for one another: the second is refused.
    int ready[2], go[2];
    pipe(ready), pipe(go);
    set(F_UNLCK, 0, 0), set(F_WRLCK, 0, 1);
    pid_t child = fork();
    if (child == 0) {
        char c;
        l = range(F_WRLCK, 1, 1);
        fcntl(fd, F_SETLK, &l);
        write(ready[1], "r", 1), read(go[0], &c, 1);
        pause_ms(100);
        l = range(F_WRLCK, 0, 1);
        int r = fcntl(fd, F_SETLKW, &l);
        say("second waiter: %s", r ? name_of(errno) : "ok");
        _exit(0);
    }
    char c;
    read(ready[0], &c, 1), write(go[1], "g", 1);
    l = range(F_WRLCK, 1, 1);
    TRY(fcntl(fd, F_SETLKW, &l));
    say_status("child", reap(child));
    set(F_UNLCK, 0, 0);

    // Locks of the open file, not of the process.
    again = open("f", O_RDWR);
    l = range(F_WRLCK, 0, 5);
    TRY(fcntl(fd, F_OFD_SETLK, &l));
    TRY(fcntl(again, F_OFD_SETLK, &l));
    TRY(fcntl(again, F_SETLK, &l));
    CHILD("a child sees it", get(F_RDLCK, 0, 0));
    close(open("f", O_RDONLY));
    TRY(fcntl(again, F_OFD_SETLK, &l));
    l.l_pid = 5;
    TRY(fcntl(fd, F_OFD_SETLK, &l));
    return 0;
}
