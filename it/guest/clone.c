// clone(2) and clone3(2): what is shared under which flag, the tid words, and refused combinations.
#include "check.h"
#include <linux/futex.h>
#include <linux/sched.h>
#undef CLONE_NEWTIME
#include <sched.h>
#include <stdatomic.h>

static char stack[65536] __attribute__((aligned(16)));
static _Atomic int value, tid_word;
static int fd;

static int child(void *unused) {
    (void)unused;
    value = 2;
    fd = open("/dev/null", O_RDONLY);
    chdir("/");
    umask(0123);
    handle(SIGUSR1, SIG_IGN, 0);
    return 5;
}

// Runs child under FLAGS and prints which of its deeds the parent sees.
static void share(const char *text, int flags) {
    char cwd[64];
    value = 1;
    fd = -1;
    chdir("/tmp/case"), umask(022), handle(SIGUSR1, SIG_DFL, 0);
    pid_t pid = clone(child, stack + sizeof stack, flags, NULL);
    int status = 0;
    pid_t got = waitpid(pid, &status, __WALL);
    if (pid < 0 || got < 0) { say("%s: %s", text, name_of(errno)); return; }
    struct sigaction action;
    sigaction(SIGUSR1, NULL, &action);
    mode_t mask = umask(022);
    say("%s: memory %d, descriptors %s, directory %s, umask %o, handlers %s, status %d", text, value,
        (flags & CLONE_FILES) ? (close(3) == 0 ? "shared" : "own") : (fcntl(3, F_GETFD) == -1 ? "own" : "shared"),
        getcwd(cwd, sizeof cwd), mask, action.sa_handler == SIG_IGN ? "shared" : "own", WEXITSTATUS(status));
}

static long raw(unsigned long flags, void *sp, void *parent_tid, void *tls, void *child_tid) {
    return syscall(SYS_clone, flags, sp, parent_tid, tls, child_tid);
}

int main(void) {
    handle(SIGUSR2, SIG_IGN, 0);
    share("nothing", SIGCHLD);
    share("CLONE_VM", CLONE_VM | SIGCHLD);
    share("CLONE_FILES", CLONE_FILES | SIGCHLD);
    share("CLONE_FS", CLONE_FS | SIGCHLD);
    share("CLONE_VM | CLONE_SIGHAND", CLONE_VM | CLONE_SIGHAND | SIGCHLD);
    share("CLONE_VM | CLONE_VFORK", CLONE_VM | CLONE_VFORK | SIGCHLD);
    share("all", CLONE_VM | CLONE_FILES | CLONE_FS | CLONE_SIGHAND | SIGCHLD);
    share("SIGHAND without VM", CLONE_SIGHAND | SIGCHLD);
    share("THREAD without SIGHAND", CLONE_THREAD | CLONE_VM | SIGCHLD);
    share("no signal", 0);
    share("SIGUSR2", SIGUSR2);
    chdir("/tmp/case");

    int parent_tid = 0, child_tid = 0;
    pid_t pid = (pid_t)raw(SIGCHLD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID, NULL, &parent_tid, NULL, &child_tid);
    if (pid == 0) _exit((child_tid == getpid()) + 2 * (parent_tid == 0));
    IS(parent_tid == pid);
    say("child's word here %d", child_tid);
    say_status("CHILD_SETTID", reap(pid));
    tid_word = 77;
    pid = clone(child, stack + sizeof stack, CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, NULL, NULL, NULL, &tid_word);
    while (tid_word == 77) syscall(SYS_futex, &tid_word, FUTEX_WAIT, 77, NULL, NULL, 0);
    say("CHILD_CLEARTID: %d", tid_word);
    reap(pid);
    TRY(raw(CLONE_NEWNS | CLONE_FS | SIGCHLD, NULL, NULL, NULL, NULL));
    TRY(raw(CLONE_SIGHAND | SIGCHLD, NULL, NULL, NULL, NULL));

    struct clone_args args = {.exit_signal = SIGCHLD};
    pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) _exit(11);
    say_status("clone3", reap(pid));
    TRY(syscall(SYS_clone3, &args, 8));
    TRY(syscall(SYS_clone3, (void *)8, sizeof args));
    TRY(syscall(SYS_clone3, &args, 100000));
    args.exit_signal = 100;
    TRY(syscall(SYS_clone3, &args, sizeof args));
    args.exit_signal = SIGCHLD, args.flags = 1;
    TRY(syscall(SYS_clone3, &args, sizeof args));
    args.flags = 0, args.stack = 4096;
    TRY(syscall(SYS_clone3, &args, sizeof args));
    int pidfd = -1;
    args = (struct clone_args){.exit_signal = SIGCHLD, .flags = CLONE_PIDFD, .pidfd = (unsigned long)&pidfd};
    pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    if (pid == 0) for (;;) pause();
    IS(pidfd >= 0 && fcntl(pidfd, F_GETFD) == FD_CLOEXEC);
    TRY(syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0));
    siginfo_t info;
    TRY(waitid(P_PIDFD, pidfd, &info, WEXITED));
    say("status %d", info.si_status);
    TRY(syscall(SYS_pidfd_send_signal, pidfd, 0, NULL, 0));
    TRY(syscall(SYS_pidfd_open, 999999, 0));
    TRY(syscall(SYS_set_tid_address, &child_tid) == gettid());

    // vfork: the parent waits until the child executes or ends.
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid = vfork();
    if (pid == 0) { struct timespec t = {0, 50000000}; nanosleep(&t, NULL); value = 33; _exit(1); }
    say("after vfork: %d, waited %s", value, ms_since(start) >= 50 ? "yes" : "no");
    reap(pid);
    TRY(unshare(0x1));
    TRY(unshare(CLONE_FILES));
    TRY(unshare(CLONE_FS));
    return 0;
}
