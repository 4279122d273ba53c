/* Uses more memory than there is, from several threads and processes, and checks every word of it; or a file, mapped. */
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t pages;
static uint64_t *memory;
static int bad;

static uint64_t word(uint64_t seed, size_t page, int i) {
    uint64_t x = (page * 512 + i + 1) * 0x9E3779B97F4A7C15ull ^ seed;
    return x ^ x >> 29;
}

static void *half(void *which) {
    size_t from = (size_t)which * pages / 2, to = from + pages / 2;
    for (uint64_t round = 1; round <= 3; round++) {
        for (size_t p = from; p < to; p++) {
            uint64_t *at = memory + p * 512;
            for (int i = 0; i < 512; i += 37) {
                if (round > 1 && at[i] != word(round - 1, p, i)) __atomic_fetch_add(&bad, 1, __ATOMIC_RELAXED);
                at[i] = word(round, p, i);
            }
        }
    }
    return 0;
}

static int check(uint64_t round) {
    int wrong = 0;
    for (size_t n = 0, p = 0; n < pages; n++, p = (p + 7919) % pages)
        for (int i = 0; i < 512; i += 37) wrong += memory[p * 512 + i] != word(round, p, i);
    return wrong;
}

/* Pages that are locked: none may leave. */
#define KEPT 128
static unsigned char *kept;

static int gone(void) {
    unsigned char present[KEPT];
    int count = mincore(kept, KEPT * 4096, present);
    for (int i = 0; i < KEPT; i++) count += !(present[i] & 1);
    return count;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    kept = mmap(0, KEPT * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mlock(kept, KEPT * 4096)) { perror("mlock"); return 2; }
    pages = atol(argv[1]) * 256 & ~1ul;
    int fd = argc > 2 ? open(argv[2], O_RDWR | O_CREAT, 0644) : -1;
    if (fd >= 0 && ftruncate(fd, pages * 4096)) { perror("ftruncate"); return 2; }
    memory = mmap(0, pages * 4096, PROT_READ | PROT_WRITE, fd >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, fd, 0);
    if (memory == MAP_FAILED) { perror("mmap"); return 2; }
    pthread_t other;
    pthread_create(&other, 0, half, (void *)1);
    half(0);
    pthread_join(other, 0);
    printf("%s\n", bad ? "threads: damaged" : "threads: as written");
    int wrong = check(3);
    printf("%s\n", wrong ? "memory: damaged" : "memory: as written");
    fflush(stdout);
    printf("locked: %d pages gone\n", gone());
    if (fd >= 0) return bad || wrong || gone();
    pid_t child = fork();
    if (!child) {
        size_t some = pages / 8;
        for (size_t p = 0; p < some; p++) memory[p * 512] = p;
        for (size_t p = 0; p < some; p++) wrong += memory[p * 512] != p;
        _exit(wrong != 0);
    }
    int status;
    waitpid(child, &status, 0);
    wrong += check(3);
    printf("%s\n", wrong || status ? "after fork: damaged" : "after fork: as written");
    char *copy = malloc(1 << 20);
    int pipes[2];
    pipe(pipes);
    if (!fork()) {
        for (size_t at = 0; at < pages * 4096; at += 65536) write(pipes[1], (char *)memory + at, 65536);
        _exit(0);
    }
    close(pipes[1]);
    size_t at = 0; long n;
    while ((n = read(pipes[0], copy, 65536)) > 0) { wrong += memcmp(copy, (char *)memory + at, n) != 0; at += n; }
    wrong += at < pages * 4096 - 65536;
    printf("%s\n", wrong ? "through a pipe: damaged" : "through a pipe: as written");
    return wrong || gone();
}
