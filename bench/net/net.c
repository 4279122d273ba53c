/*
 * TCP between two programs, wherever they are.
 * "net serve PORT": serves one connection after the other.
 * "net ask HOST PORT bytes|turns SECONDS": bytes a second in one direction, in writes of 64 KiB, which the other side has
 * counted; or turns a second of one byte there and back. Prints the figure; 1 when a byte is lost.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char block[1 << 16];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static struct sockaddr_in at(const char *host, const char *port) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    inet_pton(AF_INET, host, &a.sin_addr);
    return a;
}

static void quick(int s) {
    int on = 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void answer(int s) {
    char kind;
    long k, got = 0;
    quick(s);
    if (read(s, &kind, 1) != 1) return;
    while ((k = read(s, block, sizeof block)) > 0) {
        got += k;
        if (kind == 't' && write(s, block, k) != k) return;
    }
    if (kind == 'b' && write(s, &got, sizeof got) != sizeof got) return;
}

static int serve(const char *port) {
    struct sockaddr_in any = at("0.0.0.0", port);
    int on = 1, l = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(l, (void *)&any, sizeof any) || listen(l, 5)) return perror("serve"), 1;
    printf("ready\n"), fflush(stdout);
    for (;;) {
        int s = accept(l, 0, 0);
        if (s < 0) return perror("accept"), 1;
        answer(s), close(s);
    }
}

static int bytes(int s, double seconds) {
    double start = now();
    long sent = 0, counted = 0;
    while (now() - start < seconds) {
        long k = write(s, block, sizeof block);
        if (k < 0) return perror("write"), 1;
        sent += k;
    }
    shutdown(s, SHUT_WR);
    for (long k, done = 0; done < 8; done += k)
        if ((k = read(s, (char *)&counted + done, 8 - done)) <= 0) return perror("read"), 1;
    if (counted != sent) return fprintf(stderr, "%ld bytes sent, %ld counted\n", sent, counted), 1;
    printf("%.0f\n", sent / (now() - start));
    return 0;
}

static int turns(int s, double seconds) {
    double start = now();
    long n = 0;
    for (char c = 'x'; now() - start < seconds; n++)
        if (write(s, &c, 1) != 1 || read(s, &c, 1) != 1) return perror("turn"), 1;
    printf("%.1f\n", n / (now() - start));
    return 0;
}

static int ask(char **argv) {
    struct sockaddr_in to = at(argv[0], argv[1]);
    int s = -1;
    for (int i = 0;; i++) { // a kernel may still be on its way to a switch
        s = socket(AF_INET, SOCK_STREAM, 0);
        if (!connect(s, (void *)&to, sizeof to)) break;
        if (i == 100) return perror("connect"), 1;
        close(s), usleep(20000);
    }
    quick(s);
    if (write(s, argv[2], 1) != 1) return perror("write"), 1;
    return *argv[2] == 'b' ? bytes(s, atof(argv[3])) : turns(s, atof(argv[3]));
}

int main(int argc, char **argv) {
    if (argc == 3 && !strcmp(argv[1], "serve")) return serve(argv[2]);
    return argc == 6 ? ask(argv + 2) : 2;
}
