// TCP and UDP on the loopback interface (man 7 ip, ipv6, tcp, udp), and what is asked of it.
#include "check.h"
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static struct sockaddr_in at(uint32_t host, int port) {
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(host)};
}

static struct sockaddr_in6 at6(const char *host, int port) {
    struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    inet_pton(AF_INET6, host, &a.sin6_addr);
    return a;
}

#define ADDR(a) ((struct sockaddr *)&(a)), sizeof(a)
#define LO INADDR_LOOPBACK

static void say_poll(const char *text, int fd) {
    struct pollfd p = {fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP, 0};
    int n = poll(&p, 1, 0);
    say("%s: %d%s%s%s%s%s", text, n, p.revents & POLLIN ? " IN" : "", p.revents & POLLOUT ? " OUT" : "",
        p.revents & POLLRDHUP ? " RDHUP" : "", p.revents & POLLHUP ? " HUP" : "", p.revents & POLLERR ? " ERR" : "");
}

static void say_name(const char *text, int (*f)(int, struct sockaddr *, socklen_t *), int fd) {
    struct sockaddr_storage a;
    socklen_t n = sizeof a;
    if (f(fd, (struct sockaddr *)&a, &n) != 0) {
        say("%s: %s", text, name_of(errno));
        return;
    }
    char host[100];
    struct sockaddr_in6 *a6 = (struct sockaddr_in6 *)&a;
    struct sockaddr_in *a4 = (struct sockaddr_in *)&a;
    int six = a.ss_family == AF_INET6;
    inet_ntop(a.ss_family, six ? (void *)&a6->sin6_addr : (void *)&a4->sin_addr, host, sizeof host);
    int port = ntohs(six ? a6->sin6_port : a4->sin_port);
    char number[10];
    sprintf(number, "%d", port);
    say("%s: %s length %d port %s", text, host, (int)n, port == 0 ? "none" : port >= 32768 ? "ephemeral" : number);
}

static int option(int fd, int level, int name) {
    int v = -1;
    socklen_t n = sizeof v;
    return getsockopt(fd, level, name, &v, &n) == 0 ? v : -errno;
}

static int port_of(int fd) {
    struct sockaddr_in a;
    socklen_t n = sizeof a;
    getsockname(fd, (struct sockaddr *)&a, &n);
    return ntohs(a.sin_port);
}

static int listener(int port) {
    int l = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in a = at(LO, port);
    if (bind(l, ADDR(a)) != 0 || listen(l, 5) != 0) say("listener: %s", name_of(errno));
    return l;
}

// A connected pair over TCP.
static void pair(int p[2]) {
    int l = listener(7001);
    struct sockaddr_in a = at(LO, 7001);
    p[0] = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(p[0], ADDR(a)) != 0) say("connect: %s", name_of(errno));
    p[1] = accept(l, NULL, NULL);
    close(l);
}

static void creating(void) {
    say("-- socket");
    TRY(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
    TRY(socket(AF_INET, SOCK_STREAM, 300));
    TRY(socket(AF_INET, SOCK_SEQPACKET, 0));
    TRY(socket(AF_INET, SOCK_RDM, 0));
    int s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), u = socket(AF_INET, SOCK_DGRAM, 0);
    say("protocol %d %d", option(s, SOL_SOCKET, SO_PROTOCOL), option(u, SOL_SOCKET, SO_PROTOCOL));
    say("buffers %d %d, %d %d", option(s, SOL_SOCKET, SO_SNDBUF), option(s, SOL_SOCKET, SO_RCVBUF), option(u, SOL_SOCKET, SO_SNDBUF), option(u, SOL_SOCKET, SO_RCVBUF));
    say_poll("new TCP", s);
    say_poll("new UDP", u);
    say_name("name", getsockname, s);
    say_name("peer", getpeername, s);
    char b[4];
    TRY(recv(s, b, 1, 0));
    TRY(send(s, b, 1, MSG_NOSIGNAL));
    TRY(send(u, b, 1, 0));
    TRY(recv(u, b, 1, MSG_DONTWAIT));
    TRY(accept(s, NULL, NULL));
    TRY(listen(u, 1));
    TRY(shutdown(s, SHUT_WR));
    close(s), close(u);
}

static void binding(void) {
    say("-- bind");
    int s = socket(AF_INET, SOCK_STREAM, 0), t = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = at(LO, 7002), far = at(0x0a010203, 0);
    TRY(bind(s, (struct sockaddr *)&a, 8));
    TRY(bind(s, ADDR(far)));
    a.sin_family = AF_INET6; TRY(bind(s, ADDR(a)));
    a.sin_family = AF_INET; TRY(bind(s, ADDR(a)));
    TRY(bind(s, ADDR(a)));
    TRY(bind(t, ADDR(a)));
    a = at(INADDR_ANY, 7002); TRY(bind(t, ADDR(a)));
    a = at(LO + 1, 7002); TRY(bind(t, ADDR(a)));
    say_name("name", getsockname, t);
    close(t);
    t = socket(AF_INET, SOCK_STREAM, 0);
    a = at(INADDR_ANY, 0); TRY(bind(t, ADDR(a)));
    say_name("name", getsockname, t);
    close(t);
    t = socket(AF_INET, SOCK_STREAM, 0);
    TRY(listen(t, 1));
    say_name("name of who listens", getsockname, t);
    say_poll("listens", t);
    close(t);
    int on = 1;
    t = socket(AF_INET, SOCK_STREAM, 0);
    a = at(LO, 7002);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), setsockopt(t, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    TRY(bind(t, ADDR(a)));
    TRY(listen(s, 1));
    TRY(listen(t, 1));
    close(t);
    t = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(t, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    TRY(bind(t, ADDR(a)));
    close(s), close(t);
    s = socket(AF_INET, SOCK_STREAM, 0), t = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), setsockopt(t, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    TRY(bind(s, ADDR(a))); TRY(listen(s, 1));
    TRY(bind(t, ADDR(a))); TRY(listen(t, 1));
    close(s), close(t);
    CHILD("not root", {
        setuid(1000);
        int u = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in low = at(LO, 80);
        TRY(bind(u, ADDR(low)));
        TRY(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
    });
}

static void connecting(void) {
    say("-- connect");
    int s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = at(LO, 7003), far = at(0x0a010203, 80), none = at(INADDR_ANY, 7003);
    TRY(connect(s, ADDR(a)));
    TRY(connect(s, ADDR(far)));
    TRY(connect(s, (struct sockaddr *)&a, 8));
    a.sin_family = AF_INET6; TRY(connect(s, ADDR(a))); a.sin_family = AF_INET;
    int l = listener(7003);
    TRY(connect(s, ADDR(none)));
    say_name("name", getsockname, s);
    say_name("peer", getpeername, s);
    TRY(connect(s, ADDR(a)));
    TRY(bind(s, ADDR(a)));
    TRY(listen(s, 1));
    say_poll("listener", l);
    TRY(send(s, "early", 5, 0));
    struct sockaddr_in from;
    socklen_t n = sizeof from;
    int c = accept4(l, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
    IS(ntohs(from.sin_port) == port_of(s) && ntohl(from.sin_addr.s_addr) == LO && n == 16);
    IS(fcntl(c, F_GETFL) == (O_RDWR | O_NONBLOCK));
    char b[100];
    TRY(recv(c, b, 100, 0));
    TRY(recv(c, b, 100, 0));
    TRY(accept4(l, NULL, NULL, 1));
    fcntl(l, F_SETFL, O_NONBLOCK);
    TRY(accept(l, NULL, NULL));
    close(s), close(c);
    // without waiting
    s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    TRY(connect(s, ADDR(a)));
    say_poll("connecting", s);
    say("error %d", option(s, SOL_SOCKET, SO_ERROR));
    TRY(connect(s, ADDR(a)));
    TRY(connect(s, ADDR(a)));
    struct sockaddr un = {.sa_family = AF_UNSPEC};
    TRY(connect(s, &un, sizeof un));
    say_name("peer", getpeername, s);
    say_name("name", getsockname, s);
    TRY(connect(s, ADDR(a)));
    close(s);
    close(l);
    s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    a = at(LO, 7004);
    TRY(connect(s, ADDR(a)));
    say_poll("refused", s);
    say("error %s", name_of(option(s, SOL_SOCKET, SO_ERROR)));
    say("error %d", option(s, SOL_SOCKET, SO_ERROR));
    say_poll("told", s);
    close(s);
    s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    TRY(connect(s, ADDR(a)));
    TRY(connect(s, ADDR(a)));
    TRY(connect(s, ADDR(a)));
    close(s);
}

static void streams(void) {
    say("-- bytes and ends");
    int p[2];
    char b[100];
    pair(p);
    struct tcp_info info;
    socklen_t n = sizeof info;
    getsockopt(p[0], IPPROTO_TCP, TCP_INFO, &info, &n);
    say("tcp_info: state %d", info.tcpi_state);
    TRY(send(p[0], "abc", 3, 0));
    TRY(send(p[0], "def", 3, MSG_MORE));
    send(p[0], "g", 1, 0);
    pause_ms(20);
    int count;
    TRY(ioctl(p[1], FIONREAD, &count)); say("%d bytes", count);
    TRY(recv(p[1], b, 100, MSG_PEEK));
    struct sockaddr_in from;
    n = sizeof from;
    TRY(recvfrom(p[1], b, 4, 0, (struct sockaddr *)&from, &n)); say("from length %d", (int)n);
    TRY(recv(p[1], b, 100, MSG_OOB));
    TRY(shutdown(p[0], SHUT_WR));
    say_poll("half closed, the one", p[0]);
    say_poll("half closed, the other", p[1]);
    getsockopt(p[0], IPPROTO_TCP, TCP_INFO, &info, &n);
    TRY(send(p[0], "x", 1, MSG_NOSIGNAL));
    TRY(recv(p[1], b, 100, 0));
    TRY(recv(p[1], b, 100, 0));
    TRY(send(p[1], "back", 4, 0));
    TRY(recv(p[0], b, 100, 0));
    TRY(shutdown(p[0], SHUT_WR));
    close(p[1]);
    pause_ms(20);
    say_poll("both closed", p[0]);
    TRY(recv(p[0], b, 100, 0));
    TRY(shutdown(p[0], SHUT_RD));
    say_name("peer", getpeername, p[0]);
    close(p[0]);
    // the other end has gone
    pair(p);
    close(p[1]);
    pause_ms(20);
    say_poll("peer closed", p[0]);
    TRY(send(p[0], "x", 1, MSG_NOSIGNAL));
    pause_ms(20);
    say_poll("and answered with a reset", p[0]);
    TRY(recv(p[0], b, 1, 0));
    TRY(send(p[0], "x", 1, MSG_NOSIGNAL));
    say_poll("told", p[0]);
    close(p[0]);
    // with something unread
    pair(p);
    send(p[0], "unread", 6, 0);
    send(p[1], "waits", 5, 0);
    pause_ms(20);
    close(p[1]);
    pause_ms(20);
    say_poll("reset", p[0]);
    TRY(recv(p[0], b, 3, 0));
    TRY(recv(p[0], b, 100, 0));
    TRY(recv(p[0], b, 100, 0));
    TRY(recv(p[0], b, 100, 0));
    TRY(send(p[0], "x", 1, MSG_NOSIGNAL));
    close(p[0]);
    // linger of 0
    pair(p);
    struct linger hard = {1, 0};
    setsockopt(p[1], SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(p[1]);
    pause_ms(20);
    TRY(send(p[0], "x", 1, MSG_NOSIGNAL));
    TRY(send(p[0], "x", 1, MSG_NOSIGNAL));
    close(p[0]);
    // much
    pair(p);
    pid_t child = fork();
    if (child == 0) {
        static char huge[3 << 20];
        for (size_t i = 0; i < sizeof huge; i++) huge[i] = (char)(i * 11 >> 4);
        close(p[1]);
        _exit(write(p[0], huge, sizeof huge) == sizeof huge ? 0 : 1);
    }
    close(p[0]);
    static char big[65536];
    long got = 0, r;
    int same = 1;
    while ((r = read(p[1], big, sizeof big)) > 0) {
        for (long i = 0; i < r; i++) same &= big[i] == (char)((got + i) * 11 >> 4);
        got += r;
    }
    say("%ld bytes, %s, then %ld", got, same ? "the same" : "different", r);
    say_status("writer", reap(child));
    close(p[1]);
    // a listener goes with a connection unaccepted
    int l = listener(7005), s = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = at(LO, 7005);
    TRY(connect(s, ADDR(a)));
    close(l);
    pause_ms(20);
    TRY(recv(s, b, 1, 0));
    close(s);
}

static void ports(void) {
    say("-- ports that wait");
    int p[2];
    pair(p);
    close(p[1]); // the server's side first: it waits for stragglers
    pause_ms(10);
    close(p[0]);
    pause_ms(10);
    int s = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in a = at(LO, 7001);
    TRY(bind(s, ADDR(a)));
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    TRY(bind(s, ADDR(a)));
    TRY(listen(s, 1));
    close(s);
}

static void options(void) {
    say("-- options");
    int s = socket(AF_INET, SOCK_STREAM, 0), v = 1;
    say("NODELAY %d", option(s, IPPROTO_TCP, TCP_NODELAY));
    TRY(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &v, sizeof v));
    say("NODELAY %d", option(s, IPPROTO_TCP, TCP_NODELAY));
    say("KEEPIDLE %d KEEPINTVL %d KEEPCNT %d", option(s, IPPROTO_TCP, TCP_KEEPIDLE), option(s, IPPROTO_TCP, TCP_KEEPINTVL), option(s, IPPROTO_TCP, TCP_KEEPCNT));
    v = 0; TRY(setsockopt(s, IPPROTO_TCP, TCP_KEEPIDLE, &v, sizeof v));
    v = 40000; TRY(setsockopt(s, IPPROTO_TCP, TCP_KEEPINTVL, &v, sizeof v));
    v = 1; TRY(setsockopt(s, IPPROTO_TCP, 999, &v, sizeof v));
    TRY(setsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &v, sizeof v));
    say("KEEPALIVE %d", option(s, SOL_SOCKET, SO_KEEPALIVE));
    say("TTL %d TOS %d", option(s, IPPROTO_IP, IP_TTL), option(s, IPPROTO_IP, IP_TOS));
    v = 256; TRY(setsockopt(s, IPPROTO_IP, IP_TTL, &v, sizeof v));
    v = 16; TRY(setsockopt(s, IPPROTO_IP, IP_TOS, &v, sizeof v));
    say("TOS %d", option(s, IPPROTO_IP, IP_TOS));
    TRY(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &v, sizeof v));
    TRY(setsockopt(s, IPPROTO_UDP, 1, &v, sizeof v));
    struct linger g;
    socklen_t n = sizeof g;
    getsockopt(s, SOL_SOCKET, SO_LINGER, &g, &n); say("linger %d %d", g.l_onoff, g.l_linger);
    say("MAXSEG %d", option(s, IPPROTO_TCP, TCP_MAXSEG));
    say("PASSCRED %s", name_of(-setsockopt(s, SOL_SOCKET, SO_PASSCRED, &v, sizeof v) * errno));
    char cc[16] = {0};
    n = sizeof cc;
    TRY(getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, cc, &n)); say("%s", cc);
    v = 300000; setsockopt(s, SOL_SOCKET, SO_RCVBUF, &v, sizeof v);
    say("RCVBUF %d", option(s, SOL_SOCKET, SO_RCVBUF));
    v = 1; setsockopt(s, SOL_SOCKET, SO_RCVBUF, &v, sizeof v);
    say("RCVBUF %d", option(s, SOL_SOCKET, SO_RCVBUF));
    struct ip_mreqn m = {.imr_multiaddr.s_addr = htonl(0xe0000001)};
    int u = socket(AF_INET, SOCK_DGRAM, 0);
    TRY(setsockopt(u, IPPROTO_IP, IP_ADD_MEMBERSHIP, &m, sizeof m));
    close(s), close(u);
}

static void datagrams(void) {
    say("-- UDP");
    int s = socket(AF_INET, SOCK_DGRAM, 0), c = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in a = at(LO, 7006), b = at(LO, 7007), f, zero = at(LO, 0), any = at(INADDR_ANY, 7006);
    char t[100];
    socklen_t n = sizeof f;
    TRY(bind(s, ADDR(a)));
    TRY(sendto(c, "one", 3, 0, ADDR(a)));
    TRY(sendto(c, "", 0, 0, ADDR(any)));
    TRY(sendto(c, "x", 1, 0, ADDR(zero)));
    TRY(ioctl(s, FIONREAD, &(int){0}));
    TRY(recvfrom(s, t, 2, MSG_PEEK | MSG_TRUNC, (struct sockaddr *)&f, &n));
    IS(ntohs(f.sin_port) == port_of(c) && ntohl(f.sin_addr.s_addr) == LO && n == 16);
    TRY(recv(s, t, 100, 0));
    TRY(recv(s, t, 100, MSG_DONTWAIT));
    TRY(recv(s, t, 100, MSG_DONTWAIT));
    static char big[66000];
    TRY(sendto(c, big, 65508, 0, ADDR(a)));
    TRY(sendto(c, big, 65507, 0, ADDR(a)));
    TRY(recv(s, big, sizeof big, MSG_DONTWAIT));
    // nobody there
    TRY(sendto(c, "x", 1, 0, ADDR(b)));
    say_poll("not told", c);
    TRY(connect(c, ADDR(b)));
    TRY(send(c, "x", 1, 0));
    pause_ms(10);
    say_poll("told", c);
    TRY(send(c, "x", 1, 0));
    TRY(send(c, "x", 1, 0));
    pause_ms(10);
    TRY(recv(c, t, 1, MSG_DONTWAIT));
    TRY(recv(c, t, 1, MSG_DONTWAIT));
    // connected: hears of nobody else
    TRY(connect(c, ADDR(a)));
    say_name("peer", getpeername, c);
    struct sockaddr_in me = at(LO, port_of(c));
    int o = socket(AF_INET, SOCK_DGRAM, 0);
    TRY(sendto(o, "other", 5, 0, ADDR(me)));
    TRY(recv(c, t, 100, MSG_DONTWAIT));
    TRY(sendto(s, "right", 5, 0, ADDR(me)));
    TRY(recv(c, t, 100, 0));
    TRY(sendto(c, "away", 4, 0, ADDR(me)));
    TRY(recv(c, t, 100, MSG_DONTWAIT));
    struct sockaddr un = {.sa_family = AF_UNSPEC};
    TRY(connect(c, &un, sizeof un));
    TRY(send(c, "x", 1, 0));
    struct sockaddr_in bc = at(INADDR_BROADCAST, 7006), far = at(0x0a010203, 7);
    TRY(sendto(c, "x", 1, 0, ADDR(bc)));
    TRY(sendto(c, "x", 1, 0, ADDR(far)));
    TRY(shutdown(o, SHUT_RD));
    say_poll("shut", o);
    // as much as fits, then nothing
    int small = 4096;
    setsockopt(s, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (int i = 0; i < 100; i++) sendto(c, big, 1000, 0, ADDR(a));
    int got = 0;
    while (recv(s, big, sizeof big, MSG_DONTWAIT) > 0) got++;
    IS(got > 1 && got < 20);
    // many at once
    struct iovec v[3] = {{"1", 1}, {"22", 2}, {"333", 3}};
    struct mmsghdr m[3] = {0};
    for (int i = 0; i < 3; i++) m[i].msg_hdr = (struct msghdr){.msg_name = &a, .msg_namelen = sizeof a, .msg_iov = &v[i], .msg_iovlen = 1};
    TRY(sendmmsg(c, m, 3, 0));
    char in[3][10];
    for (int i = 0; i < 3; i++) v[i] = (struct iovec){in[i], 10}, m[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = &v[i], .msg_iovlen = 1}};
    TRY(recvmmsg(s, m, 3, MSG_WAITFORONE, NULL));
    say("%d %d %d %.3s", m[0].msg_len, m[1].msg_len, m[2].msg_len, in[2]);
    // addresses
    int on = 1, x = socket(AF_INET, SOCK_DGRAM, 0);
    TRY(bind(x, ADDR(a)));
    setsockopt(x, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    TRY(bind(x, ADDR(a)));
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    TRY(bind(x, ADDR(a)));
    close(s), close(c), close(o), close(x);
}

static void six(void) {
    say("-- IPv6");
    int s = socket(AF_INET6, SOCK_STREAM, 0), c, on = 1;
    struct sockaddr_in6 any = at6("::", 7008), one = at6("::1", 7008), mapped = at6("::ffff:127.0.0.1", 7008);
    struct sockaddr_in four = at(LO, 7008), any4 = at(INADDR_ANY, 7008);
    say("V6ONLY %d", option(s, IPPROTO_IPV6, IPV6_V6ONLY));
    TRY(bind(s, ADDR(any)));
    say_name("name", getsockname, s);
    c = socket(AF_INET, SOCK_STREAM, 0);
    TRY(bind(c, ADDR(any4)));
    TRY(listen(s, 5));
    TRY(connect(c, ADDR(four)));
    int d = accept(s, NULL, NULL);
    say_name("accepted, name", getsockname, d);
    say_name("accepted, peer", getpeername, d);
    close(c), close(d);
    c = socket(AF_INET6, SOCK_STREAM, 0);
    TRY(connect(c, ADDR(four)));
    TRY(connect(c, ADDR(mapped)));
    say_name("peer", getpeername, c);
    close(c), close(accept(s, NULL, NULL));
    c = socket(AF_INET6, SOCK_STREAM, 0);
    TRY(connect(c, ADDR(one)));
    say_name("name", getsockname, c);
    close(c), close(s);
    s = socket(AF_INET6, SOCK_STREAM, 0);
    TRY(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
    one.sin6_port = any.sin6_port = htons(7009), any4.sin_port = four.sin_port = htons(7009);
    TRY(bind(s, ADDR(any)));
    TRY(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
    c = socket(AF_INET, SOCK_STREAM, 0);
    TRY(bind(c, ADDR(any4)));
    close(c);
    listen(s, 1);
    c = socket(AF_INET, SOCK_STREAM, 0);
    TRY(connect(c, ADDR(four)));
    close(c), close(s);
    s = socket(AF_INET6, SOCK_DGRAM, 0);
    TRY(sendto(s, "x", 1, 0, ADDR(four)));
    struct sockaddr_in6 doc = at6("2001:db8::1", 80);
    TRY(sendto(s, "x", 1, 0, ADDR(doc)));
    close(s);
}

static void interfaces(void) {
    say("-- interfaces");
    struct ifaddrs *all;
    TRY(getifaddrs(&all));
    for (struct ifaddrs *i = all; i; i = i->ifa_next) {
        if (strcmp(i->ifa_name, "lo") != 0) continue;
        char host[100] = "";
        if (i->ifa_addr->sa_family == AF_INET) inet_ntop(AF_INET, &((struct sockaddr_in *)i->ifa_addr)->sin_addr, host, 100);
        if (i->ifa_addr->sa_family == AF_INET6) inet_ntop(AF_INET6, &((struct sockaddr_in6 *)i->ifa_addr)->sin6_addr, host, 100);
        say("%s family %d flags %x %s", i->ifa_name, i->ifa_addr->sa_family, i->ifa_flags, host);
    }
    say("index %u", if_nametoindex("lo"));
    char name[IF_NAMESIZE];
    IS(strcmp(if_indextoname(1, name), "lo") == 0);
    TRY(if_nametoindex("nope") == 0 ? -1 : 0);
    struct if_nameindex *x = if_nameindex();
    say("first %d %s", x->if_index, x->if_name);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    struct ifreq r = {.ifr_name = "lo"};
    TRY(ioctl(s, SIOCGIFFLAGS, &r)); say("flags %x", r.ifr_flags);
    TRY(ioctl(s, SIOCGIFMTU, &r)); say("mtu %d", r.ifr_mtu);
    TRY(ioctl(s, SIOCGIFADDR, &r)); say("%s", inet_ntoa(((struct sockaddr_in *)&r.ifr_addr)->sin_addr));
    TRY(ioctl(s, SIOCGIFNETMASK, &r)); say("%s", inet_ntoa(((struct sockaddr_in *)&r.ifr_netmask)->sin_addr));
    TRY(ioctl(s, SIOCGIFHWADDR, &r)); say("type %d", r.ifr_hwaddr.sa_family);
    strcpy(r.ifr_name, "nope");
    TRY(ioctl(s, SIOCGIFFLAGS, &r));
    struct ifreq many[8];
    struct ifconf c = {.ifc_len = sizeof many, .ifc_req = many};
    TRY(ioctl(s, SIOCGIFCONF, &c)); IS(c.ifc_len >= 40 && strcmp(many[0].ifr_name, "lo") == 0);
    TRY(socket(AF_NETLINK, SOCK_RAW, 30));
    close(s);
}

static void edges(void) {
    say("-- epoll");
    int p[2], e = epoll_create1(0);
    char b[10];
    pair(p);
    struct epoll_event v = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET}, w;
    epoll_ctl(e, EPOLL_CTL_ADD, p[0], &v);
    TRY(epoll_wait(e, &w, 1, 0));
    write(p[1], "a", 1);
    TRY(epoll_wait(e, &w, 1, 1000)); say("events %x", w.events);
    TRY(epoll_wait(e, &w, 1, 0));
    write(p[1], "b", 1);
    TRY(epoll_wait(e, &w, 1, 1000)); say("events %x", w.events);
    TRY(read(p[0], b, 10));
    TRY(epoll_wait(e, &w, 1, 0));
    shutdown(p[1], SHUT_WR);
    TRY(epoll_wait(e, &w, 1, 1000)); say("events %x", w.events);
    TRY(epoll_wait(e, &w, 1, 0));
    close(p[0]), close(p[1]), close(e);
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    creating();
    binding();
    connecting();
    streams();
    ports();
    options();
    datagrams();
    six();
    interfaces();
    edges();
    return 0;
}
