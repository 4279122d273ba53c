// Mappings of files: private and shared, beyond the end, written back, coherent with read and write (man 2 mmap).
#include "check.h"
#include <setjmp.h>

static sigjmp_buf back;

static void note(int signal, siginfo_t *info, void *context) {
    (void)context;
    siglongjmp(back, signal * 1000 + info->si_code);
}

// Touches AT, and says which signal came.
static void touch(const char *text, volatile char *at, int write) {
    int r = sigsetjmp(back, 1);
    if (r) { say("%s: SIG%s code %d", text, sigabbrev_np(r / 1000), r % 1000); return; }
    if (write) *at = 'w';
    int value = *at;
    say("%s: %d", text, value);
}

static char *map(int fd, size_t len, int prot, int flags) {
    char *at = mmap(NULL, len, prot, flags, fd, 0);
    if (at == MAP_FAILED) say("mmap: %s", name_of(errno));
    return at;
}

int main(void) {
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    action.sa_sigaction = note;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    char b[64] = {0};
    int fd = file_with("f", "hello, pages");

    // Private: sees the file until it is written to, and never changes the file.
    char *private = map(fd, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    say("private %.5s, behind the end %d", private, private[20]);
    pwrite(fd, "H", 1, 0);
    say("not copied yet: %.5s", private);
    private[1] = 'E';
    pwrite(fd, "XYZ", 3, 0);
    say("copied: %.5s", private);
    pread(fd, b, 12, 0), say("file: %s", b);

    // Shared: both ways, and between processes.
    char *shared = map(fd, 8192, PROT_READ | PROT_WRITE, MAP_SHARED);
    shared[0] = 'S';
    pread(fd, b, 12, 0), say("file: %s", b);
    pwrite(fd, "T", 1, 1), say("shared: %.12s", shared);
    CHILD("a child writes", shared[2] = 'C');
    pread(fd, b, 12, 0), say("file: %s", b);
    int again = open("f", O_RDONLY);
    char *readonly = map(again, 4096, PROT_READ, MAP_SHARED);
    shared[3] = 'R', say("another mapping: %.12s", readonly);
    shared[4000] = 'z';
    struct stat st;
    fstat(fd, &st), say("size %ld", (long)st.st_size);
    TRY(pread(fd, b, 12, 4000));
    TRY(msync(shared, 8192, MS_SYNC));
    TRY(msync(shared, 4096, MS_SYNC));
    TRY(msync(shared + 1, 4096, MS_SYNC));
    TRY(msync(shared, 4096, MS_SYNC | MS_ASYNC));

    // Beyond the last page of the file: SIGBUS, until the file grows.
    touch("second page", shared + 4096, 0);
    touch("second page, write", shared + 5000, 1);
    ftruncate(fd, 4100);
    touch("after growth", shared + 5000, 1);
    touch("first page's rest", shared + 4000, 0);
    pwrite(fd, "P", 1, 4097), touch("written by pwrite", shared + 4097, 0);
    ftruncate(fd, 10);
    touch("after truncation", shared + 4096, 0);
    touch("rest is cleared", shared + 11, 0);
    ftruncate(fd, 8192);
    touch("grown again: zeros", shared + 4097, 0);
    touch("grown again: zeros", shared + 10, 0);
    ftruncate(fd, 0);
    touch("private copy stays? no: beyond the end", private, 0);

    // Rights.
    TRY(map(again, 4096, PROT_READ | PROT_WRITE, MAP_SHARED) == MAP_FAILED);
    OK(map(again, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE));
    int writeonly = open("f", O_WRONLY);
    map(writeonly, 4096, PROT_READ, MAP_PRIVATE);
    map(writeonly, 4096, PROT_WRITE, MAP_SHARED);
    TRY(mprotect(readonly, 4096, PROT_READ | PROT_WRITE));
    TRY(mprotect(readonly, 4096, PROT_READ | PROT_EXEC));
    map(99, 4096, PROT_READ, MAP_PRIVATE);
    map(fd, 0, PROT_READ, MAP_PRIVATE);
    map(fd, 4096, PROT_READ, 0);
    map(fd, 4096, PROT_READ, MAP_PRIVATE | MAP_SHARED | MAP_ANONYMOUS);
    say("offset: %s", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 100) == MAP_FAILED ? name_of(errno) : "ok");
    int dir = open(".", O_RDONLY);
    map(dir, 4096, PROT_READ, MAP_PRIVATE);
    int pair[2];
    pipe(pair);
    map(pair[0], 4096, PROT_READ, MAP_PRIVATE);
    int zero = open("/dev/zero", O_RDWR);
    char *zeros = map(zero, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE);
    zeros[5] = 1, say("/dev/zero: %d %d", zeros[4], zeros[5]);

    // A mapping outlives its descriptor and its name.
    fd = file_with("g", "still here");
    char *kept = map(fd, 4096, PROT_READ | PROT_WRITE, MAP_SHARED);
    close(fd), unlink("g");
    kept[0] = 'S', say("kept: %s", kept);

    // The second page of a file, at an offset.
    fd = file_with("h", "");
    for (int i = 0; i < 4; i++) pwrite(fd, (char[]){(char)('0' + i)}, 1, i * 4096L);
    char *third = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 8192);
    touch("third page", third, 0);
    TRY(write(fd, third, 1));
    char *gone = map(fd, 16384, PROT_READ, MAP_SHARED);
    ftruncate(fd, 100);
    TRY(write(zero, gone + 8192, 1));
    TRY(write(pair[1], gone + 8192, 1));
    TRY(read(zero, gone, 1));

    // Shared anonymous memory is the parent's and the child's.
    int *counter = (int *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int *own = (int *)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    *own = 1;
    CHILD("writes both", (*counter = 5, *own = 5));
    say("shared %d private %d", *counter, *own);
    int memory = (int)OK(syscall(SYS_memfd_create, "m", 0));
    ftruncate(memory, 4096);
    char *m = map(memory, 4096, PROT_READ | PROT_WRITE, MAP_SHARED);
    m[7] = 'm', pread(memory, b, 1, 7), say("memfd: %c", b[0]);
    return 0;
}
