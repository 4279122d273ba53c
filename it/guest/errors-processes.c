// Errors of processes, signals, clocks and timers that errors.c has not: not permitted, interrupted, at a limit.
#include "errors.h"
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/uio.h>

// The processor clock of a process, and that of a device (clock_getcpuclockid(3), clock_gettime(2)).
#define CLOCK_OF(pid) ((~(unsigned)(pid) << 3) | 2)
#define CLOCK_FILE(fd) ((~(unsigned)(fd) << 3) | 3)

static char buffer[4096];
static siginfo_t queued = {.si_code = SI_QUEUE};

static int io_class(int class, int level) { return class << 13 | level; }

static void priorities(void) {
    struct sched_param one = {.sched_priority = 1}, none = {0};
    struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t runtime, deadline, period; } of = {.size = 48};
    E(ioprio_get, 9, 0), E(ioprio_get, 1, 99999999), E(ioprio_set, 9, 0, 0), E(ioprio_set, 1, 99999999, io_class(2, 0)), E(ioprio_set, 1, 0, io_class(7, 0)), E(ioprio_set, 1, 0, io_class(0, 1));
    E(sched_setscheduler, 0, SCHED_RR, &none), E(sched_setscheduler, 0, SCHED_OTHER, &one), E(sched_setscheduler, -1, 0, &none), E(sched_setparam, 0, &one), E(sched_setparam, -1, &none), E(sched_getparam, -1, &none);
    E(sched_setscheduler, 0, 0, BAD), E(sched_setparam, 0, BAD), E(sched_getparam, 0, BAD), E(sched_setattr, 0, BAD, 0), E(sched_setattr, 0, &of, 9), E(sched_getattr, 0, buffer, 48, 9), E(sched_getattr, 0, BAD, 48, 0);
    of.size = 5000, E(sched_setattr, 0, &of, 0), of.size = 48, of.policy = 99, E(sched_setattr, 0, &of, 0), of.policy = 0, of.flags = 1 << 20, E(sched_setattr, 0, &of, 0);
    memset(buffer, 1, 200), *(uint32_t *)buffer = 200, E(sched_setattr, 0, buffer, 0);
    E(setpriority, PRIO_PGRP, 99999999, 0), E(setpriority, PRIO_USER, 99999999, 0), E(getpriority, PRIO_PGRP, 99999999), E(getpriority, PRIO_USER, 99999999);
}

static void not_permitted(void) {
    struct { uint32_t size, policy; uint64_t flags; int32_t nice; uint32_t priority; uint64_t runtime, deadline, period; } of = {.size = 48, .nice = -5};
    struct timex frequency = {.modes = ADJ_FREQUENCY};
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0}, old = {1, 0}, other = {_LINUX_CAPABILITY_VERSION_3, 1}, none = {_LINUX_CAPABILITY_VERSION_3, 99999999};
    struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {0, 0, 0}};
    void *head;
    size_t size;
    pid_t root = getppid();
    as_nobody();
    E(ioprio_set, 1, root, io_class(2, 0)), E(ioprio_set, 1, 0, io_class(1, 0)), E(sched_setscheduler, root, SCHED_OTHER, &(struct sched_param){0}), E(sched_setparam, root, &(struct sched_param){0});
    E(sched_setattr, 0, &of, 0), E(sched_setattr, root, &of, 0), E(adjtimex, &frequency), E(clock_adjtime, 0, &frequency);
    E(capset, &header, all), E(capset, &other, all), E(capset, &none, all), E(capset, &old, all), E(capget, &old, all), E(capget, &none, all), E(capget, &header, BAD), E(capset, &header, BAD), E(capget, (&(struct __user_cap_header_struct){_LINUX_CAPABILITY_VERSION_3, -1}), all);
    E(syslog, 5, NULL, 0), E(get_robust_list, root, &head, &size), E(process_vm_readv, root, &(struct iovec){buffer, 1}, 1, &(struct iovec){buffer, 1}, 1, 0), E(process_vm_writev, root, &(struct iovec){buffer, 1}, 1, &(struct iovec){buffer, 1}, 1, 0);
    int theirs = (int)syscall(SYS_pidfd_open, root, 0), self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    E(pidfd_send_signal, theirs, SIGKILL, NULL, 0), E(pidfd_getfd, theirs, 0, 0), E(kcmp, getpid(), root, 2, 0, 0), E(process_mrelease, theirs, 0), E(rt_tgsigqueueinfo, root, root, SIGTERM, &queued);
    E(rt_sigqueueinfo, root, SIGTERM, &queued), E(unshare, CLONE_NEWUTS);
    E(kill, -1, SIGKILL + 40), E(setpriority, PRIO_PROCESS, root, 0), E(setpriority, PRIO_PROCESS, 0, -1), E(prctl, PR_SET_SECUREBITS, 1, 0, 0, 0), E(prctl, PR_CAPBSET_DROP, 1, 0, 0, 0), E(prctl, PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0);
    limit(RLIMIT_SIGPENDING, 0);
    E(tkill, syscall(SYS_gettid), SIGRTMIN), E(tgkill, getpid(), syscall(SYS_gettid), SIGRTMIN), E(rt_sigqueueinfo, getpid(), SIGRTMIN, &queued), E(rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), SIGRTMIN, &queued);
    E(pidfd_send_signal, self, SIGRTMIN, &queued, 0), E(setrlimit, RLIMIT_SIGPENDING, (&(struct rlimit){1, 1})), E(prlimit64, root, RLIMIT_CPU, NULL, buffer);
    E(sched_setaffinity, root, 8, "\1\0\0\0\0\0\0"), E(setresgid, 0, -1, -1), E(setregid, 0, -1), E(setfsuid, 0);
}

static void on_stack(int signal) {
    stack_t other = {.ss_sp = malloc(8192), .ss_size = 8192};
    (void)signal;
    E(sigaltstack, &other, NULL);
}

static void signals(void) {
    sigset_t set;
    struct timespec long_time = {100, 0}, wrong = {0, -1};
    stack_t stack = {.ss_sp = malloc(32768), .ss_size = 32768};
    sigaltstack(&stack, NULL), handle(SIGUSR1, on_stack, SA_ONSTACK), raise(SIGUSR1);
    stack.ss_flags = SS_DISABLE, sigaltstack(&stack, NULL);
    sigemptyset(&set), sigaddset(&set, SIGUSR2);
    INTERRUPTED(rt_sigtimedwait, &set, NULL, &long_time, 8), INTERRUPTED(rt_sigtimedwait, &set, NULL, NULL, 8), INTERRUPTED(nanosleep, &long_time, NULL), INTERRUPTED(clock_nanosleep, CLOCK_MONOTONIC, 0, &long_time, NULL);
    pid_t child = fork();
    if (child == 0) pause(), _exit(0);
    INTERRUPTED(wait4, -1, NULL, 0, NULL), INTERRUPTED(waitid, P_ALL, 0, NULL, WEXITED, NULL);
    int fd = (int)syscall(SYS_pidfd_open, child, O_NONBLOCK), self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    E(waitid, P_PIDFD, fd, NULL, WEXITED, NULL), E(waitid, P_PIDFD, -1, NULL, WEXITED, NULL), E(waitid, P_PIDFD, 0, NULL, WEXITED, NULL), E(waitid, P_PID, -5, NULL, WEXITED, NULL), E(waitid, P_ALL, 0, BAD, WEXITED | WNOHANG, NULL), E(waitid, P_PIDFD, self, NULL, WEXITED, NULL);
    E(wait4, (int)0x80000000, NULL, 0, NULL), E(kill, (int)0x80000000, 0), E(process_mrelease, fd, 0), E(kcmp, child, getpid(), 0, 99, 0);
    memset(buffer, 0, 200);
    E(rt_tgsigqueueinfo, 99999999, 99999999, SIGUSR1, &queued), E(rt_tgsigqueueinfo, getpid(), 99999999, SIGUSR1, &queued), E(rt_tgsigqueueinfo, -1, 1, SIGUSR1, &queued), E(rt_tgsigqueueinfo, getpid(), getpid(), 99, &queued), E(rt_tgsigqueueinfo, child, child, 0, BAD);
    E(rt_tgsigqueueinfo, child, child, SIGUSR1, (&(siginfo_t){.si_code = SI_USER})), E(rt_sigqueueinfo, child, SIGUSR1, (&(siginfo_t){.si_code = SI_USER})), E(rt_sigqueueinfo, 99999999, SIGUSR1, &queued), E(pidfd_send_signal, fd, SIGUSR1, (&(siginfo_t){.si_code = SI_USER}), 0), E(pidfd_send_signal, fd, SIGUSR1, BAD, 0);
    limit(RLIMIT_NOFILE, 0), E(pidfd_getfd, self, 0, 0), limit(RLIMIT_NOFILE, 100), E(setpgid, child, 1);
    kill(child, SIGKILL), reap(child), E(waitid, P_PIDFD, fd, NULL, WEXITED, NULL), E(pidfd_getfd, fd, 0, 0), E(pidfd_send_signal, fd, 0, NULL, 0), E(process_mrelease, fd, 0);
    E(rt_sigprocmask, 99, &set, NULL, 8), E(rt_sigsuspend, &set, 99), E(rt_sigtimedwait, &set, BAD, &wrong, 8), E(rt_sigtimedwait, &set, NULL, BAD, 8), E(wait4, child, NULL, 0, NULL);
}

static void clocks(void) {
    struct timex mode = {.modes = ADJ_TICK, .tick = 1}, offset = {.modes = ADJ_SETOFFSET, .time = {0, -1}};
    struct itimerspec once = {{0, 0}, {2000000000, 0}}, bad = {{0, 0}, {0, -1}};
    struct sigevent odd = {.sigev_notify = 99}, signal = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 99}, thread = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1, ._sigev_un._tid = 1};
    int id;
    E(adjtimex, &mode), E(adjtimex, &offset), E(clock_adjtime, 0, &mode), E(clock_adjtime, 0, &offset), E(clock_adjtime, 1, &mode), E(timer_create, CLOCK_MONOTONIC_RAW, NULL, &id), E(timer_create, 1, &odd, &id), E(timer_create, 1, &signal, &id), E(timer_create, 1, &thread, &id);
    E(timer_create, 1, NULL, &id), E(timer_gettime, id, BAD), E(timer_settime, id, 0, &bad, NULL), E(timer_settime, id, 0, &once, BAD), E(timer_delete, id), E(timer_delete, id), E(settimeofday, (&(struct timeval){0, 2000000}), NULL), E(settimeofday, (&(struct timeval){-1, 0}), NULL), E(gettimeofday, NULL, BAD), E(settimeofday, NULL, BAD);
    E(getitimer, 0, NULL), E(setitimer, 0, (&(struct itimerval){{0, 0}, {0, -1}}), NULL), E(setitimer, 0, (&(struct itimerval){{0, 2000000}, {0, 1}}), NULL), E(clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &once.it_value, NULL), E(clock_nanosleep, CLOCK_MONOTONIC_RAW, 0, &once.it_value, NULL);
    E(clock_gettime, CLOCK_OF(99999999), buffer), E(clock_getres, CLOCK_OF(99999999), buffer), E(clock_gettime, CLOCK_FILE(5), buffer), E(clock_settime, CLOCK_FILE(5), buffer), E(clock_getres, CLOCK_FILE(5), buffer), E(clock_adjtime, CLOCK_FILE(5), &mode);
    E(clock_settime, 4, &once.it_value), E(clock_settime, 2, &once.it_value), E(clock_settime, 0, (&(struct timespec){-1, 0})), E(timerfd_create, 2, 0), E(timerfd_create, -1, 0);
    int event = timerfd_create(CLOCK_MONOTONIC, 0);
    E(timerfd_settime, event, 0, &bad, NULL), E(timerfd_settime, event, 0, &once, BAD), E(timerfd_gettime, 0, buffer), INTERRUPTED(read, event, buffer, 8);
}

static void memory_words(void) {
    static uint32_t word;
    struct timespec long_time = {100, 0};
    struct futex_waitv { uint64_t val, uaddr; uint32_t flags, reserved; } one = {0, (uintptr_t)&word, 2, 0};
    char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    void *head;
    INTERRUPTED(futex, &word, FUTEX_WAIT, 0, &long_time), INTERRUPTED(futex, &word, FUTEX_WAIT, 0, NULL), INTERRUPTED(futex, &word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 1), E(futex, page, FUTEX_WAIT, 0, NULL), E(futex, &word, FUTEX_FD, 0, NULL), E(futex, &word, FUTEX_WAIT, 0, BAD);
    E(futex_waitv, NULL, 1, 0, NULL, 0), E(futex_waitv, BAD, 1, 0, NULL, 0), E(futex_waitv, &one, 0, 0, NULL, 0), E(futex_waitv, &one, 129, 0, NULL, 0), E(futex_waitv, &one, 1, 9, NULL, 0), E(futex_waitv, &one, 1, 0, BAD, 1), INTERRUPTED(futex_waitv, &one, 1, 0, NULL, 0);
    one.val = 1, E(futex_waitv, &one, 1, 0, NULL, 0), one.val = 0, E(futex_waitv, &one, 1, 0, (&(struct timespec){0, 1}), 1);
    E(get_robust_list, 0, BAD, buffer), E(get_robust_list, 0, &head, BAD), E(set_robust_list, BAD, 24), E(membarrier, 1 << 3, 0), E(membarrier, 99, 0), E(membarrier, 0, 9), E(membarrier, 1 << 5, 0);
    E(getcpu, BAD, NULL), setgroups(1, &(gid_t){1}), E(getgroups, 9, BAD), E(getrandom, buffer, 8, 6), E(setdomainname, buffer, -1), E(setdomainname, buffer, 65), E(sethostname, buffer, -1), E(reboot, 0xfee1dead, 672274793, 0xa1b2c3d4, BAD), E(reboot, 0xfee1dead, 672274793, 7, NULL);
}

static void tasks(void) {
    struct clone_args args = {.flags = CLONE_SIGHAND}, pid = {.flags = 0, .exit_signal = 99}, many = {.set_tid = (uintptr_t)&(int){1}, .set_tid_size = 99, .exit_signal = SIGCHLD};
    struct clone_args stack = {.stack = 8, .exit_signal = SIGCHLD};
    E(clone, CLONE_SIGHAND, 0, 0, 0, 0), E(clone, CLONE_THREAD, 0, 0, 0, 0), E(clone, CLONE_FS | CLONE_NEWNS, 0, 0, 0, 0), E(clone, CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD, 0, buffer, 0, 0), E(clone, CLONE_PIDFD | SIGCHLD, 0, BAD, 0, 0);
    E(clone3, &args, sizeof args), E(clone3, &pid, sizeof pid), E(clone3, &many, sizeof many), E(clone3, &stack, sizeof stack);
    E(unshare, CLONE_VM | 1), E(unshare, CLONE_NEWUSER | 1), E(setns, 0, 0), E(setns, (int)syscall(SYS_pidfd_open, getpid(), 0), 0), E(setns, open("/dev/null", O_RDONLY), CLONE_NEWNS);
    char *page = mmap(NULL, 3 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *words[40] = {page};
    memset(page, 'x', (3 << 20) - 1);
    E(execve, "/proc/self/exe", words, NULL), E(execve, "/proc/self/exe", BAD, NULL), E(execve, "/proc/self/exe", NULL, BAD);
    memset(page + 200000, 0, 1);
    close(open("script", O_CREAT | O_WRONLY, 0755)), file_with("script", "#!script\n"), chmod("script", 0755), close(file_with("folder", "#!/tmp\n")), chmod("folder", 0755), close(file_with("missing", "#!/none\n")), chmod("missing", 0755), mkdir("d", 0755);
    close(file_with("ended", "#!\n")), chmod("ended", 0755), E(execve, "missing", NULL, NULL), E(execve, "folder", NULL, NULL), E(execve, "d", NULL, NULL), E(execve, "ended", NULL, NULL), E(execveat, HERE, "missing", NULL, NULL, 0), E(execveat, HERE, "script/x", NULL, NULL, 0);
    int self = open("/proc/self/exe", O_RDONLY), held = open("held", O_RDWR | O_CREAT, 0755);
    E(execve, "held", NULL, NULL), E(execveat, self, "x", NULL, NULL, 0), E(execveat, HERE, BAD, NULL, NULL, 0), E(execveat, HERE, "none", NULL, NULL, 0), E(execveat, HERE, "held", NULL, NULL, 0), close(held), E(execve, "held", NULL, NULL);
    CHILD("interpreter of a script", E(execve, "script", NULL, NULL));
}

static void without_tasks(void) {
    limit(RLIMIT_NPROC, 0), as_nobody();
    E(clone, SIGCHLD, 0, 0, 0, 0), E(clone3, &(struct clone_args){.exit_signal = SIGCHLD}, sizeof(struct clone_args));
}

static void traced(void) {
    pid_t child = fork();
    if (child == 0) E(ptrace, PTRACE_TRACEME, 0, 0, 0), E(ptrace, PTRACE_TRACEME, 0, 0, 0), raise(SIGSTOP), pause(), _exit(0);
    int status;
    waitpid(child, &status, 0);
    E(ptrace, PTRACE_GETREGSET, child, 1, BAD), E(ptrace, PTRACE_GETSIGINFO, child, 0, BAD), E(ptrace, PTRACE_SETSIGINFO, child, 0, BAD), E(ptrace, PTRACE_GETEVENTMSG, child, 0, BAD), E(ptrace, PTRACE_PEEKDATA, child, BAD, buffer), E(ptrace, PTRACE_POKEDATA, child, BAD, 0), E(ptrace, PTRACE_PEEKUSER, child, 1, buffer);
    E(ptrace, PTRACE_SETOPTIONS, child, 0, 0x8000000), E(ptrace, PTRACE_CONT, child, 0, 999), E(ptrace, 9999, child, 0, 0), E(ptrace, PTRACE_ATTACH, child, 0, 0), E(ptrace, PTRACE_SEIZE, child, 1, 0), E(ptrace, PTRACE_INTERRUPT, child, 0, 0), E(ptrace, PTRACE_GETSIGMASK, child, 4, buffer), E(ptrace, PTRACE_SETOPTIONS, 1, 0, 0);
    kill(child, SIGKILL), reap(child);
}

static void controls(void) {
    E(prctl, PR_SET_DUMPABLE, 9), E(prctl, PR_SET_NAME, BAD), E(prctl, PR_GET_NAME, BAD), E(prctl, PR_SET_KEEPCAPS, 9), E(prctl, PR_SET_TIMING, 9), E(prctl, PR_GET_PDEATHSIG, BAD), E(prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), E(prctl, PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0), E(prctl, PR_SET_THP_DISABLE, 0, 1, 0, 0);
    E(prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), E(prctl, PR_GET_CHILD_SUBREAPER, BAD), E(prctl, PR_CAPBSET_READ, 99), E(prctl, PR_CAPBSET_DROP, 99), E(prctl, PR_CAP_AMBIENT, 9, 0, 0, 0), E(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 99, 0, 0), E(prctl, PR_SET_TIMERSLACK, 0), E(prctl, PR_SET_SECUREBITS, 0x10000, 0, 0, 0);
    E(prctl, PR_SET_MM, 99, 0, 0, 0), E(prctl, PR_SET_MM, PR_SET_MM_START_CODE, 8, 0, 0), E(prctl, PR_SET_SPECULATION_CTRL, 99, 2, 0, 0), E(prctl, PR_SET_SPECULATION_CTRL, 0, 2, 0, 0);
    E(prctl, PR_SET_SPECULATION_CTRL, 0, 99, 0, 0), E(prctl, PR_GET_SPECULATION_CTRL, 99, 0, 0, 0), E(prctl, PR_GET_SPECULATION_CTRL, 0, 0, 0, 0), E(prctl, PR_SET_SECCOMP, 9, NULL), E(prctl, PR_SET_UNALIGN, 1), E(prctl, PR_GET_TID_ADDRESS, BAD), E(prctl, PR_MCE_KILL, 9, 0, 0, 0);
    E(prctl, PR_SET_FPEMU, 1), E(prctl, PR_SET_TSC, 1), E(prctl, PR_SET_PTRACER, 99999999), E(prctl, PR_SET_IO_FLUSHER, 9, 0, 0, 0), E(prctl, PR_SET_SYSCALL_USER_DISPATCH, 9, 0, 0, 0), E(prctl, PR_SET_VMA, 9, 0, 0, 0);
}

int main(void) {
    priorities(), controls(), signals(), clocks(), memory_words(), tasks(), traced();
    CHILD("not root", not_permitted());
    CHILD("no tasks", without_tasks());
    return 0;
}
