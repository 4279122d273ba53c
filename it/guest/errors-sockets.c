// Errors of sockets that errors.c has not: whole buffers, lost peers, what waits, what is not permitted.
#include "errors.h"
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

static char buffer[1 << 18], longer[200];
static struct sockaddr_in here = {AF_INET, 0, {0x0100007f}, {0}}, nowhere = {AF_INET, 0x0100, {0x0100007f}, {0}}, broadcast = {AF_INET, 0x0100, {0xffffff7f}, {0}}, foreign = {AF_INET, 0, {0x08080808}, {0}};
static socklen_t size = sizeof here, room = sizeof here, odd = -1;
static struct timeval moment = {0, 20000};

static int bound(int type) {
    socklen_t length = sizeof here;
    int fd = socket(AF_INET, type, 0);
    here.sin_port = 0, bind(fd, (void *)&here, length), getsockname(fd, (void *)&here, &length);
    return fd;
}

static void kinds(void) {
    E(socketpair, 99, 1, 0, buffer), E(socketpair, AF_UNIX, 1, 99, buffer), E(socketpair, AF_UNIX, 99, 0, buffer), E(socketpair, AF_INET, SOCK_STREAM, 0, buffer), E(socketpair, AF_UNIX, 1 | 1 << 20, 0, buffer), E(socket, AF_INET, SOCK_STREAM, IPPROTO_UDP), E(socket, AF_INET, SOCK_SEQPACKET, 0), E(socket, -1, 1, 0), E(socket, 46, 1, 0);
    int stream = bound(SOCK_STREAM), datagram = bound(SOCK_DGRAM), unix_ = socket(AF_UNIX, SOCK_DGRAM, 0), open_ = socket(AF_INET, SOCK_STREAM, 0), file = file_with("f", "text");
    struct sockaddr_un deep = {AF_UNIX, "none/x"}, under = {AF_UNIX, "f/x"}, loop = {AF_UNIX, "loop/x"}, name = {AF_UNIX, ""}, plain = {AF_UNIX, "f"}, ro = {AF_UNIX, "ro/x"};
    symlink("loop", "loop"), memset(name.sun_path, 'n', sizeof name.sun_path), mkdir("ro", 0755), mount("t", "ro", "tmpfs", MS_RDONLY, NULL);
    E(bind, unix_, &deep, sizeof deep), E(bind, unix_, &under, sizeof under), E(bind, unix_, &loop, sizeof loop), E(bind, unix_, &name, sizeof name + 1), E(bind, unix_, &name, sizeof name - 0), E(bind, unix_, &plain, sizeof plain), E(bind, unix_, &ro, sizeof ro), E(bind, unix_, &here, size), E(bind, unix_, &name, 1);
    E(umount2, "ro", 0), E(bind, stream, &here, size), E(bind, open_, &foreign, size), E(bind, open_, &here, 8), E(bind, open_, &deep, sizeof deep), E(bind, datagram, &here, size), E(connect, unix_, &deep, sizeof deep), E(connect, unix_, &under, sizeof under), E(connect, unix_, &loop, sizeof loop), E(connect, unix_, &plain, sizeof plain);
    E(connect, open_, &here, 8), E(connect, open_, (&(struct sockaddr_in){AF_INET, 0, {0}, {0}}), size), E(connect, open_, &deep, sizeof deep), E(connect, datagram, &broadcast, size), E(listen, datagram, 1), E(accept, datagram, NULL, NULL), E(accept4, datagram, NULL, NULL, 0), E(getsockname, stream, buffer, BAD), E(getsockname, stream, BAD, &room), E(getsockname, stream, buffer, &odd);
    E(getsockopt, stream, SOL_SOCKET, SO_TYPE, buffer, &odd), E(getsockopt, stream, SOL_SOCKET, SO_TYPE, buffer, BAD), E(getsockopt, stream, 99, 1, buffer, &room), E(getsockopt, stream, IPPROTO_TCP, 99, buffer, &room), E(setsockopt, stream, SOL_SOCKET, SO_SNDBUF, buffer, -1), E(setsockopt, stream, 99, 1, buffer, 4), E(setsockopt, stream, SOL_SOCKET, SO_BINDTODEVICE, "none", 5);
    E(sendto, datagram, buffer, 1, 0, NULL, 0), E(sendmsg, datagram, (&(struct msghdr){.msg_iovlen = 0}), 0), E(sendto, datagram, buffer, 1, 0, &deep, sizeof deep), E(sendto, datagram, buffer, 1, 0, &nowhere, 8), E(sendto, datagram, buffer, 1, 0, &broadcast, size), E(sendto, datagram, buffer, 70000, 0, &nowhere, size), E(sendto, datagram, buffer, 1, 0, BAD, size), E(sendto, datagram, buffer, 1, 0, &nowhere, -1);
    E(sendto, datagram, buffer, 1, MSG_OOB, &nowhere, size), E(sendto, stream, buffer, 1, MSG_NOSIGNAL, NULL, 0), E(write, datagram, buffer, 1), E(write, unix_, buffer, 1), E(write, stream, buffer, 1), E(recvfrom, stream, buffer, 1, 0, NULL, NULL), E(recvmsg, stream, (&(struct msghdr){0}), 0), E(recvfrom, datagram, buffer, 1, MSG_ERRQUEUE, NULL, NULL);
    E(shutdown, datagram, SHUT_RD), E(shutdown, stream, SHUT_RD), E(shutdown, unix_, 9), E(recvmmsg, stream, BAD, 1, 0, NULL), E(recvmmsg, stream, buffer, 1, 0, (&(struct timespec){0, -1})), E(sendmmsg, datagram, BAD, 1, 0), E(sendmmsg, file, buffer, 1, 0), E(sendmsg, unix_, (&(struct msghdr){.msg_iov = BAD, .msg_iovlen = 1}), 0), E(getpeername, datagram, buffer, &room), E(getpeername, stream, BAD, &room);
    E(write, stream, buffer, 0), E(sendfile, datagram, file, NULL, 4), E(connect, unix_, &name, 1), E(lseek, stream, 0, 0), E(fsync, stream), E(ftruncate, stream, 0), E(pread64, stream, buffer, 1, 0), E(preadv, stream, (&(struct iovec){buffer, 1}), 1, 0, 0), E(fallocate, stream, 0, 0, 1), E(ioctl, stream, 0x8927, BAD), E(ioctl, stream, 0x5401, buffer), E(ioctl, stream, 0x8927, longer);
}

static void tcp(void) {
    int listening = bound(SOCK_STREAM), client = socket(AF_INET, SOCK_STREAM, 0), other = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), lost = socket(AF_INET, SOCK_STREAM, 0);
    struct msghdr none = {0}, to = {.msg_name = &nowhere, .msg_namelen = size}, bad = {.msg_iov = BAD, .msg_iovlen = 1}, large = {.msg_iov = BAD, .msg_iovlen = 2000};
    E(listen, listening, 1), INTERRUPTED(accept, listening, NULL, NULL), INTERRUPTED(accept4, listening, NULL, NULL, 0), setsockopt(listening, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment), E(accept, listening, NULL, NULL), E(accept4, listening, NULL, NULL, 0);
    E(connect, client, &here, size), E(connect, client, &here, size), E(getpeername, client, BAD, &room), E(getpeername, client, buffer, &odd), E(accept, listening, buffer, &odd), E(connect, lost, &here, size), E(accept, listening, BAD, &room), E(connect, lost, &here, size);
    int again = socket(AF_INET, SOCK_STREAM, 0);
    E(connect, again, &here, size);
    E(accept4, listening, BAD, &room, 0);
    E(connect, other, &nowhere, size), E(connect, listening, &here, size), E(bind, client, &here, size), E(listen, client, 1), E(accept, client, NULL, NULL);
    int last = socket(AF_INET, SOCK_STREAM, 0);
    E(connect, last, &here, size);
    int served = accept(listening, NULL, NULL);
    setsockopt(served, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){0, 0}, sizeof(struct timeval));
    INTERRUPTED(recvfrom, served, buffer, 1, 0, NULL, NULL), INTERRUPTED(recvmsg, served, (&(struct msghdr){.msg_iov = &(struct iovec){buffer, 1}, .msg_iovlen = 1}), 0), INTERRUPTED(read, served, buffer, 1);
    E(recvfrom, served, buffer, 1, MSG_DONTWAIT, NULL, NULL), E(recvmsg, served, (&(struct msghdr){.msg_iov = &(struct iovec){buffer, 1}, .msg_iovlen = 1}), MSG_DONTWAIT), E(recvfrom, served, buffer, 1, MSG_OOB, NULL, NULL), E(recvmsg, served, &none, MSG_OOB), setsockopt(served, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment), E(recvfrom, served, buffer, 1, 0, NULL, NULL), E(recvmsg, served, BAD, 0);
    write(last, "text", 4), E(recvfrom, served, BAD, 4, 0, NULL, NULL), E(recvmsg, served, &bad, 0), E(recvmsg, served, &large, 0), E(recvfrom, served, buffer, 4, 0, BAD, &room), E(sendto, served, BAD, 4, 0, NULL, 0), E(sendmsg, served, &bad, 0), E(sendmsg, served, &large, 0);
    fcntl(served, F_SETFL, O_NONBLOCK);
    // what lies there is passed on a while after
    for (int quiet = 0; quiet < 3; quiet++, pause_ms(20))
        while (write(served, buffer, sizeof buffer) > 0) quiet = 0;
    E(sendto, served, buffer, 1, 0, NULL, 0), E(sendmsg, served, (&(struct msghdr){.msg_iov = &(struct iovec){buffer, 1}, .msg_iovlen = 1}), 0), E(write, served, buffer, 1), fcntl(served, F_SETFL, 0);
    INTERRUPTED(sendto, served, buffer, 1, 0, NULL, 0), INTERRUPTED(sendmsg, served, (&(struct msghdr){.msg_iov = &(struct iovec){buffer, 1}, .msg_iovlen = 1}), 0), INTERRUPTED(write, served, buffer, 1);
    struct linger hard = {1, 0};
    E(shutdown, served, SHUT_WR), E(sendto, served, buffer, 1, MSG_NOSIGNAL, NULL, 0), E(sendmsg, served, (&(struct msghdr){.msg_iov = &(struct iovec){buffer, 1}, .msg_iovlen = 1}), MSG_NOSIGNAL), setsockopt(last, SOL_SOCKET, SO_LINGER, &hard, sizeof hard), close(last), pause_ms(20);
    E(recvfrom, served, buffer, 1, 0, NULL, NULL), E(sendmsg, other, &none, MSG_NOSIGNAL), E(sendmsg, socket(AF_INET, SOCK_STREAM, 0), &to, MSG_NOSIGNAL), E(shutdown, served, SHUT_RDWR);
    limit(RLIMIT_NOFILE, 3);
    E(accept, listening, NULL, NULL), E(accept4, listening, NULL, NULL, 0);
    limit(RLIMIT_NOFILE, 1000), close(listening), close(client), close(again), close(lost), close(other);
}

static void reset_and_datagrams(void) {
    struct msghdr some = {.msg_iov = &(struct iovec){buffer, 8}, .msg_iovlen = 1}, far = some, big = {.msg_iov = &(struct iovec){buffer, 70000}, .msg_iovlen = 1};
    int pair[2], from = bound(SOCK_DGRAM), other = socket(AF_INET, SOCK_DGRAM, 0);
    far.msg_name = &broadcast, far.msg_namelen = size;
    E(sendmsg, from, &some, 0), E(sendmsg, from, &far, 0), some.msg_flags = 0, INTERRUPTED(recvfrom, from, buffer, 1, 0, NULL, NULL), INTERRUPTED(recvmsg, from, &some, 0), E(recvmsg, from, &some, MSG_DONTWAIT), E(connect, other, &nowhere, size), E(sendto, other, buffer, 1, 0, NULL, 0), E(recvmsg, other, &some, 0), E(sendmsg, other, &big, 0), E(sendto, other, buffer, 1, 0, NULL, 0), E(recvfrom, other, buffer, 1, 0, NULL, NULL);
    E(sendto, other, buffer, 1, 0, NULL, 0), E(sendmsg, other, &some, 0), E(sendto, other, buffer, 1, 0, NULL, 0), E(read, other, buffer, 1), E(sendto, other, buffer, 1, 0, NULL, 0), E(write, other, buffer, 1);
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair), INTERRUPTED(read, pair[0], buffer, 1), INTERRUPTED(recvmsg, pair[0], &some, 0), INTERRUPTED(recvfrom, pair[0], buffer, 1, 0, NULL, NULL), E(recvmsg, pair[0], &some, MSG_DONTWAIT), far.msg_name = &here, E(sendmsg, pair[0], &far, 0), E(connect, pair[0], &here, size), E(recvfrom, pair[0], buffer, 1, MSG_OOB, NULL, NULL);
    fcntl(pair[0], F_SETFL, O_NONBLOCK);
    while (write(pair[0], buffer, 4096) > 0) { }
    E(sendmsg, pair[0], &some, 0), E(sendto, pair[0], buffer, 1, 0, NULL, 0), fcntl(pair[0], F_SETFL, 0), INTERRUPTED(sendmsg, pair[0], &some, 0), INTERRUPTED(sendto, pair[0], buffer, 1, 0, NULL, 0), INTERRUPTED(write, pair[0], buffer, 1), E(write, pair[1], "unread", 6), close(pair[1]), E(recvmsg, pair[0], &some, 0), E(recvmsg, pair[0], &some, 0), E(sendmsg, pair[0], &some, MSG_NOSIGNAL);
    struct sockaddr_un name = {AF_UNIX, "datagrams"}, queue = {AF_UNIX, "queue"};
    int in = socket(AF_UNIX, SOCK_DGRAM, 0), out = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0), listening = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), more;
    bind(in, (void *)&name, sizeof name), connect(out, (void *)&name, sizeof name);
    while (write(out, buffer, 1) > 0) { }
    E(write, out, buffer, 1), E(sendto, out, buffer, 1 << 30, 0, NULL, 0), E(sendto, out, buffer, 1, 0, &queue, sizeof queue), fcntl(out, F_SETFL, 0), INTERRUPTED(write, out, buffer, 1), E(sendmsg, socket(AF_UNIX, SOCK_DGRAM, 0), &some, 0), E(recvmsg, listening, &some, 0), close(in), E(write, out, buffer, 1);
    bind(listening, (void *)&queue, sizeof queue), E(recvmsg, socket(AF_UNIX, SOCK_STREAM, 0), &some, 0), E(sendmsg, socket(AF_UNIX, SOCK_STREAM, 0), &some, MSG_NOSIGNAL), listen(listening, 0), E(connect, client, &queue, sizeof queue), more = socket(AF_UNIX, SOCK_STREAM, 0);
    E(connect, socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), &queue, sizeof queue), INTERRUPTED(connect, more, &queue, sizeof queue), E(connect, out, &queue, sizeof queue), E(accept, listening, BAD, &room), INTERRUPTED(accept, listening, NULL, NULL), E(connect, more, &queue, sizeof queue), E(accept4, listening, NULL, NULL, 99);
    limit(RLIMIT_NOFILE, 3), E(accept, listening, NULL, NULL), E(socketpair, AF_UNIX, 1, 0, pair), limit(RLIMIT_NOFILE, 1000), close(listening), E(sendto, more, buffer, 1, MSG_NOSIGNAL, NULL, 0);
}

static void others(void) {
    struct sockaddr_un closed = {AF_UNIX, "closed/x"}, owned = {AF_UNIX, "owned"};
    struct sockaddr_in low = {AF_INET, 0x0100, {0x0100007f}, {0}};
    int priority = 7, fd = socket(AF_INET, SOCK_DGRAM, 0), unix_ = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct msghdr some = {.msg_iov = &(struct iovec){buffer, 8}, .msg_iovlen = 1, .msg_name = &broadcast, .msg_namelen = size};
    as_nobody();
    E(socket, AF_INET, SOCK_RAW, 1), E(bind, fd, &low, size), E(bind, unix_, &closed, sizeof closed), E(connect, unix_, &closed, sizeof closed), E(connect, unix_, &owned, sizeof owned), E(sendto, unix_, buffer, 1, 0, &owned, sizeof owned), E(sendto, fd, buffer, 1, 0, &broadcast, size), E(sendmsg, fd, &some, 0), E(connect, fd, &broadcast, size);
    E(setsockopt, fd, SOL_SOCKET, SO_PRIORITY, &priority, 4), E(setsockopt, fd, SOL_SOCKET, SO_MARK, &priority, 4), E(setsockopt, fd, SOL_SOCKET, SO_RCVBUFFORCE, &priority, 4);
}

static void not_root(void) {
    struct sockaddr_un owned = {AF_UNIX, "owned"};
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    mkdir("closed", 0700), bind(fd, (void *)&owned, sizeof owned), chmod("owned", 0600);
    CHILD("not root", others());
}

int main(void) {
    handle(SIGPIPE, SIG_IGN, 0), kinds(), tcp(), reset_and_datagrams(), not_root();
    return 0;
}
