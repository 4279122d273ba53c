/* Talks to its like in another kernel: "serve N" or "ask ADDRESS N", TCP and UDP on port 7000. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct sockaddr_in at(const char *host) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(7000)};
    inet_pton(AF_INET, host, &a.sin_addr);
    return a;
}

static unsigned char byte(long i) { return i * 2654435761u >> 13; }

static int serve(long n) {
    struct sockaddr_in any = at("0.0.0.0"), from;
    socklen_t length = sizeof from;
    int u = socket(AF_INET, SOCK_DGRAM, 0), l = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(u, (void *)&any, sizeof any) || bind(l, (void *)&any, sizeof any) || listen(l, 5)) return 2;
    printf("ready\n"), fflush(stdout);
    int c = accept(l, 0, 0);
    static unsigned char b[1 << 16];
    long got = 0, k;
    while ((k = read(c, b, sizeof b)) > 0)
        for (long i = 0; i < k; i++) if (b[i] != byte(got++)) return printf("byte %ld is wrong\n", got), 1;
    for (long sent = 0; sent < n;) {
        long m = n - sent < (long)sizeof b ? n - sent : (long)sizeof b;
        for (long i = 0; i < m; i++) b[i] = byte(sent + i);
        sent += write(c, b, m);
    }
    close(c);
    printf("got %ld bytes\n", got);
    // an answer may be lost: who has none asks again
    k = recvfrom(u, b, sizeof b, 0, (void *)&from, &length);
    struct timeval patience = {1, 0};
    setsockopt(u, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    do sendto(u, b, k, 0, (void *)&from, length);
    while ((k = recvfrom(u, b, sizeof b, 0, (void *)&from, &length)) > 0);
    return 0;
}

static int ask(const char *host, long n) {
    struct sockaddr_in to = at(host);
    static unsigned char b[1 << 16];
    int s = -1;
    for (int i = 0; i < 200; i++) {
        s = socket(AF_INET, SOCK_STREAM, 0);
        if (!connect(s, (void *)&to, sizeof to)) break;
        if (i == 199) return perror("connect"), 1;
        close(s), usleep(50000);
    }
    for (long sent = 0; sent < n;) {
        long m = n - sent < (long)sizeof b ? n - sent : (long)sizeof b;
        for (long i = 0; i < m; i++) b[i] = byte(sent + i);
        sent += write(s, b, m);
    }
    shutdown(s, SHUT_WR);
    long got = 0, k;
    while ((k = read(s, b, sizeof b)) > 0)
        for (long i = 0; i < k; i++) if (b[i] != byte(got++)) return printf("byte %ld is wrong\n", got), 1;
    printf("got %ld bytes\n", got);
    int u = socket(AF_INET, SOCK_DGRAM, 0);
    struct timeval patience = {0, 300000};
    setsockopt(u, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connect(u, (void *)&to, sizeof to);
    for (int i = 0; i < 50; i++) {
        send(u, "ping", 4, 0);
        if ((k = recv(u, b, sizeof b, 0)) > 0) return printf("%.*s\n", (int)k, b), 0;
    }
    return printf("no answer\n"), 1;
}

int main(int argc, char **argv) {
    if (argc == 3 && !strcmp(argv[1], "serve")) return serve(atol(argv[2]));
    return argc == 4 ? ask(argv[2], atol(argv[3])) : 2;
}
