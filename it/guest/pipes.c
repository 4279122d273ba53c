// Pipes and FIFOs: atomicity, ends of file, SIGPIPE, O_NONBLOCK, poll, capacity (man 7 pipe, man 7 fifo).
#include "check.h"
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

static int events(int fd, short wanted) {
    struct pollfd p = {fd, wanted, 0};
    poll(&p, 1, 0);
    return p.revents;
}

int main(void) {
    int p[2], unread;
    char b[70000];
    memset(b, 'x', sizeof b);
    TRY(pipe2(p, O_NONBLOCK));
    TRY(read(p[0], b, 10));
    say("empty: reader %x writer %x", events(p[0], POLLIN), events(p[1], POLLOUT));
    TRY(write(p[1], "abcdef", 6));
    ioctl(p[0], FIONREAD, &unread), say("FIONREAD %d", unread);
    say("reader %x", events(p[0], POLLIN));
    TRY(read(p[0], b, 2));
    TRY(read(p[0], b, 100));
    TRY(read(p[0], b, 0));
    TRY(write(p[1], b, 0));
    TRY(fcntl(p[0], F_GETPIPE_SZ));
    TRY(write(p[1], b, 70000));
    TRY(write(p[1], b, 1));
    say("full: writer %x", events(p[1], POLLOUT));
    TRY(read(p[0], b, 100));
    TRY(write(p[1], b, 4096));
    say("less than PIPE_BUF free: writer %x", events(p[1], POLLOUT));
    TRY(read(p[0], b, 4096));
    TRY(write(p[1], b, 4096));
    TRY(write(p[1], b, 5000));
    TRY(fcntl(p[1], F_SETPIPE_SZ, 4096));
    while (read(p[0], b, sizeof b) > 0) { }
    TRY(fcntl(p[1], F_SETPIPE_SZ, 5000));
    TRY(write(p[1], b, 70000));
    TRY(lseek(p[0], 0, SEEK_SET));
    TRY(pread(p[0], b, 1, 0));
    TRY(ftruncate(p[1], 0));
    TRY(read(p[1], b, 1));
    TRY(write(p[0], b, 1));
    TRY(syscall(SYS_read, p[0], (void *)8, 1));
    close(p[1]);
    TRY(read(p[0], b, sizeof b));
    TRY(read(p[0], b, sizeof b));
    say("no writer: reader %x", events(p[0], POLLIN));
    close(p[0]);

    pipe(p);
    close(p[0]);
    say("no reader: writer %x", events(p[1], POLLOUT));
    CHILD("SIGPIPE", write(p[1], b, 1));
    signal(SIGPIPE, SIG_IGN);
    TRY(write(p[1], b, 1));
    TRY(write(p[1], b, 0));
    close(p[1]);

    // Four writers of PIPE_BUF-sized records never mix.
    pipe(p);
    for (int w = 0; w < 4; w++) {
        if (fork() == 0) {
            memset(b, 'a' + w, PIPE_BUF);
            for (int i = 0; i < 50; i++) write(p[1], b, PIPE_BUF);
            _exit(0);
        }
    }
    close(p[1]);
    int mixed = 0, total = 0;
    for (ssize_t n, have = 0; (n = read(p[0], b + have, PIPE_BUF - have)) > 0;) {
        have += n, total += n;
        if (have < PIPE_BUF) continue;
        for (int i = 1; i < PIPE_BUF; i++) mixed += b[i] != b[0];
        have = 0;
    }
    while (wait(NULL) > 0) { }
    say("total %d mixed %d", total, mixed);
    close(p[0]);

    // A blocked writer goes on as soon as there is room, and sees the reader go.
    pipe(p);
    pid_t child = fork();
    if (child == 0) {
        close(p[0]);
        ssize_t n = write(p[1], b, 70000);
        ssize_t m = write(p[1], b, 70000);
        say("writer: %zd, then %s", n, m == -1 ? name_of(errno) : m > 60000 && m < 70000 ? "a part" : "all");
        _exit(0);
    }
    close(p[1]);
    for (int have = 0; have < 70000;) have += (int)read(p[0], b, 70000 - have);
    pause_ms(50);
    close(p[0]);
    reap(child);

    // FIFOs.
    TRY(mkfifo("f", 0600));
    TRY(open("f", O_WRONLY | O_NONBLOCK));
    int r = (int)OK(open("f", O_RDONLY | O_NONBLOCK));
    say("never had a writer: %x", events(r, POLLIN));
    TRY(read(r, b, 1));
    int w = (int)OK(open("f", O_WRONLY | O_NONBLOCK));
    TRY(read(r, b, 1));
    write(w, "xy", 2), close(w);
    say("writer gone: %x", events(r, POLLIN));
    TRY(read(r, b, 5));
    TRY(read(r, b, 5));
    close(r);
    int both = (int)OK(open("f", O_RDWR));
    write(both, "q", 1);
    TRY(read(both, b, 5));
    close(both);
    child = fork();
    if (child == 0) { w = open("f", O_WRONLY); write(w, "hello", 5); _exit(0); }
    r = open("f", O_RDONLY);
    TRY(read(r, b, 10));
    TRY(read(r, b, 10));
    reap(child);
    struct iovec v[3] = {{b, 2}, {b + 10, 0}, {b + 20, 3}};
    pipe(p);
    TRY(writev(p[1], v, 3));
    TRY(readv(p[0], v, 3));
    TRY(writev(p[1], v, 0));
    TRY(writev(p[1], v, 1025));
    v[1].iov_len = (size_t)-1;
    TRY(writev(p[1], v, 3));
    TRY(pipe2(p, 0x7));
    TRY(syscall(SYS_pipe2, (void *)8, 0));
    struct stat st;
    fstat(r, &st);
    IS(S_ISFIFO(st.st_mode));
    return 0;
}
