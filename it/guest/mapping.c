// Address space calls: where mappings go, splitting, mprotect, mremap, brk, and their errors (man 2 mmap, mprotect,
// mremap, brk, madvise, mincore).
#include "check.h"
#include <setjmp.h>
#include <sys/resource.h>

#define PAGE 4096UL
static sigjmp_buf back;

static void note(int signal) {
    siglongjmp(back, signal);
}

static const char *can(volatile char *at, int write) {
    int r = sigsetjmp(back, 1);
    if (r) return r == SIGSEGV ? "SIGSEGV" : "SIGBUS";
    char value = *at;
    if (write) *at = value;
    return "ok";
}

static const char *result(void *at, void *wanted) {
    return at == MAP_FAILED ? name_of(errno) : at == wanted ? "there" : "elsewhere";
}

static char *anonymous(size_t pages) {
    return mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void row(const char *what, char *at, int pages) {
    char line[64] = "";
    for (int i = 0; i < pages; i++) strcat(line, strcmp(can(at + i * PAGE, 0), "ok") ? "-" : strcmp(can(at + i * PAGE, 1), "ok") ? "r" : "w");
    say("%s: %s", what, line);
}

int main(void) {
    handle(SIGSEGV, note, SA_NODEFER), handle(SIGBUS, note, SA_NODEFER);
    char *a = anonymous(8);
    IS((unsigned long)a % PAGE == 0);
    row("new", a, 8);
    TRY(mprotect(a + 2 * PAGE, 2 * PAGE, PROT_READ));
    TRY(mprotect(a + 5 * PAGE, 1, PROT_NONE));
    row("protected", a, 8);
    TRY(munmap(a + 6 * PAGE, PAGE));
    row("hole", a, 8);
    TRY(munmap(a + 6 * PAGE, PAGE));
    TRY(mprotect(a + 4 * PAGE, 4 * PAGE, PROT_READ));
    row("mprotect stops at a hole", a, 8);
    TRY(mprotect(a + 1, PAGE, PROT_READ));
    TRY(mprotect(a, 0, PROT_READ));
    TRY(mprotect(a, PAGE, 0x100));
    TRY(mprotect(a, (size_t)-1, PROT_READ));
    TRY(munmap(a + 1, PAGE));
    TRY(munmap(a, 0));
    TRY(munmap((void *)(1UL << 62), PAGE));
    TRY(munmap(a + 6 * PAGE, PAGE));
    mprotect(a, PAGE, PROT_WRITE);
    say("write only: read %s write %s", can(a, 0), can(a, 1));

    // Hints and fixed addresses.
    char *b = anonymous(4);
    munmap(b, 4 * PAGE);
    say("free hint: %s", result(mmap(b, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), b));
    say("taken hint: %s", result(mmap(b, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), b));
    say("MAP_FIXED: %s", result(mmap(b + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), b + PAGE));
    row("replaced", b, 4);
    say("MAP_FIXED_NOREPLACE: %s", result(mmap(b, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), b));
    munmap(b, PAGE);
    say("and when free: %s", result(mmap(b, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), b));
    say("odd: %s", result(mmap(b + 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), b));
    say("beyond user space: %s", result(mmap((void *)(1UL << 60), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), b));
    say("too long: %s", result(mmap(NULL, 1UL << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), b));
    say("longer: %s", result(mmap(NULL, (size_t)-1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), b));
    say("nothing: %s", result(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), b));
    say("reserved: %s", mmap(NULL, 1UL << 36, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED ? name_of(errno) : "ok");

    // mremap.
    char *c = anonymous(4);
    memset(c, 'c', 4 * PAGE);
    IS(mremap(c, 4 * PAGE, 2 * PAGE, 0) == c);
    row("shrunk", c, 4);
    IS(mremap(c, 2 * PAGE, 3 * PAGE, 0) == c);
    row("grown in place", c, 4);
    say("new page %d", c[2 * PAGE]);
    mmap(c + 3 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    say("no room: %s", result(mremap(c, 3 * PAGE, 16 * PAGE, 0), c));
    char *d = mremap(c, 3 * PAGE, 16 * PAGE, MREMAP_MAYMOVE);
    say("moved: %s, content %c, old %s", result(d, c), d[0], can(c, 0));
    char *e = anonymous(20);
    munmap(e, 20 * PAGE);
    say("fixed: %s", result(mremap(d, 16 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, e), e));
    say("content %c, old %s", e[0], can(d, 0));
    say("overlap: %s", result(mremap(e, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, e + PAGE), e));
    say("FIXED alone: %s", result(mremap(e, PAGE, PAGE, MREMAP_FIXED, d), e));
    say("odd: %s", result(mremap(e + 1, PAGE, PAGE, 0), e));
    say("to nothing: %s", result(mremap(e, PAGE, 0, 0), e));
    say("of a hole: %s", result(mremap(e + 10 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE), e));
    char *s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char *twin = mremap(s, 0, PAGE, MREMAP_MAYMOVE);
    s[3] = 't', say("twin of a shared mapping: %c", twin[3]);
    say("twin of a private mapping: %s", result(mremap(e, 0, PAGE, MREMAP_MAYMOVE), e));

    // brk.
    char *start = (char *)syscall(SYS_brk, 0), *top = start + 10000;
    IS((char *)syscall(SYS_brk, top) == top);
    say("below %s, last page %s", can(top - 1, 1), can((char *)(((unsigned long)top - 1) / PAGE * PAGE + PAGE - 1), 1));
    say("next page %s", can((char *)(((unsigned long)top + PAGE - 1) / PAGE * PAGE), 0));
    top[-1] = 'b';
    IS((char *)syscall(SYS_brk, start) == start);
    IS((char *)syscall(SYS_brk, top) == top);
    say("zeroed again: %d", top[-1]);
    IS((char *)syscall(SYS_brk, 8) == top);
    IS((char *)syscall(SYS_brk, 1UL << 60) == top);
    struct rlimit limit = {1 << 20, RLIM_INFINITY};
    setrlimit(RLIMIT_DATA, &limit);
    IS((char *)syscall(SYS_brk, top + (64 << 20)) == top);
    limit.rlim_cur = RLIM_INFINITY, setrlimit(RLIMIT_DATA, &limit);

    // Advice.
    char *f = anonymous(4);
    memset(f, 'f', 4 * PAGE);
    TRY(madvise(f + PAGE, PAGE, MADV_DONTNEED));
    say("dropped %d, kept %d", f[PAGE], f[0]);
    TRY(madvise(f, PAGE, MADV_WILLNEED));
    TRY(madvise(f, PAGE, 12345));
    TRY(madvise(f + 1, PAGE, MADV_DONTNEED));
    munmap(f + 2 * PAGE, PAGE);
    TRY(madvise(f, 4 * PAGE, MADV_DONTNEED));
    say("both sides of the hole dropped %d %d", f[0], f[3 * PAGE]);
    unsigned char present[4];
    char *g = anonymous(4);
    g[PAGE] = 1;
    TRY(mincore(g, 4 * PAGE, present));
    say("present %d%d%d%d", present[0] & 1, present[1] & 1, present[2] & 1, present[3] & 1);
    munmap(g + 3 * PAGE, PAGE);
    TRY(mincore(g, 4 * PAGE, present));
    TRY(mincore(g + 1, PAGE, present));
    TRY(mlock(g, PAGE));
    TRY(munlock(g, PAGE));

    // A parent's page and its child's are two from the first write on, whoever writes.
    g[0] = 1;
    int go[2], done[2];
    char byte;
    pipe(go), pipe(done);
    pid_t child = fork();
    if (child == 0) { read(go[0], &byte, 1); say("child sees %d", g[0]); g[0] = 3; write(done[1], "d", 1); _exit(0); }
    g[0] = 2;
    write(go[1], "g", 1), read(done[0], &byte, 1);
    say("parent sees %d", g[0]);
    reap(child);
    limit.rlim_cur = 64 << 20, setrlimit(RLIMIT_AS, &limit);
    say("RLIMIT_AS: %s", result(mmap(NULL, 128 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), b));
    return 0;
}
