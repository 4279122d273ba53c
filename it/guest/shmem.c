/* Memory that lies in no file of a disk, more of it than there is memory: a file of tmpfs, shared mappings. Checks it. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/falloc.h>

#define PAGE 4096
#define NAME "/mnt/large"

static size_t pages;

static uint64_t word(uint64_t seed, size_t page, int i) {
    uint64_t x = (page * 512 + i + 1) * 0x9E3779B97F4A7C15ull ^ seed;
    return x ^ x >> 29;
}

static void fill(uint64_t *at, uint64_t seed, size_t page) {
    for (int i = 0; i < 512; i += 37) at[i] = word(seed, page, i);
}

static int differs(const uint64_t *at, uint64_t seed, size_t page) {
    int wrong = 0;
    for (int i = 0; i < 512; i += 37) wrong += at[i] != word(seed, page, i);
    return wrong;
}

static void say(const char *what, int wrong) {
    printf("%s: %s\n", what, wrong ? "damaged" : "as written");
    fflush(stdout);
    if (wrong) exit(1);
}

static int ended(pid_t child) {
    int status;
    return waitpid(child, &status, 0) != child || status;
}

static long freeSwap(void) {
    struct sysinfo info;
    sysinfo(&info);
    return info.freeswap * info.mem_unit / PAGE;
}

static int checkFile(int fd, uint64_t seed) {
    static uint64_t page[512];
    int wrong = 0;
    for (size_t p = 0; p < pages; p++) {
        wrong += pread(fd, page, PAGE, p * PAGE) != PAGE;
        wrong += differs(page, seed, p);
    }
    return wrong;
}

/* write(2), read(2), and who else has it open or mapped */
static void file(void) {
    static uint64_t page[512];
    int wrong = mount("tmpfs", "/mnt", "tmpfs", 0, "size=64m");
    struct statfs before, after;
    statfs("/mnt", &before);
    int fd = open(NAME, O_RDWR | O_CREAT, 0644);
    for (size_t p = 0; p < pages; p++) {
        fill(page, 1, p);
        wrong += write(fd, page, PAGE) != PAGE;
    }
    say("file", wrong + checkFile(fd, 1));
    struct stat stat;
    fstat(fd, &stat);
    statfs("/mnt", &after);
    say("its blocks", stat.st_blocks != (long)pages * 8 || before.f_bfree - after.f_bfree != pages);
    uint64_t *private = mmap(0, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    for (size_t p = 0; p < pages; p += 3) fill(private + p * 512, 2, p);
    for (size_t p = 0; p < pages; p++) wrong += differs(private + p * 512, p % 3 ? 1 : 2, p);
    munmap(private, pages * PAGE);
    say("private mapping of it", wrong);
    pid_t child = fork();
    if (!child) {
        uint64_t *shared = mmap(0, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        for (size_t p = 0; p < pages; p++) {
            wrong += differs(shared + p * 512, 1, p);
            fill(shared + p * 512, 3, p);
        }
        _exit((wrong + msync(shared, pages * PAGE, MS_SYNC)) != 0);
    }
    wrong += ended(child);
    say("shared mapping of it", wrong + checkFile(fd, 3));
    long swap = freeSwap();
    wrong += ftruncate(fd, 100) + ftruncate(fd, pages * PAGE);
    wrong += pread(fd, page, PAGE, (pages - 1) * PAGE) != PAGE || page[0];
    wrong += pread(fd, page, PAGE, 0) != PAGE || page[0] != word(3, 0, 0) || page[37];
    say("cut off", wrong || freeSwap() <= swap);
    close(fd);
    unlink(NAME);
    umount("/mnt");
}

/* what children wrote that are no more */
static int byChildren(uint64_t *memory, uint64_t seed) {
    pid_t child[2];
    for (int i = 0; i < 2; i++) {
        if (!(child[i] = fork())) {
            for (size_t p = i; p < pages; p += 2) fill(memory + p * 512, seed, p);
            _exit(0);
        }
    }
    int wrong = ended(child[0]) + ended(child[1]);
    for (size_t n = 0, p = 0; n < pages; n++, p = (p + 7919) % pages) wrong += differs(memory + p * 512, seed, p);
    return wrong;
}

static int inMemory(void *memory) {
    unsigned char *there = malloc(pages);
    mincore(memory, pages * PAGE, there);
    int sum = 0;
    for (size_t p = 0; p < pages; p++) sum += there[p] & 1;
    free(there);
    return sum;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    pages = atol(argv[1]) * 256;
    long before = freeSwap();
    file();
    uint64_t *memory = mmap(0, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    say("shared memory", byChildren(memory, 4));
    int there = inMemory(memory);
    say("some of it in memory", there == 0 || there == (int)pages);
    int wrong = madvise(memory, pages / 2 * PAGE, MADV_REMOVE);
    for (size_t p = 0; p < pages; p++) wrong += p < pages / 2 ? memory[p * 512] != 0 : differs(memory + p * 512, 4, p);
    say("a hole in it", wrong);
    munmap(memory, pages * PAGE);
    int id = shmget(IPC_PRIVATE, pages * PAGE, 0600);
    memory = shmat(id, 0, 0);
    shmctl(id, IPC_RMID, 0);
    say("segment", byChildren(memory, 5));
    shmdt(memory);
    say("swap space", freeSwap() < before - 1024); /* what this program itself has there may stay */
    return 0;
}
