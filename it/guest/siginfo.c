// si_code and the fields of siginfo for every origin of a signal (man 2 sigaction).
#include "check.h"
#include <sys/time.h>

static volatile siginfo_t got;
static volatile int count;
static char *page;

static void note(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    got = *info;
    count++;
}

static void catch(int signal, int flags) {
    struct sigaction action = {.sa_flags = SA_SIGINFO | flags};
    action.sa_sigaction = note;
    sigaction(signal, &action, NULL);
}

static void by_person(const char *what) {
    say("%s: signo %d errno %d code %d pid %s uid %d value %d", what, got.si_signo, got.si_errno, got.si_code,
        got.si_pid == getpid() ? "self" : got.si_pid ? "other" : "0", got.si_uid, got.si_value.sival_int);
}

static void by_child(const char *what, pid_t child) {
    say("%s: signo %d code %d pid %s uid %d status %d", what, got.si_signo, got.si_code, got.si_pid == child ? "child" : "?",
        got.si_uid, got.si_status);
}

static void await(int n) {
    while (count < n) pause_ms(1);
}

static void report_fault(int signal, siginfo_t *info, void *context) {
    (void)context;
    say("signo %d code %d addr %s", signal, info->si_code, info->si_addr == got.si_ptr ? "exact" : "another");
    _exit(42);
}

static void fault(const char *what, int how) {
    pid_t pid = fork();
    if (pid == 0) {
        char *none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        char *hole = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        int fd = file_with("short", "x");
        char *beyond = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        munmap(hole, 4096);
        struct { char *at; int kind; } cases[] = {{NULL, 0}, {hole + 5, 0}, {none + 8, 0}, {page + 16, 1}, {page, 2},
            {beyond + 4096, 1}, {(char *)0xffffffff80000000, 0}, {hole, 2}, {beyond + 5000, 0}};
        char *at = cases[how].at;
        struct sigaction action = {.sa_flags = SA_SIGINFO};
        action.sa_sigaction = report_fault;
        got.si_ptr = at;
        printf("%s: ", what);
        sigaction(SIGSEGV, &action, NULL);
        sigaction(SIGBUS, &action, NULL);
        if (cases[how].kind == 0) (void)*(volatile char *)at;
        else if (cases[how].kind == 1) *(volatile char *)at = 1;
        else ((void (*)(void))at)();
        _exit(9);
    }
    if (WEXITSTATUS(reap(pid)) != 42) say("%s: no signal", what);
}

int main(void) {
    page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    catch(SIGUSR1, 0);
    catch(SIGRTMIN, 0);
    catch(SIGALRM, 0);
    kill(getpid(), SIGUSR1), by_person("kill");
    raise(SIGUSR1), by_person("tgkill");
    syscall(SYS_tkill, gettid(), SIGUSR1), by_person("tkill");
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 77}), by_person("sigqueue");
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 78}), by_person("sigqueue, real-time");

    siginfo_t forged = {.si_signo = SIGUSR1, .si_code = SI_USER};
    TRY(syscall(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &forged));
    forged.si_code = -60, forged.si_errno = 5;
    TRY(syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &forged));
    by_person("rt_sigqueueinfo");

    int before = count;
    struct itimerval soon = {{0, 0}, {0, 10000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    await(before + 1), by_person("setitimer");
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM, .sigev_value.sival_int = 99};
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    struct itimerspec in = {{0, 0}, {0, 10000000}};
    before = count;
    timer_settime(timer, 0, &in, NULL);
    await(before + 1);
    say("timer: signo %d code %d value %d overrun %d", got.si_signo, got.si_code, got.si_value.sival_int, got.si_overrun);

    catch(SIGCHLD, SA_RESTART);
    before = count;
    pid_t child = fork();
    if (child == 0) _exit(7);
    await(before + 1), by_child("child exits", child), reap(child);
    child = fork();
    if (child == 0) for (;;) pause();
    before = count, kill(child, SIGSTOP), await(before + 1), by_child("child stops", child);
    before = count, kill(child, SIGCONT), await(before + 1), by_child("child continues", child);
    before = count, kill(child, SIGKILL), await(before + 1), by_child("child killed", child), reap(child);
    catch(SIGCHLD, SA_RESTART | SA_NOCLDSTOP);
    child = fork();
    if (child == 0) for (;;) pause();
    int status;
    before = count, kill(child, SIGSTOP), waitpid(child, &status, WUNTRACED);
    say("SA_NOCLDSTOP: %d signals", count - before);
    kill(child, SIGKILL), reap(child);
    child = fork();
    if (child == 0) kill(getppid(), SIGUSR1), _exit(0);
    handle(SIGCHLD, SIG_DFL, 0);
    reap(child);
    say("from a child: code %d pid %s", got.si_code, got.si_pid == child ? "child" : "other");

    fault("read of NULL", 0);
    fault("read of a hole", 1);
    fault("read of PROT_NONE", 2);
    fault("write to a read-only page", 3);
    fault("execution of a page without PROT_EXEC", 4);
    fault("write beyond the end of a file", 5);
    fault("read of a kernel address", 6);
    fault("execution of a hole", 7);
    fault("read beyond the end of a file", 8);
    return 0;
}
