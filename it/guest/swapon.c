/* swapon PATH PRIORITY: swapon(2), which busybox's swapon(8) calls without a priority. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>

int main(int count, char **arguments)
{
    if (count != 3)
        return 2;
    if (swapon(arguments[1], SWAP_FLAG_PREFER | atoi(arguments[2])) != 0) {
        printf("swapon: %s\n", strerror(errno));
        return 1;
    }
    return 0;
}
