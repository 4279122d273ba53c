// sum FILE: maps a file and adds up its bytes, so that each page of it is a fault.
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

int main(int argc, char **argv) {
    struct stat st;
    int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    if (fd < 0 || fstat(fd, &st) != 0) {
        perror("sum");
        return 2;
    }
    const unsigned char *bytes = mmap(0, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) {
        perror("sum");
        return 2;
    }
    unsigned long sum = 0;
    for (off_t i = 0; i < st.st_size; i++) sum += bytes[i];
    printf("%lu\n", sum);
    return 0;
}
