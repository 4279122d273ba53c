// ptrace(2): stops of signals, calls and events, registers, memory, breakpoints, attaching (man 2 ptrace).
#include "check.h"
#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

struct regs { unsigned long pc, x[31]; };  // x[9] is a0, x[16] is a7

static struct regs regs_of(pid_t pid) {
    struct regs r = {0};
    struct iovec v = {&r, sizeof r};
    if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &v)) say("GETREGSET: %s", name_of(errno));
    return r;
}

static void set_regs(pid_t pid, struct regs *r) {
    struct iovec v = {r, sizeof *r};
    if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &v)) say("SETREGSET: %s", name_of(errno));
}

static void say_stop(const char *text, int status) {
    if (!WIFSTOPPED(status)) { say_status(text, status); return; }
    int sig = WSTOPSIG(status);
    say("%s: stop %s%s event %d", text, sigabbrev_np(sig & 0x7f), sig & 0x80 ? "|80" : "", status >> 16);
}

static int wait_say(const char *text, pid_t pid) {
    int status = 0;
    pid_t got = waitpid(pid, &status, __WALL);
    if (got != pid) say("%s: waited for %d, %s", text, pid, got < 0 ? name_of(errno) : "another");
    else say_stop(text, status);
    return status;
}

static pid_t traced(void (*body)(void)) {
    pid_t pid = fork();
    if (pid == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        body();
        _exit(7);
    }
    return pid;
}

static volatile int got;
static void count(int s) { got += s; }
static void signals(void) {
    handle(SIGUSR1, count, 0);
    handle(SIGUSR2, count, 0);
    raise(SIGUSR1);
    if (got != SIGUSR2) _exit(1);
    signal(SIGWINCH, SIG_IGN);
    raise(SIGWINCH);
    raise(SIGTERM);
}

static void calls(void) {
    long r = syscall(SYS_getppid);
    if (r != 12345) _exit(2);
    r = syscall(SYS_getpid);
    if (r != -1 || errno != EPERM) _exit(3);
    char b[1];
    int fds[2];
    pipe(fds);
    handle(SIGALRM, count, SA_RESTART);
    alarm(1);
    read(fds[0], b, 1);
}

__attribute__((noinline)) static int adds(int a, int b) { return a + b; }
static volatile int word = 1;
static void program(void) {
    if (adds(word, 2) != 42) _exit(4);
    _exit(word == 99 ? 5 : 6);
}

static void forks(void) {
    pid_t p = fork();
    if (p == 0) _exit(9);
    waitpid(p, NULL, 0);
}

static void execs(void) { execl("/proc/self/exe", "ptrace", "child", NULL); }
static void faults(void) { *(volatile int *)8 = 1; }
static void spins(void) { for (;;) pause_ms(1000); }

static void call_stops(pid_t pid) {
    struct __ptrace_syscall_info info;
    for (int i = 0; i < 400; i++) {
        int status;
        ptrace(PTRACE_SYSCALL, pid, 0, 0);
        waitpid(pid, &status, 0);
        if (!WIFSTOPPED(status)) { say_status("calls", status); return; }
        if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
            say_stop("in calls", status);
            if (WSTOPSIG(status) == SIGALRM) { ptrace(PTRACE_KILL, pid, 0, 0); say_status("killed", reap(pid)); return; }
            continue;
        }
        long size = ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
        unsigned long message = 0;
        ptrace(PTRACE_GETEVENTMSG, pid, 0, &message);
        struct regs r = regs_of(pid);
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_getppid) {
            say("getppid: size %ld message %lu a0 %ld pc %d", size, message, (long)r.x[9], r.pc == info.instruction_pointer);
        } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && r.x[16] == SYS_getppid) {
            say("getppid ends: size %ld message %lu right %d error %d", size, message, info.exit.rval == getpid(), info.exit.is_error);
            r.x[9] = 12345;
            set_regs(pid, &r);
        } else if (info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_getpid) {
            r.x[16] = -1;
            r.x[9] = -EPERM;
            set_regs(pid, &r);
        } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && (long)r.x[9] == -512) {
            say("interrupted: error %d", info.exit.is_error);
        } else if (info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_read) {
            say("read %d bytes", (int)info.entry.args[2]);
        }
    }
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1) return 11;
    int status;
    siginfo_t info;
    long word_of;

    // signals: suppressed, exchanged, ignored ones are seen
    pid_t pid = traced(signals);
    wait_say("first", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    wait_say("sent USR1", pid);
    TRY(ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
    say("signal %d code %d from itself %d", info.si_signo, info.si_code, info.si_pid == pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, SIGUSR2));
    wait_say("ignored", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, SIGWINCH));
    wait_say("sent TERM", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    say_status("not terminated", reap(pid));

    // calls
    pid = traced(calls);
    wait_say("calls", pid);
    TRY(ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD));
    TRY(ptrace(PTRACE_SETOPTIONS, pid, 0, 1 << 30));
    call_stops(pid);

    // a debugger: a breakpoint in the code, arguments changed, data changed
    pid = traced(program);
    wait_say("program", pid);
    errno = 0;
    long code = ptrace(PTRACE_PEEKTEXT, pid, adds, 0);
    say("peek: %s", errno ? name_of(errno) : code == *(long *)adds ? "the same" : "different");
    TRY(ptrace(PTRACE_POKETEXT, pid, adds, (code & ~0xffffL) | 0x9002));  // c.ebreak
    IS(*(long *)adds == code);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    wait_say("breakpoint", pid);
    TRY(ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
    say("code %d, there %d", info.si_code, info.si_addr == (void *)adds);
    struct regs r = regs_of(pid);
    IS(r.pc == (unsigned long)adds);
    say("arguments %ld %ld", (long)r.x[9], (long)r.x[10]);
    r.x[9] = 40;
    set_regs(pid, &r);
    TRY(ptrace(PTRACE_POKETEXT, pid, adds, code));
    word_of = ptrace(PTRACE_PEEKDATA, pid, (long)&word & ~7L, 0);
    int shift = ((long)&word & 7) * 8;
    TRY(ptrace(PTRACE_POKEDATA, pid, (long)&word & ~7L, (word_of & ~(0xffffffffL << shift)) | 99L << shift));
    TRY(ptrace(PTRACE_SINGLESTEP, pid, 0, 0));
    TRY(ptrace(PTRACE_PEEKDATA, pid, 8, 0));
    TRY(ptrace(PTRACE_GETREGS, pid, 0, &r));
    double f[33];
    struct iovec v = {f, sizeof f};
    TRY(ptrace(PTRACE_GETREGSET, pid, NT_FPREGSET, &v));
    say("floats %zu", v.iov_len);
    TRY(ptrace(PTRACE_GETREGSET, pid, 12345, &v));
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    say_status("program", reap(pid));

    // forks and execs
    pid = traced(forks);
    wait_say("forks", pid);
    TRY(ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXIT));
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    wait_say("fork", pid);
    unsigned long child = 0;
    TRY(ptrace(PTRACE_GETEVENTMSG, pid, 0, &child));
    wait_say("the child", child);
    TRY(ptrace(PTRACE_CONT, child, 0, 0));
    wait_say("the child", child);
    TRY(ptrace(PTRACE_CONT, child, 0, 0));
    wait_say("the child", child);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    wait_say("its parent", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, SIGCHLD));
    wait_say("its parent", pid);
    TRY(ptrace(PTRACE_GETEVENTMSG, pid, 0, &child));
    say("ends with %lx", child);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    wait_say("its parent", pid);

    pid = traced(execs);
    wait_say("execs", pid);
    TRY(ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC));
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    wait_say("exec", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    say_status("execed", reap(pid));
    pid = traced(execs);
    wait_say("execs", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    wait_say("without the option", pid);
    TRY(ptrace(PTRACE_DETACH, pid, 0, 0));
    say_status("detached", reap(pid));

    pid = traced(faults);
    wait_say("faults", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    wait_say("fault", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, SIGSEGV));
    say_status("faulted", reap(pid));

    // attaching
    pid = fork();
    if (pid == 0) spins();
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    TRY(ptrace(PTRACE_ATTACH, pid, 0, 0));
    TRY(ptrace(PTRACE_ATTACH, pid, 0, 0));
    wait_say("attached", pid);
    TRY(ptrace(PTRACE_DETACH, pid, 0, 0));
    TRY(ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD));
    TRY(waitpid(pid, &status, WNOHANG));
    TRY(ptrace(PTRACE_PEEKDATA, pid, &word, 0));
    TRY(ptrace(PTRACE_INTERRUPT, pid, 0, 0));
    wait_say("interrupted", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    kill(pid, SIGSTOP);
    wait_say("signalled", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, SIGSTOP));
    wait_say("stopped", pid);
    TRY(ptrace(PTRACE_GETSIGINFO, pid, 0, &info));
    TRY(ptrace(PTRACE_LISTEN, pid, 0, 0));
    kill(pid, SIGCONT);
    wait_say("continued", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    wait_say("its signal", pid);
    TRY(ptrace(PTRACE_CONT, pid, 0, 0));
    kill(pid, SIGKILL);
    say_status("killed", reap(pid));

    // a tracer that ends lets go, or takes with it
    pid = fork();
    if (pid == 0) spins();
    CHILD("a tracer", { ptrace(PTRACE_SEIZE, pid, 0, 0); });
    TRY(kill(pid, 0));
    CHILD("another", { ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_EXITKILL); });
    say_status("goes with it", reap(pid));

    TRY(ptrace(PTRACE_ATTACH, getpid(), 0, 0));
    TRY(ptrace(PTRACE_ATTACH, 99999, 0, 0));
    return 0;
}
