// Which calls on sockets a handler interrupts for good and which go on with SA_RESTART (man 7 signal).
#include "restart.h"

int main(void) {
    char b[1];
    pipe(a), pipe(full), socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    handle(SIGUSR1, note, SA_RESTART);
    BOTH("recv", recv(pair[0], b, 1, 0));
    return 0;
}
