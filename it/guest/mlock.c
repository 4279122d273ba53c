// Memory that stays where it is (man 2 mlock), and what may be done with it meanwhile.
#include "check.h"
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>

#define KB 1024L
#define PAGE 4096L

static char *map(long bytes, int protection, int flags) {
    return mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

// What /proc/self/status says is locked, in kilobytes.
static long locked(void) {
    char line[256];
    long kb = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, status)) sscanf(line, "VmLck: %ld", &kb);
    fclose(status);
    return kb;
}

// Pages of a range that are in memory.
static int present(char *at, long bytes) {
    unsigned char pages[64];
    int sum = 0;
    if (mincore(at, bytes, pages)) return -1;
    for (long i = 0; i < bytes / PAGE; i++) sum += pages[i] & 1;
    return sum;
}

static void limit(long bytes) { setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){bytes, bytes}); }

static void ranges(void) {
    char *p = map(16 * PAGE, PROT_READ | PROT_WRITE, 0);
    say("before: %ld kB, %d pages", locked(), present(p, 16 * PAGE));
    TRY(mlock(p + PAGE + 100, 2 * PAGE));
    say("a part: %ld kB, %d pages", locked(), present(p, 16 * PAGE));
    TRY(mlock(p, 4 * PAGE));
    say("more: %ld kB, %d pages", locked(), present(p, 16 * PAGE));
    TRY(syscall(SYS_mlock2, p + 8 * PAGE, 4 * PAGE, MLOCK_ONFAULT));
    say("on fault: %ld kB, %d pages", locked(), present(p, 16 * PAGE));
    TRY(syscall(SYS_mlock2, p, PAGE, 2));
    TRY(munlock(p + PAGE, PAGE));
    say("a hole: %ld kB, %d pages", locked(), present(p, 16 * PAGE));
    TRY(munlock(p, 16 * PAGE));
    say("none: %ld kB", locked());
    TRY(mlock(p, 0));
    TRY(mlock(p, -1));
    TRY(munlock(p, -1));
    munmap(p + 4 * PAGE, PAGE);
    TRY(mlock(p + 2 * PAGE, 5 * PAGE));
    say("up to the gap: %ld kB", locked());
    TRY(munlock(p + 2 * PAGE, 5 * PAGE));
    munmap(p, 16 * PAGE);
    char *none = map(2 * PAGE, PROT_NONE, 0);
    TRY(mlock(none, 2 * PAGE));
    say("what cannot be touched: %ld kB", locked());
    munmap(none, 2 * PAGE);
    say("unmapped: %ld kB", locked());
    TRY(mlock((void *)(1L << 50), PAGE));
}

static void uses(void) {
    char *p = map(8 * PAGE, PROT_READ | PROT_WRITE, MAP_LOCKED);
    say("MAP_LOCKED: %ld kB, %d pages", locked(), present(p, 8 * PAGE));
    TRY(madvise(p, PAGE, MADV_DONTNEED));
    TRY(madvise(p, PAGE, MADV_FREE));
    TRY(madvise(p, PAGE, MADV_COLD));
    TRY(madvise(p, PAGE, MADV_PAGEOUT));
    TRY(madvise(p, PAGE, MADV_REMOVE));
    TRY(madvise(p, PAGE, 24)); // MADV_DONTNEED_LOCKED
    TRY(madvise(p, PAGE, MADV_WILLNEED));
    TRY(msync(p, PAGE, MS_INVALIDATE));
    TRY(msync(p, 8 * PAGE, MS_ASYNC | MS_INVALIDATE));
    TRY(msync(p, PAGE, MS_ASYNC));
    TRY(mprotect(p, PAGE, PROT_READ));
    say("still: %ld kB", locked());
    char *q = mremap(p + PAGE, 7 * PAGE, 12 * PAGE, MREMAP_MAYMOVE);
    say("larger: %ld kB, %d pages", locked(), present(q, 12 * PAGE));
    CHILD("child", { say("its own: %ld kB", locked()); });
    munmap(q, 12 * PAGE);
    munmap(p, PAGE);
    say("at the end: %ld kB", locked());
}

static void limits(void) {
    setuid(1000);
    char *p = map(64 * KB, PROT_READ | PROT_WRITE, 0);
    limit(32 * KB);
    TRY(mlock(p, 36 * KB));
    TRY(mlock(p, 16 * KB));
    TRY(mlock(p, 32 * KB));
    TRY(mlock(p + 32 * KB, PAGE));
    TRY(mlock(p + 8 * KB, PAGE));
    say("%ld kB", locked());
    say("MAP_LOCKED: %s", map(PAGE, PROT_READ, MAP_LOCKED) == MAP_FAILED ? name_of(errno) : "mapped");
    TRY(mremap(p, 32 * KB, 36 * KB, MREMAP_MAYMOVE));
    TRY(munlock(p, 16 * KB));
    char *q = mremap(p + 16 * KB, 16 * KB, 20 * KB, MREMAP_MAYMOVE);
    say("mremap: %s, %ld kB", q == MAP_FAILED ? name_of(errno) : "larger", locked());
    TRY(mlockall(MCL_CURRENT));
    TRY(munlockall());
    say("%ld kB", locked());
    TRY(mlockall(MCL_FUTURE));
    q = map(PAGE, PROT_READ | PROT_WRITE, 0);
    say("later: %s, %ld kB, %d pages", q == MAP_FAILED ? name_of(errno) : "mapped", locked(), present(q, PAGE));
    say("too much: %s", map(36 * KB, PROT_READ, 0) == MAP_FAILED ? name_of(errno) : "mapped");
    char *before = sbrk(0);
    say("brk: %s", sbrk(64 * KB) == (void *)-1 ? name_of(errno) : "moved");
    say("it stays: %d", sbrk(0) == (void *)before);
    TRY(munlockall());
    limit(0);
    TRY(mlock(p, PAGE));
    TRY(mlock(p, 0));
    TRY(mlockall(MCL_CURRENT));
    TRY(munlock(p, PAGE));
    say("MAP_LOCKED: %s", map(PAGE, PROT_READ, MAP_LOCKED) == MAP_FAILED ? name_of(errno) : "mapped");
}

static void all(void) {
    TRY(mlockall(0));
    TRY(mlockall(8));
    TRY(mlockall(MCL_ONFAULT));
    TRY(mlockall(MCL_CURRENT));
    say("all: %d", locked() > 0);
    char *p = map(2 * PAGE, PROT_READ | PROT_WRITE, 0);
    long now = locked();
    TRY(mlockall(MCL_FUTURE | MCL_ONFAULT));
    char *q = map(2 * PAGE, PROT_READ | PROT_WRITE, MAP_FIXED_NOREPLACE * 0);
    say("what comes: %ld kB more, %d pages", locked() - now, present(q, 2 * PAGE));
    *q = 1;
    say("touched: %d pages", present(q, 2 * PAGE));
    CHILD("child", {
        say("its own: %ld kB", locked());
        map(PAGE, PROT_READ, 0);
        say("then: %ld kB", locked());
    });
    TRY(munlockall());
    say("none: %ld kB", locked());
    munmap(p, 2 * PAGE);
}

int main(void) {
    CHILD("ranges", ranges());
    CHILD("uses", uses());
    CHILD("limits", limits());
    CHILD("all", all());
    return 0;
}
