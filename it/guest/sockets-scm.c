// What goes with messages: descriptors and credentials (man 7 unix, man 3 cmsg).
#include "check.h"
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

static char control[4096];

static long send_fds(int s, const int *fds, int n, const char *text) {
    struct iovec v = {(void *)text, strlen(text)};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(n * sizeof(int))};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_RIGHTS, c->cmsg_len = CMSG_LEN(n * sizeof(int));
    memcpy(CMSG_DATA(c), fds, n * sizeof(int));
    return sendmsg(s, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
}

// Receives and says what came along; the first descriptor is returned.
static int receive(int s, size_t room, size_t space, int flags) {
    char b[100];
    struct iovec v = {b, room};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = space};
    ssize_t n = recvmsg(s, &m, flags | MSG_DONTWAIT);
    int first = -1;
    if (n < 0) {
        say("received: %s", name_of(errno));
        return -1;
    }
    say("received: %zd bytes %.*s, flags %x, control %zu", n, (int)n, b, m.msg_flags, m.msg_controllen);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
        if (c->cmsg_type == SCM_RIGHTS) {
            int count = (int)(c->cmsg_len - CMSG_LEN(0)) / 4, fds[300];
            memcpy(fds, CMSG_DATA(c), count * 4);
            say("  %d descriptors, length %zu", count, c->cmsg_len);
            first = fds[0];
            say("  %s", fcntl(first, F_GETFD) == FD_CLOEXEC ? "close on exec" : "kept on exec");
            for (int i = 1; i < count; i++) close(fds[i]);
        } else if (c->cmsg_type == SCM_CREDENTIALS) {
            struct ucred u;
            memcpy(&u, CMSG_DATA(c), sizeof u);
            say("  credentials: pid %s, uid %d, gid %d", u.pid == getpid() ? "mine" : u.pid == 0 ? "none" : "another's", u.uid, u.gid);
        }
    }
    return first;
}

static void descriptors(int type) {
    say("-- descriptors, type %d", type);
    int p[2], q[2];
    char b[10];
    socketpair(AF_UNIX, type, 0, p);
    pipe(q);
    TRY(send_fds(p[0], q, 2, "two"));
    close(q[1]);
    int in = receive(p[1], 100, sizeof control, MSG_CMSG_CLOEXEC);
    TRY(read(in, b, 1)); // its only writer has been closed above
    close(in);
    pipe(q);
    TRY(send_fds(p[0], &q[1], 1, "abc"));
    close(q[1]);
    struct pollfd f = {q[0], POLLIN, 0};
    TRY(poll(&f, 1, 0));
    int peeked = receive(p[1], 100, sizeof control, MSG_PEEK);
    close(peeked);
    int out = receive(p[1], 100, sizeof control, 0);
    TRY(write(out, "x", 1));
    TRY(read(q[0], b, 1));
    close(out), close(q[0]);
    // no room for all of them
    int many[4] = {0, 1, 2, p[0]};
    TRY(send_fds(p[0], many, 4, "four"));
    close(receive(p[1], 100, CMSG_LEN(8), 0));
    TRY(send_fds(p[0], many, 4, "none"));
    receive(p[1], 100, 0, 0);
    TRY(send_fds(p[0], many, 4, "read"));
    TRY(read(p[1], b, 10));
    int bad[1] = {999};
    TRY(send_fds(p[0], bad, 1, "bad"));
    int most[254];
    for (int i = 0; i < 254; i++) most[i] = 0;
    TRY(send_fds(p[0], most, 254, "many"));
    TRY(send_fds(p[0], most, 253, "many"));
    close(receive(p[1], 100, sizeof control, 0));
    if (type == SOCK_STREAM) {
        // bytes around descriptors
        write(p[0], "before", 6);
        send_fds(p[0], many, 1, "with");
        write(p[0], "after", 5);
        close(receive(p[1], 100, sizeof control, 0));
        close(receive(p[1], 100, sizeof control, 0));
        send_fds(p[0], many, 1, "with");
        write(p[0], "after", 5);
        close(receive(p[1], 2, sizeof control, 0));
        receive(p[1], 100, sizeof control, 0);
        receive(p[1], 100, sizeof control, 0);
    }
    // what is under way is closed with its receiver
    pipe(q);
    send_fds(p[0], &q[1], 1, "lost");
    close(q[1]);
    close(p[1]);
    TRY(read(q[0], b, 1));
    close(q[0]), close(p[0]);
}

static void credentials(int type) {
    say("-- credentials, type %d", type);
    int p[2], on = 1;
    socketpair(AF_UNIX, type, 0, p);
    struct ucred u;
    socklen_t n = sizeof u;
    TRY(getsockopt(p[0], SOL_SOCKET, SO_PEERCRED, &u, &n));
    IS(u.pid == getpid() && u.uid == getuid() && u.gid == getgid());
    write(p[0], "early", 5);
    TRY(setsockopt(p[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
    write(p[0], "late", 4);
    receive(p[1], 100, sizeof control, 0);
    receive(p[1], 100, sizeof control, 0);
    CHILD("child", { write(p[0], "child", 5); });
    write(p[0], "parent", 6);
    receive(p[1], 100, sizeof control, 0);
    receive(p[1], 100, sizeof control, 0);
    struct iovec v = {"said", 4};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = control, .msg_controllen = CMSG_SPACE(sizeof u)};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_CREDENTIALS, c->cmsg_len = CMSG_LEN(sizeof u);
    u.pid = getpid(), u.uid = 12, u.gid = 34;
    memcpy(CMSG_DATA(c), &u, sizeof u);
    TRY(sendmsg(p[0], &m, 0));
    receive(p[1], 100, sizeof control, 0);
    memcpy(CMSG_DATA(c), &u, sizeof u);
    c->cmsg_level = SOL_SOCKET, c->cmsg_type = SCM_CREDENTIALS, c->cmsg_len = CMSG_LEN(sizeof u);
    CHILD("not root", { setuid(1000); TRY(sendmsg(p[0], &m, 0)); });
    m.msg_controllen = 17;
    TRY(sendmsg(p[0], &m, 0));
    c->cmsg_type = 77, c->cmsg_len = CMSG_LEN(0), m.msg_controllen = CMSG_LEN(0);
    TRY(sendmsg(p[0], &m, 0));
    close(p[0]), close(p[1]);
}

// Sockets that only lie in each other's messages go by themselves.
static void circles(void) {
    say("-- circles");
    struct rlimit few = {64, 64};
    setrlimit(RLIMIT_NOFILE, &few);
    int failed = 0;
    for (int i = 0; i < 2000; i++) {
        int p[2];
        if (socketpair(AF_UNIX, SOCK_DGRAM, 0, p) != 0 || send_fds(p[0], &p[1], 1, "x") != 1 || send_fds(p[1], &p[0], 1, "x") != 1) {
            failed++;
        }
        close(p[0]), close(p[1]);
    }
    say("%d failed", failed);
    // a long chain, each in the message of the next
    int p[2], last[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, last);
    int made = 0;
    for (int i = 0; i < 3000; i++) {
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, p) != 0 || send_fds(p[0], last, 2, "x") != 1) break;
        close(last[0]), close(last[1]);
        last[0] = p[0], last[1] = p[1];
        made++;
    }
    say("chain of %d", made);
    close(last[0]), close(last[1]);
}

int main(void) {
    umask(022);
    for (int fd = 3; fd < 20; fd++) close(fd);
    descriptors(SOCK_STREAM);
    descriptors(SOCK_DGRAM);
    descriptors(SOCK_SEQPACKET);
    credentials(SOCK_STREAM);
    credentials(SOCK_DGRAM);
    circles();
    return 0;
}
