// What wait4 and waitid say about children (man 2 wait).
#include "check.h"
#include <sys/resource.h>

static void sleep_forever(void) {
    for (;;) pause();
}

static void show(const char *what, siginfo_t *info, pid_t child) {
    say("%s: signo %d code %d status %d pid %s", what, info->si_signo, info->si_code, info->si_status,
        info->si_pid == child ? "child" : info->si_pid == 0 ? "0" : "other");
}

int main(void) {
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    int status = 77;
    TRY(wait(&status));
    TRY(waitpid(1, &status, 0));
    TRY(waitpid(-999999, &status, 0));
    CHILD("exit 0", _exit(0));
    CHILD("exit 255", _exit(255));
    CHILD("exit 256", _exit(256));
    CHILD("exit -1", _exit(-1));
    CHILD("SIGTERM", raise(SIGTERM));
    CHILD("SIGKILL", raise(SIGKILL));
    CHILD("SIGSEGV", *(volatile int *)0 = 1);
    CHILD("SIGABRT", abort());

    pid_t child = fork();
    if (child == 0) sleep_forever();
    TRY(waitpid(child, &status, WNOHANG));
    say("status untouched: %d", status);
    kill(child, SIGSTOP);
    IS(waitpid(child, &status, WUNTRACED) == child);
    say_status("stopped", status);
    TRY(waitpid(child, &status, WUNTRACED | WNOHANG));
    kill(child, SIGTERM);
    TRY(waitpid(child, &status, WNOHANG));
    kill(child, SIGCONT);
    IS(waitpid(child, &status, WCONTINUED) == child || WIFSIGNALED(status));
    if (WIFCONTINUED(status)) reap(child);
    say("a stopped child dies of a pending SIGTERM when continued");

    child = fork();
    if (child == 0) sleep_forever();
    kill(child, SIGSTOP), waitpid(child, NULL, WUNTRACED);
    kill(child, SIGCONT);
    IS(waitpid(child, &status, WCONTINUED) == child);
    say_status("continued", status);
    TRY(waitpid(child, &status, WCONTINUED | WNOHANG));
    // The terminal's stop signals do nothing to an orphaned group: this one has its parent in the same session.
    setpgid(child, child);
    kill(child, SIGTSTP), waitpid(child, &status, WUNTRACED), say_status("SIGTSTP", status);
    kill(child, SIGCONT), kill(child, SIGTTIN), waitpid(child, &status, WUNTRACED), say_status("SIGTTIN", status);
    kill(child, SIGKILL);
    say_status("SIGKILL works on the stopped", reap(child));
    TRY(waitpid(child, &status, 0));

    siginfo_t info = {0};
    child = fork();
    if (child == 0) _exit(9);
    TRY(waitid(P_PID, child, &info, WEXITED | WNOWAIT));
    show("WNOWAIT", &info, child);
    TRY(waitid(P_PID, child, &info, WEXITED));
    show("and again", &info, child);
    TRY(waitid(P_PID, child, &info, WEXITED));
    TRY(waitid(P_PID, child, &info, 0));
    TRY(waitid(7, child, &info, WEXITED));
    child = fork();
    if (child == 0) sleep_forever();
    TRY(waitid(P_ALL, 0, &info, WEXITED | WNOHANG));
    show("WNOHANG", &info, child);
    kill(child, SIGSTOP);
    TRY(waitid(P_ALL, 0, &info, WSTOPPED));
    show("WSTOPPED", &info, child);
    kill(child, SIGKILL);
    TRY(waitid(P_ALL, 0, &info, WEXITED));
    show("WEXITED", &info, child);
    TRY(waitpid(-1, &status, 0x100));

    // By process group.
    child = fork();
    if (child == 0) setpgid(0, 0), _exit(4);
    setpgid(child, child);
    TRY(waitpid(0, &status, 0));
    IS(waitpid(-child, &status, 0) == child);
    say_status("group", status);

    // Usage of children is added up when they are waited for.
    child = fork();
    if (child == 0) { for (volatile long i = 0; i < 2000000; i++) { } _exit(0); }
    struct rusage usage, children;
    IS(wait4(child, &status, 0, &usage) == child);
    getrusage(RUSAGE_CHILDREN, &children);
    IS(usage.ru_maxrss > 0 && children.ru_maxrss >= usage.ru_maxrss);
    IS(children.ru_utime.tv_sec * 1000000 + children.ru_utime.tv_usec >= usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec);

    // Ignored SIGCHLD: no zombies, and wait blocks until the last is gone.
    signal(SIGCHLD, SIG_IGN);
    child = fork();
    if (child == 0) _exit(1);
    TRY(waitpid(child, &status, 0));
    signal(SIGCHLD, SIG_DFL);
    struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
    sigaction(SIGCHLD, &action, NULL);
    child = fork();
    if (child == 0) _exit(1);
    TRY(wait(&status));
    signal(SIGCHLD, SIG_DFL);

    // Only a parent waits; a thread group's children are everyone's.
    child = fork();
    if (child == 0) pause_ms(50), _exit(2);
    pid_t other = fork();
    if (other == 0) TRY(waitpid(child, &status, 0)), _exit(0);
    reap(other);
    say_status("own child", reap(child));
    TRY(syscall(SYS_wait4, -1, (void *)8, WNOHANG, NULL));
    child = fork();
    if (child == 0) _exit(2);
    pause_ms(50);
    TRY(syscall(SYS_wait4, -1, (void *)8, 0, NULL));
    TRY(wait(&status));
    return 0;
}
