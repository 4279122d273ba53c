// splice, tee, vmsplice, sealed memory files, other processes' memory (man 2 splice, tee, vmsplice, memfd_create, process_vm_readv).
#include "check.h"
#include <linux/kcmp.h>
#define MFD_NOEXEC_SEAL 8U
#define MFD_EXEC 16U
#include <sched.h>
#include <sys/pidfd.h>
#include <sys/uio.h>

static void show(const char *text, int fd) {
    char b[64] = {0};
    ssize_t n = read(fd, b, sizeof b - 1);
    if (n < 0) say("%s: %s", text, name_of(errno));
    else say("%s: %zd '%s'", text, n, b);
}

static void pipes(void) {
    int p[2], q[2];
    loff_t at = 2;
    pipe2(p, O_NONBLOCK); pipe2(q, O_NONBLOCK);
    int f = file_with("f", "0123456789");
    TRY(splice(f, NULL, p[1], NULL, 4, 0));
    TRY(lseek(f, 0, SEEK_CUR));
    TRY(splice(f, &at, p[1], NULL, 3, SPLICE_F_MOVE));
    say("offset %d", (int)at);
    TRY(tee(p[0], q[1], 5, 0));
    show("tee'd", q[0]);
    TRY(splice(p[0], NULL, q[1], NULL, 100, 0));
    show("piped", q[0]);
    show("gone", p[0]);
    TRY(splice(p[0], NULL, f, NULL, 1, 0));
    write(p[1], "XYZ", 3);
    at = 1;
    TRY(splice(p[0], NULL, f, &at, 2, 0));
    TRY(splice(p[0], NULL, f, NULL, 2, 0));
    lseek(f, 0, SEEK_SET);
    show("file", f);
    show("file", f);
    TRY(splice(f, NULL, p[1], NULL, 4, 0));
    at = 0;
    TRY(splice(f, NULL, f, NULL, 4, 0));
    TRY(splice(p[0], &at, f, NULL, 4, 0));
    TRY(splice(f, NULL, p[1], &at, 4, 0));
    TRY(splice(p[0], NULL, p[1], NULL, 4, 0));
    TRY(tee(p[0], p[1], 4, 0));
    TRY(tee(f, p[1], 4, 0));
    TRY(splice(f, NULL, p[0], NULL, 4, 0));
    TRY(splice(99, NULL, p[1], NULL, 4, 0));
    TRY(splice(f, NULL, p[1], NULL, 4, 64));
    TRY(splice(f, NULL, p[1], NULL, 0, 0));
    at = -1;
    TRY(splice(f, &at, p[1], NULL, 4, 0));
    struct iovec v[] = {{"he", 2}, {"llo", 3}};
    TRY(vmsplice(p[1], v, 2, 0));
    char a[3], b[9];
    struct iovec w[] = {{a, 3}, {b, 9}};
    TRY(vmsplice(p[0], w, 2, 0));
    say("%.3s %.2s", a, b);
    TRY(vmsplice(f, v, 2, 0));
    TRY(vmsplice(p[1], NULL, 1, 0));
    while (write(p[1], "x", 1) == 1) { }
    TRY(splice(f, (at = 0, &at), p[1], NULL, 4, 0));
    close(p[0]);
    signal(SIGPIPE, SIG_IGN);
    TRY(splice(f, (at = 0, &at), p[1], NULL, 4, 0));
    close(q[1]);
    TRY(splice(q[0], NULL, f, NULL, 4, 0));

    // it waits
    int r[2];
    pipe(r);
    pid_t child = fork();
    if (child == 0) { pause_ms(50); write(r[1], "late", 4); _exit(0); }
    lseek(f, 0, SEEK_SET);
    TRY(splice(r[0], NULL, f, NULL, 10, 0));
    reap(child);
    int o = open("f", O_WRONLY | O_APPEND);
    write(r[1], "a", 1);
    TRY(splice(r[0], NULL, o, NULL, 1, 0));
}

static void seals(void) {
    int m = memfd_create("plain", 0);
    TRY(fcntl(m, F_GET_SEALS));
    TRY(fcntl(m, F_ADD_SEALS, F_SEAL_GROW));
    m = memfd_create("sealed", MFD_ALLOW_SEALING);
    TRY(fcntl(m, F_GET_SEALS));
    ftruncate(m, 4096);
    TRY(fcntl(m, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK));
    TRY(ftruncate(m, 8192));
    TRY(ftruncate(m, 100));
    TRY(ftruncate(m, 4096));
    TRY(write(m, "abc", 3));
    TRY(pwrite(m, "abc", 3, 4096));
    TRY(pwrite(m, "abcd", 4, 4094));
    char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, m, 0);
    TRY(fcntl(m, F_ADD_SEALS, F_SEAL_WRITE));
    munmap(map, 4096);
    TRY(fcntl(m, F_ADD_SEALS, F_SEAL_WRITE));
    TRY(write(m, "abc", 3));
    IS(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, m, 0) == MAP_FAILED);
    map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, m, 0);
    IS(map != MAP_FAILED);
    TRY(mprotect(map, 4096, PROT_READ | PROT_WRITE));
    map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, m, 0);
    IS(map != MAP_FAILED);
    TRY(fallocate(m, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 100));
    TRY(fcntl(m, F_ADD_SEALS, F_SEAL_SEAL));
    TRY(fcntl(m, F_ADD_SEALS, F_SEAL_SEAL));
    TRY(fcntl(m, F_GET_SEALS));
    m = memfd_create("data", MFD_NOEXEC_SEAL);
    TRY(fcntl(m, F_GET_SEALS));
    TRY(fchmod(m, 0700));
    TRY(fchmod(m, 0600));
    TRY(memfd_create("both", MFD_NOEXEC_SEAL | MFD_EXEC));
    int p[2];
    pipe(p);
    TRY(fcntl(p[0], F_GET_SEALS));
}

static char theirs[32] = "of the parent", more[8] = "more";
static void others(void) {
    pid_t child = fork();
    if (child == 0) { strcpy(theirs, "of the child"); kill(getpid(), SIGSTOP); _exit(strcmp(more, "MORE") != 0); }
    int status;
    waitpid(child, &status, WUNTRACED);
    char a[6] = {0}, b[32] = {0};
    struct iovec local[] = {{a, 5}, {b, 20}}, remote[] = {{theirs, 13}, {more, 5}};
    TRY(process_vm_readv(child, local, 2, remote, 2, 0));
    say("%s|%s", a, b);
    struct iovec up = {"MORE", 4}, bad = {(void *)8, 4};
    TRY(process_vm_writev(child, &up, 1, &remote[1], 1, 0));
    TRY(process_vm_readv(child, local, 1, &bad, 1, 0));
    TRY(process_vm_readv(child, local, 1, remote, 1, 1));
    TRY(process_vm_readv(99999, local, 1, remote, 1, 0));
    TRY(syscall(SYS_kcmp, getpid(), child, KCMP_FILE, 1, 1));
    TRY(syscall(SYS_kcmp, getpid(), getpid(), KCMP_VM, 0, 0));
    IS(syscall(SYS_kcmp, getpid(), child, KCMP_VM, 0, 0) > 0);
    TRY(syscall(SYS_kcmp, getpid(), child, 99, 0, 0));
    int fd = pidfd_open(child, 0), got = pidfd_getfd(fd, 1, 0);
    IS(got > fd);
    TRY(syscall(SYS_kcmp, getpid(), child, KCMP_FILE, got, 1));
    TRY(fcntl(got, F_GETFD));
    TRY(pidfd_getfd(fd, 99, 0));
    TRY(pidfd_getfd(1, 1, 0));
    kill(child, SIGCONT);
    say_status("it saw", reap(child));
    TRY(pidfd_getfd(fd, 1, 0));
    cpu_set_t set;
    TRY(sched_getaffinity(-1, sizeof set, &set));
}

int main(void) {
    pipes();
    seals();
    others();
    return 0;
}
