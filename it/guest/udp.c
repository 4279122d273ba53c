/* "udp ADDRESS PORT N": sends N numbered messages to who sends them back, and counts what comes within a while. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static int take(int s, int *got, int wait) {
    char back[64];
    struct pollfd ready = {s, POLLIN, 0};
    while (poll(&ready, 1, wait) > 0)
        if (recv(s, back, sizeof back, 0) > 0) ++*got;
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    inet_pton(AF_INET, argv[1], &to.sin_addr);
    int s = socket(AF_INET, SOCK_DGRAM, 0), got = 0;
    if (connect(s, (void *)&to, sizeof to)) return 3;
    for (int i = 0; i < atoi(argv[3]); i++) {
        if (send(s, &i, sizeof i, 0) != sizeof i) perror("send");
        take(s, &got, 0);
    }
    take(s, &got, 1000);
    printf("got %d\n", got);
    return 0;
}
