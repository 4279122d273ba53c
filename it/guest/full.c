/* Writes to a file until its disk is full, by write(2) or by a mapping, and says who says so: full write|map FILE. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SIZE (8 << 20)

static char block[65536];

static void say(const char *what, long result) {
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done");
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    int fd = open(argv[2], O_RDWR | O_CREAT, 0644);
    if (!strcmp(argv[1], "write")) {
        long n = sizeof block;
        for (int at = 0; n == sizeof block && at < SIZE; at += n) n = write(fd, block, sizeof block);
        if (n == sizeof block || n < 0) say("write", n);
        else say("write", write(fd, block, sizeof block)); /* the rest of one that was short */
    } else {
        say("ftruncate", ftruncate(fd, SIZE));
        char *memory = mmap(0, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        for (int at = 0; at < SIZE; at += 4096) memory[at] = 1;
        say("msync", msync(memory, SIZE, MS_SYNC));
        munmap(memory, SIZE);
    }
    say("fsync", fsync(fd));
    return 0;
}
