// Unix sockets: streams, messages, names, peers, ends (man 7 unix).
#include "check.h"
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <linux/sockios.h>

static struct sockaddr_un named(const char *name) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    strcpy(a.sun_path, name);
    return a;
}

#define ADDR(a) ((struct sockaddr *)&(a)), sizeof(a)

static void say_poll(const char *text, int fd) {
    struct pollfd p = {fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
    int n = poll(&p, 1, 0);
    say("%s: %d%s%s%s%s%s", text, n, p.revents & POLLIN ? " IN" : "", p.revents & POLLOUT ? " OUT" : "",
        p.revents & POLLRDHUP ? " RDHUP" : "", p.revents & POLLHUP ? " HUP" : "", p.revents & POLLERR ? " ERR" : "");
}

static int error_of(int fd) {
    int e = -1;
    socklen_t n = sizeof e;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n);
    return e;
}

static void creating(void) {
    say("-- socket");
    TRY(socket(AF_UNIX, 99, 0));
    TRY(socket(AF_UNIX, SOCK_STREAM, 5));
    TRY(socket(99, SOCK_STREAM, 0));
    TRY(socket(AF_UNIX, SOCK_RDM, 0));
    TRY(socketpair(AF_INET, SOCK_STREAM, 0, (int[2]){0, 0}));
    int p[2];
    TRY(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, p));
    IS(fcntl(p[0], F_GETFD) == FD_CLOEXEC);
    IS(fcntl(p[1], F_GETFL) == (O_RDWR | O_NONBLOCK));
    struct stat s;
    fstat(p[0], &s);
    IS(S_ISSOCK(s.st_mode) && (s.st_mode & 0777) == 0777);
    char link[64] = {0}, text[64];
    sprintf(text, "/proc/self/fd/%d", p[0]);
    IS(readlink(text, link, 63) > 0 && strncmp(link, "socket:[", 8) == 0);
    TRY(open(text, O_RDWR));
    TRY(lseek(p[0], 0, SEEK_CUR));
    TRY(pread(p[0], text, 1, 0));
    TRY(read(p[0], text, 1));
    TRY(bind(1, NULL, 0));
    TRY(bind(99, NULL, 0));
    int t; socklen_t n = sizeof t;
    TRY(getsockopt(p[0], SOL_SOCKET, SO_TYPE, &t, &n)); say("type %d len %d", t, (int)n);
    TRY(getsockopt(p[0], SOL_SOCKET, SO_DOMAIN, &t, &n)); say("domain %d", t);
    TRY(getsockopt(p[0], SOL_SOCKET, SO_SNDBUF, &t, &n)); say("sndbuf %d", t);
    t = 1000; TRY(setsockopt(p[0], SOL_SOCKET, SO_SNDBUF, &t, sizeof t));
    getsockopt(p[0], SOL_SOCKET, SO_SNDBUF, &t, &n); say("sndbuf %d", t);
    t = 10000; TRY(setsockopt(p[0], SOL_SOCKET, SO_RCVBUF, &t, sizeof t));
    getsockopt(p[0], SOL_SOCKET, SO_RCVBUF, &t, &n); say("rcvbuf %d", t);
    TRY(setsockopt(p[0], SOL_SOCKET, SO_RCVBUF, &t, 3));
    TRY(setsockopt(p[0], SOL_SOCKET, 9999, &t, 4));
    TRY(setsockopt(p[0], 6, 1, &t, 4));
    TRY(setsockopt(p[0], SOL_SOCKET, SO_RCVBUF, (void *)8, 4));
    close(p[0]), close(p[1]);
}

static void names(void) {
    say("-- names");
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un a = named("sock"), b;
    socklen_t n = sizeof b;
    TRY(getsockname(s, (struct sockaddr *)&b, &n)); say("length %d", (int)n);
    TRY(getpeername(s, (struct sockaddr *)&b, &n));
    TRY(listen(s, 1));
    TRY(accept(s, NULL, NULL));
    TRY(bind(s, ADDR(a)));
    struct stat st;
    stat("sock", &st);
    say("mode %o", st.st_mode);
    n = sizeof b;
    TRY(getsockname(s, (struct sockaddr *)&b, &n)); say("length %d path %s", (int)n, b.sun_path);
    n = 4;
    TRY(getsockname(s, (struct sockaddr *)&b, &n)); say("length %d", (int)n);
    TRY(bind(s, ADDR(a)));
    int o = socket(AF_UNIX, SOCK_STREAM, 0);
    TRY(bind(o, ADDR(a)));
    a = named("no/such"); TRY(bind(o, ADDR(a)));
    TRY(connect(o, ADDR(a)));
    a = named("sock"); TRY(connect(o, ADDR(a)));
    TRY(open("sock", O_RDONLY));
    TRY(listen(s, 1));
    int d = socket(AF_UNIX, SOCK_DGRAM, 0);
    TRY(connect(d, ADDR(a)));
    TRY(listen(d, 1));
    TRY(accept(d, NULL, NULL));
    TRY(connect(o, ADDR(a)));
    TRY(connect(o, ADDR(a)));
    n = sizeof b;
    TRY(getpeername(o, (struct sockaddr *)&b, &n)); say("length %d path %s", (int)n, b.sun_path);
    n = sizeof b;
    int c = accept(s, (struct sockaddr *)&b, &n);
    say("peer's length %d", (int)n);
    n = sizeof b;
    TRY(getsockname(c, (struct sockaddr *)&b, &n)); say("length %d path %s", (int)n, b.sun_path);
    TRY(connect(c, ADDR(a)));
    close(s);
    int e = socket(AF_UNIX, SOCK_STREAM, 0);
    TRY(connect(e, ADDR(a)));
    TRY(access("sock", F_OK));
    file_with("plain", "");
    a = named("plain"); TRY(connect(e, ADDR(a)));
    a.sun_family = AF_INET; TRY(connect(e, ADDR(a)));
    TRY(bind(e, (struct sockaddr *)&a, 1));
    TRY(bind(e, (struct sockaddr *)&a, 200));
    TRY(bind(e, (struct sockaddr *)8, 20));
    // abstract names
    struct sockaddr_un x = {.sun_family = AF_UNIX, .sun_path = "\0abc"};
    int l = socket(AF_UNIX, SOCK_STREAM, 0);
    TRY(bind(l, (struct sockaddr *)&x, 6));
    n = sizeof b;
    TRY(getsockname(l, (struct sockaddr *)&b, &n)); say("length %d %d %c", (int)n, b.sun_path[0], b.sun_path[1]);
    TRY(bind(e, (struct sockaddr *)&x, 6));
    TRY(listen(l, 0));
    TRY(connect(e, (struct sockaddr *)&x, 7));
    TRY(connect(e, (struct sockaddr *)&x, 6));
    close(l);
    l = socket(AF_UNIX, SOCK_STREAM, 0);
    TRY(bind(l, (struct sockaddr *)&x, 6));
    close(l);
    l = socket(AF_UNIX, SOCK_STREAM, 0);
    TRY(bind(l, (struct sockaddr *)&x, 2));
    n = sizeof b;
    TRY(getsockname(l, (struct sockaddr *)&b, &n)); say("autobind: length %d %d", (int)n, b.sun_path[0]);
    close(l), close(e), close(o), close(c), close(d);
}

static void streams(void) {
    say("-- streams");
    int p[2];
    char b[100] = {0};
    socketpair(AF_UNIX, SOCK_STREAM, 0, p);
    say_poll("new", p[0]);
    TRY(write(p[0], "hello", 5));
    TRY(write(p[0], "world", 5));
    int n = -1;
    TRY(ioctl(p[1], FIONREAD, &n)); say("%d bytes", n);
    TRY(ioctl(p[0], SIOCOUTQ, &n)); IS(n > 0);
    TRY(recv(p[1], b, 3, MSG_PEEK)); say("%.3s", b);
    TRY(recv(p[1], b, 7, 0)); say("%.7s", b);
    TRY(recv(p[1], b, 100, MSG_DONTWAIT)); say("%.3s", b);
    TRY(recv(p[1], b, 100, MSG_DONTWAIT));
    TRY(recv(p[1], b, 1, MSG_OOB | MSG_DONTWAIT));
    say_poll("data gone", p[1]);
    if (fork() == 0) {
        write(p[0], "ab", 2);
        pause_ms(50);
        write(p[0], "cd", 2);
        _exit(0);
    }
    TRY(recv(p[1], b, 4, MSG_WAITALL)); say("%.4s", b);
    wait(NULL);
    struct timeval t = {0, 50000};
    TRY(setsockopt(p[1], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    TRY(recv(p[1], b, 4, 0));
    IS(ms_since(start) >= 49);
    TRY(write(p[0], "zz", 2));
    TRY(recv(p[1], b, 4, MSG_WAITALL));
    t.tv_usec = 1000000; TRY(setsockopt(p[1], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    t.tv_usec = 0; TRY(setsockopt(p[1], SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
    // a full buffer
    char big[65536];
    memset(big, 'b', sizeof big);
    fcntl(p[0], F_SETFL, O_NONBLOCK);
    long sent = 0, r;
    while ((r = write(p[0], big, sizeof big)) > 0) sent += r;
    outcome("full", r);
    IS(sent >= 65536);
    say_poll("full", p[0]);
    t.tv_usec = 20000; setsockopt(p[0], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
    fcntl(p[0], F_SETFL, 0);
    TRY(write(p[0], big, 1));
    while (sent > 0) sent -= read(p[1], big, sizeof big);
    say("%ld left", sent);
    say_poll("empty", p[0]);
    // a blocked writer goes on when there is room, and gets everything through
    pid_t child = fork();
    if (child == 0) {
        struct timeval none = {0, 0};
        setsockopt(p[0], SOL_SOCKET, SO_SNDTIMEO, &none, sizeof none);
        static char huge[1 << 20];
        for (size_t i = 0; i < sizeof huge; i++) huge[i] = (char)(i * 7 >> 3);
        _exit(write(p[0], huge, sizeof huge) == sizeof huge ? 0 : 1);
    }
    long got = 0;
    int same = 1;
    while (got < 1 << 20) {
        r = read(p[1], big, sizeof big);
        if (r <= 0) break;
        for (long i = 0; i < r; i++) same &= big[i] == (char)((got + i) * 7 >> 3);
        got += r;
    }
    say("%ld bytes, %s", got, same ? "the same" : "different");
    say_status("writer", reap(child));
    close(p[0]), close(p[1]);
}

static volatile int pipes;

static void on_pipe(int s) { (void)s; pipes++; }

static void ends(void) {
    say("-- ends");
    int p[2];
    char b[10];
    handle(SIGPIPE, on_pipe, 0);
    socketpair(AF_UNIX, SOCK_STREAM, 0, p);
    write(p[0], "x", 1);
    TRY(shutdown(p[0], SHUT_WR));
    say_poll("half closed, the one", p[0]);
    say_poll("half closed, the other", p[1]);
    TRY(write(p[0], "x", 1));
    say("%d SIGPIPE", pipes);
    TRY(read(p[1], b, 1));
    TRY(read(p[1], b, 1));
    TRY(write(p[1], "y", 1));
    TRY(read(p[0], b, 1));
    TRY(shutdown(p[0], 7));
    TRY(shutdown(p[1], SHUT_RD));
    TRY(close(p[1]));
    say_poll("closed", p[0]);
    TRY(send(p[0], "x", 1, MSG_NOSIGNAL));
    TRY(send(p[0], "x", 1, 0));
    say("%d SIGPIPE", pipes);
    TRY(read(p[0], b, 1));
    close(p[0]);
    // closed with something unread
    socketpair(AF_UNIX, SOCK_STREAM, 0, p);
    write(p[0], "x", 1);
    close(p[1]);
    say_poll("reset", p[0]);
    TRY(read(p[0], b, 1));
    TRY(read(p[0], b, 1));
    close(p[0]);
    // a listener goes
    int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un a = named("l");
    bind(l, ADDR(a)), listen(l, 0);
    say_poll("unconnected", c);
    TRY(read(c, b, 1));
    TRY(write(c, b, 1));
    TRY(connect(c, ADDR(a)));
    say_poll("listener", l);
    TRY(write(c, "early", 5));
    int d = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    TRY(connect(d, ADDR(a)));
    int e = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    TRY(connect(e, ADDR(a)));
    int s = accept(l, NULL, NULL);
    TRY(read(s, b, 10));
    TRY(connect(e, ADDR(a)));
    close(l);
    say_poll("never accepted", e);
    say("error %s", name_of(error_of(e)));
    TRY(read(e, b, 1));
    close(s);
    say_poll("peer gone", c);
    close(c), close(d), close(e);
    handle(SIGPIPE, SIG_DFL, 0);
    CHILD("no handler", { int q[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, q); close(q[1]); write(q[0], "x", 1); });
}

static void messages(int type, const char *text) {
    say("-- %s", text);
    int p[2];
    char b[100] = {0};
    TRY(socketpair(AF_UNIX, type, 0, p));
    TRY(send(p[0], "one", 3, 0));
    TRY(send(p[0], "three", 5, 0));
    TRY(send(p[0], "", 0, 0));
    int n;
    TRY(ioctl(p[1], FIONREAD, &n));
    TRY(recv(p[1], b, 2, MSG_PEEK)); say("%.2s", b);
    TRY(recv(p[1], b, 2, MSG_TRUNC)); say("%.2s", b);
    struct iovec v[2] = {{b, 2}, {b + 50, 2}};
    struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};
    TRY(recvmsg(p[1], &m, 0)); say("%.2s%.2s flags %x", b, b + 50, m.msg_flags);
    TRY(recv(p[1], b, 100, 0));
    TRY(recv(p[1], b, 100, MSG_DONTWAIT));
    static char big[300000];
    TRY(send(p[0], big, sizeof big, 0));
    say_poll("before the end", p[0]);
    close(p[1]);
    say_poll("after the end", p[0]);
    TRY(send(p[0], "x", 1, MSG_NOSIGNAL));
    TRY(recv(p[0], b, 1, MSG_DONTWAIT));
    close(p[0]);
}

static void datagrams(void) {
    say("-- datagrams with names");
    int s = socket(AF_UNIX, SOCK_DGRAM, 0), c = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct sockaddr_un a = named("dgram"), b = named("client"), f;
    char t[100];
    socklen_t n = sizeof f;
    bind(s, ADDR(a));
    TRY(send(c, "x", 1, 0));
    TRY(sendto(c, "anon", 4, 0, ADDR(a)));
    TRY(recvfrom(s, t, 100, 0, (struct sockaddr *)&f, &n)); say("from length %d", (int)n);
    bind(c, ADDR(b));
    TRY(sendto(c, "named", 5, 0, ADDR(a)));
    n = sizeof f;
    TRY(recvfrom(s, t, 100, 0, (struct sockaddr *)&f, &n)); say("from length %d %s", (int)n, f.sun_path);
    TRY(connect(s, ADDR(b)));
    TRY(send(s, "back", 4, 0));
    TRY(recv(c, t, 100, 0));
    int o = socket(AF_UNIX, SOCK_DGRAM, 0);
    TRY(sendto(o, "other", 5, 0, ADDR(a)));
    TRY(sendto(o, "x", 1, 0, (struct sockaddr *)&a, 2));
    struct sockaddr_un none = named("nobody");
    TRY(sendto(o, "x", 1, 0, ADDR(none)));
    TRY(connect(c, ADDR(a)));
    int i = 0;
    fcntl(o, F_SETFL, O_NONBLOCK);
    int q = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct sockaddr_un qa = named("q");
    bind(q, ADDR(qa));
    TRY(connect(o, ADDR(qa)));
    while (send(o, "m", 1, 0) == 1) i++;
    outcome("queue full", -1);
    say("%d messages", i);
    say_poll("queue full", o);
    recv(q, t, 1, 0);
    say_poll("one taken", o);
    close(q);
    TRY(send(o, "m", 1, 0));
    TRY(send(o, "m", 1, 0));
    struct sockaddr u = {.sa_family = AF_UNSPEC};
    TRY(connect(c, &u, sizeof u));
    TRY(send(c, "m", 1, 0));
    close(s), close(c), close(o);
}

static void edges(void) {
    say("-- epoll");
    int p[2], e = epoll_create1(0);
    char b[10];
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p);
    struct epoll_event v = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET}, w;
    epoll_ctl(e, EPOLL_CTL_ADD, p[0], &v);
    TRY(epoll_wait(e, &w, 1, 0));
    write(p[1], "a", 1);
    TRY(epoll_wait(e, &w, 1, 0)); say("events %x", w.events);
    TRY(epoll_wait(e, &w, 1, 0));
    write(p[1], "b", 1);
    TRY(epoll_wait(e, &w, 1, 0)); say("events %x", w.events);
    TRY(read(p[0], b, 10));
    TRY(epoll_wait(e, &w, 1, 0));
    shutdown(p[1], SHUT_WR);
    TRY(epoll_wait(e, &w, 1, 0)); say("events %x", w.events);
    TRY(epoll_wait(e, &w, 1, 0));
    close(p[1]);
    TRY(epoll_wait(e, &w, 1, 0)); say("events %x", w.events);
    close(p[0]), close(e);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    creating();
    names();
    streams();
    ends();
    signal(SIGPIPE, SIG_IGN);
    messages(SOCK_DGRAM, "datagrams");
    messages(SOCK_SEQPACKET, "packets");
    datagrams();
    edges();
    return 0;
}
