// Descriptors: dup, fcntl, flags that go with the descriptor or with the open file (man 2 dup, fcntl, open).
#include "check.h"
#include <sys/ioctl.h>
#include <sys/resource.h>

int main(int argc, char **argv) {
    if (argc > 1) {
        for (int fd = 3; fd < 12; fd++) if (fcntl(fd, F_GETFD) >= 0) say("open after exec: %d", fd);
        return 0;
    }
    char b[16] = {0};
    int fd = file_with("f", "0123456789");
    say("lowest is taken: %d", fd);
    TRY(dup(fd));
    TRY(dup2(fd, 7));
    TRY(dup2(fd, fd));
    TRY(dup2(99, 8));
    TRY(dup2(fd, -1));
    TRY(dup2(fd, 1 << 30));
    TRY(dup3(fd, fd, 0));
    TRY(dup3(fd, 9, O_CLOEXEC));
    TRY(dup3(fd, 10, O_APPEND));
    TRY(fcntl(9, F_GETFD));
    TRY(fcntl(7, F_GETFD));
    TRY(fcntl(fd, F_DUPFD, 20));
    TRY(fcntl(fd, F_DUPFD_CLOEXEC, 20));
    TRY(fcntl(fd, F_DUPFD, -1));
    TRY(fcntl(fd, F_DUPFD, 1 << 30));
    TRY(fcntl(99, F_GETFD));
    TRY(fcntl(fd, 12345));
    TRY(close(20)); TRY(close(21)); TRY(close(21)); TRY(close(-1));

    // The offset and the status flags are shared by duplicates, and with children.
    TRY(read(fd, b, 3));
    TRY(lseek(7, 0, SEEK_CUR));
    CHILD("a child moves it", lseek(fd, 5, SEEK_SET));
    TRY(lseek(4, 0, SEEK_CUR));
    say("flags %x", fcntl(fd, F_GETFL) & ~0100000);
    TRY(fcntl(7, F_SETFL, O_APPEND | O_NONBLOCK | O_RDONLY | O_CREAT | O_TRUNC));
    say("flags of the other %x", fcntl(fd, F_GETFL) & ~0100000);
    TRY(write(fd, "ab", 2));
    TRY(lseek(fd, 0, SEEK_CUR));
    TRY(pwrite(fd, "cd", 2, 0));
    TRY(lseek(fd, 0, SEEK_END));
    fcntl(fd, F_SETFL, 0);
    TRY(write(fd, "ef", 2));
    lseek(fd, 0, SEEK_SET);
    TRY(read(fd, b, 16));
    say("content %.16s", b);

    // Another open has an offset of its own.
    int other = open("f", O_WRONLY | O_APPEND | O_CLOEXEC);
    TRY(read(other, b, 1));
    TRY(fcntl(other, F_GETFD));
    say("flags %x", fcntl(other, F_GETFL) & ~0100000);
    TRY(fcntl(other, F_SETFD, 0));
    TRY(fcntl(other, F_GETFD));
    fcntl(other, F_SETFD, FD_CLOEXEC);
    int readonly = open("f", O_RDONLY);
    TRY(write(readonly, "x", 1));
    TRY(ftruncate(readonly, 0));
    int path = open("f", O_PATH);
    TRY(read(path, b, 1));
    TRY(lseek(path, 0, SEEK_SET));
    TRY(fchmod(path, 0600));
    TRY(ioctl(path, FIONREAD, b));
    struct stat st;
    TRY(fstat(path, &st));
    say("flags of O_PATH %x", fcntl(path, F_GETFL) & ~0100000);
    CHILD("exec", execl("/proc/self/exe", argv[0], "again", NULL));
    int on = 1;
    TRY(ioctl(7, FIOCLEX));
    TRY(fcntl(7, F_GETFD));
    TRY(ioctl(7, FIONCLEX));
    TRY(fcntl(7, F_GETFD));
    TRY(ioctl(7, FIONBIO, &on));
    say("flags %x", fcntl(7, F_GETFL) & ~0100000);
    TRY(ioctl(fd, 0x12345678, 0));
    TRY(ioctl(fd, 0x5401, b));

    TRY(syscall(SYS_close_range, 5, 4, 0));
    TRY(syscall(SYS_close_range, 9, 9, 0));
    TRY(syscall(SYS_close_range, 6, 8, 4));
    TRY(fcntl(7, F_GETFD));
    TRY(syscall(SYS_close_range, 4, ~0U, 0));
    TRY(fcntl(7, F_GETFD));
    TRY(fcntl(3, F_GETFD));
    struct rlimit limit = {6, 6};
    setrlimit(RLIMIT_NOFILE, &limit);
    TRY(dup(3)); TRY(dup(3)); TRY(dup(3));
    TRY(dup2(3, 6));
    TRY(open("f", O_RDONLY));
    int pair[2];
    TRY(pipe(pair));
    TRY(fcntl(3, F_DUPFD, 6));
    close(5);
    TRY(pipe(pair));
    TRY(open("f", O_RDONLY));
    return 0;
}
