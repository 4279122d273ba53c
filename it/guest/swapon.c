/* swapon PATH PRIORITY: swapon(2), which busybox's swapon(8) calls without a priority.
   swapon PATH touch: what a file that is swapped to says to who would change it.
   swapon PATH alone: whether a disk can be opened for one alone (O_EXCL), then another time, and then by all. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

static int touch(const char *path)
{
    int fd = open(path, O_RDWR);
    loff_t from = 0, to = 4096;
    printf("fallocate: %s\n", fallocate(fd, 0, 0, 10) == 0 ? "done" : strerrorname_np(errno));
    printf("copy_file_range: %s\n", copy_file_range(fd, &from, fd, &to, 10, 0) >= 0 ? "done" : strerrorname_np(errno));
    return 0;
}

static int opened(const char *path, int flags)
{
    int fd = open(path, O_RDONLY | flags);
    printf("%s%s: %s\n", path, flags ? " alone" : "", fd >= 0 ? "open" : strerrorname_np(errno));
    return fd;
}

static int alone(const char *path)
{
    int first = opened(path, O_EXCL);
    close(opened(path, O_EXCL));
    close(opened(path, 0));
    close(first);
    close(opened(path, O_EXCL));
    return 0;
}

int main(int count, char **arguments)
{
    if (count != 3)
        return 2;
    if (strcmp(arguments[2], "touch") == 0)
        return touch(arguments[1]);
    if (strcmp(arguments[2], "alone") == 0)
        return alone(arguments[1]);
    if (swapon(arguments[1], SWAP_FLAG_PREFER | atoi(arguments[2])) != 0) {
        printf("swapon: %s\n", strerror(errno));
        return 1;
    }
    return 0;
}
