// Regular files: offsets, holes, truncation, positions of reads and writes (man 2 lseek, pread, ftruncate, fallocate...).
#include "check.h"
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

static char b[65536];

static void size_of(int fd) {
    struct stat st;
    fstat(fd, &st);
    say("size %ld", (long)st.st_size);
}

int main(void) {
    int fd = file_with("f", "0123456789");
    TRY(lseek(fd, -1, SEEK_SET));
    TRY(lseek(fd, -3, SEEK_END));
    TRY(lseek(fd, -8, SEEK_CUR));
    TRY(lseek(fd, 0, 77));
    TRY(lseek(fd, 1L << 62, SEEK_SET));
    TRY(lseek(fd, INT64_MAX, SEEK_SET));
    TRY(lseek(fd, 100, SEEK_SET));
    TRY(read(fd, b, 10));
    size_of(fd);
    TRY(write(fd, "x", 1));
    size_of(fd);
    TRY(pread(fd, b, 200, 5));
    say("hole %d, after %c", b[50], b[95]);
    TRY(pread(fd, b, 10, -1));
    TRY(pread(fd, b, 10, 1000));
    TRY(pwrite(fd, "yy", 2, 9));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(read(fd, b, -1));
    TRY(read(fd, NULL, 0));
    TRY(syscall(SYS_read, fd, (void *)8, 10));
    lseek(fd, 0, SEEK_SET);
    TRY(syscall(SYS_read, fd, (void *)8, 10));
    TRY(syscall(SYS_write, fd, (void *)8, 10));
    TRY(lseek(fd, 0, SEEK_CUR));
    char *edge = (char *)mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + 4096;
    munmap(edge, 4096);
    TRY(syscall(SYS_read, fd, edge - 4, 10));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(syscall(SYS_pread64, fd, edge, 10, 0));

    TRY(ftruncate(fd, 5));
    size_of(fd);
    TRY(ftruncate(fd, -1));
    TRY(ftruncate(fd, 20));
    TRY(pread(fd, b, 100, 0));
    say("%.5s then %d", b, b[9]);
    TRY(truncate("f", 3));
    TRY(truncate("missing", 3));
    TRY(truncate(".", 3));
    TRY(truncate("f", -3));

    // Sparse files.
    int s = open("s", O_RDWR | O_CREAT, 0600);
    TRY(ftruncate(s, 1L << 40));
    TRY(pwrite(s, "data", 4, 1 << 20));
    struct stat st;
    fstat(s, &st);
    IS(st.st_size == 1L << 40 && st.st_blocks <= 64);
    TRY(lseek(s, 0, SEEK_DATA));
    TRY(lseek(s, 1 << 20, SEEK_HOLE));
    TRY(lseek(s, 0, SEEK_HOLE));
    TRY(lseek(s, 2 << 20, SEEK_DATA));
    TRY(lseek(s, 1L << 40, SEEK_HOLE));
    TRY(pread(s, b, 10, (1L << 40) - 3));
    TRY(fallocate(s, 0, 0, 8192));
    TRY(fallocate(s, FALLOC_FL_KEEP_SIZE, 1L << 40, 4096));
    TRY(fallocate(s, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1 << 20, 4096));
    TRY(pread(s, b, 4, 1 << 20));
    say("punched %d", b[0]);
    TRY(fallocate(s, 0, -1, 10));
    TRY(fallocate(s, 0, 0, 0));
    TRY(fallocate(s, 0x1000, 0, 10));

    // Vectors, copies.
    struct iovec v[2] = {{"abc", 3}, {"defg", 4}};
    fd = open("v", O_RDWR | O_CREAT | O_TRUNC, 0600);
    TRY(pwritev(fd, v, 2, 2));
    struct iovec in[2] = {{b, 4}, {b + 10, 100}};
    TRY(preadv(fd, in, 2, 1));
    say("%d %.3s|%.4s", b[0], b + 1, b + 10);
    int out = open("o", O_RDWR | O_CREAT | O_TRUNC, 0600);
    off_t at = 2;
    TRY(sendfile(out, fd, &at, 4));
    say("at %ld, own offset %ld", (long)at, (long)lseek(fd, 0, SEEK_CUR));
    TRY(sendfile(out, fd, NULL, 100));
    at = 0;
    off_t to = 50;
    TRY(copy_file_range(fd, &at, out, &to, 100, 0));
    say("at %ld to %ld", (long)at, (long)to);
    TRY(copy_file_range(fd, &at, out, &to, 100, 0));
    TRY(copy_file_range(fd, NULL, out, NULL, 1, 7));
    size_of(out);

    // O_APPEND goes to the end, whatever the offset.
    int append = open("a", O_RDWR | O_CREAT | O_APPEND, 0600);
    write(append, "12345", 5), lseek(append, 0, SEEK_SET), write(append, "67", 2);
    TRY(lseek(append, 0, SEEK_CUR));
    lseek(append, 0, SEEK_SET);
    TRY(read(append, b, 100));
    say("%.7s", b);

    // Times: read changes none of mtime and ctime, write both, chmod ctime only; utimensat sets.
    struct timespec times[2] = {{1000, 5}, {2000, 7}};
    TRY(futimens(append, times));
    fstat(append, &st);
    say("atime %ld.%09ld mtime %ld.%09ld", st.st_atim.tv_sec, st.st_atim.tv_nsec, st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    IS(st.st_ctim.tv_sec > 1000000000);
    fchmod(append, 0640), fstat(append, &st), IS(st.st_mtim.tv_sec == 2000);
    write(append, "x", 1), fstat(append, &st), IS(st.st_mtim.tv_sec > 1000000000);
    times[0].tv_nsec = UTIME_OMIT, times[1] = (struct timespec){3000, 0};
    TRY(utimensat(AT_FDCWD, "a", times, 0));
    fstat(append, &st), say("atime %ld mtime %ld", st.st_atim.tv_sec, st.st_mtim.tv_sec);
    times[1].tv_nsec = UTIME_NOW;
    TRY(utimensat(AT_FDCWD, "a", times, 0));
    times[1].tv_nsec = 2000000000;
    TRY(utimensat(AT_FDCWD, "a", times, 0));
    TRY(utimensat(AT_FDCWD, "missing", NULL, 0));
    symlink("a", "l");
    times[0] = times[1] = (struct timespec){4000, 0};
    TRY(utimensat(AT_FDCWD, "l", times, AT_SYMLINK_NOFOLLOW));
    lstat("l", &st), say("link %ld", st.st_mtim.tv_sec);
    stat("l", &st), IS(st.st_mtim.tv_sec != 4000);

    TRY(fsync(append)); TRY(fdatasync(append)); TRY(fsync(99));
    TRY(posix_fadvise(append, 0, 0, POSIX_FADV_SEQUENTIAL));
    int pair[2];
    pipe(pair);
    TRY(fsync(pair[0]));
    signal(SIGXFSZ, SIG_IGN);
    fd = open("big", O_RDWR | O_CREAT, 0600);
    long results[4], errors[4];
    // Nothing is printed under the limit: the output may be a file too.
    struct rlimit none, limit = {100, RLIM_INFINITY};
    getrlimit(RLIMIT_FSIZE, &none), setrlimit(RLIMIT_FSIZE, &limit);
    results[0] = write(fd, b, 150), errors[0] = errno;
    results[1] = write(fd, b, 1), errors[1] = errno;
    results[2] = pwrite(fd, b, 1, 200), errors[2] = errno;
    results[3] = ftruncate(fd, 101), errors[3] = errno;
    setrlimit(RLIMIT_FSIZE, &none);
    for (int i = 0; i < 4; i++) say("under RLIMIT_FSIZE: %s", results[i] == -1 ? name_of((int)errors[i]) : results[i] == 100 ? "100" : "?");
    signal(SIGXFSZ, SIG_DFL);
    CHILD("SIGXFSZ", ({ setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); setrlimit(RLIMIT_FSIZE, &limit); write(fd, b, 1); }));
    return 0;
}
