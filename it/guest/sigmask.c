// Masks, pending signals, their order, and the flags of sigaction (man 7 signal).
#include "check.h"

static char order[256];
static volatile int depth, deepest, runs;

static void note(int signal) {
    char item[16];
    snprintf(item, sizeof item, " %d", signal >= SIGRTMIN ? signal - SIGRTMIN + 100 : signal);
    strcat(order, item);
}

static void numbered(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    char item[16];
    snprintf(item, sizeof item, " v%d", info->si_value.sival_int);
    strcat(order, item);
}

static void nest(int signal) {
    if (++depth > deepest) deepest = depth;
    note(signal);
    if (++runs % 3) raise(signal);
    depth--;
}

static void show(const char *what) {
    say("%s:%s", what, order);
    order[0] = 0;
}

static unsigned long mask(void) {
    unsigned long set = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &set, 8);
    return set;
}

static void show_mask(int signal) {
    (void)signal;
    say("mask in the handler %lx", mask());
}

int main(void) {
    sigset_t all, none, some, pending;
    sigfillset(&all), sigemptyset(&none), sigemptyset(&some);
    int signals[] = {SIGTERM, SIGHUP, SIGUSR2, SIGRTMIN + 1, SIGINT, SIGRTMIN, SIGUSR1};
    for (int i = 0; i < 7; i++) handle(signals[i], note, 0);

    sigprocmask(SIG_BLOCK, &all, NULL);
    say("mask %lx", mask());
    for (int i = 0; i < 7; i++) kill(getpid(), signals[i]), kill(getpid(), signals[i]);
    show("blocked");
    sigpending(&pending);
    say("pending %lx", *(unsigned long *)&pending);
    sigprocmask(SIG_SETMASK, &none, NULL);
    show("unblocked");

    sigprocmask(SIG_BLOCK, &all, NULL);
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    action.sa_sigaction = numbered;
    sigaction(SIGRTMIN + 2, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 1; i <= 4; i++) sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = i});
    for (int i = 1; i <= 4; i++) sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = i * 10});
    sigprocmask(SIG_SETMASK, &none, NULL);
    show("queued: handlers run last in, first out across signals, real-time ones in order");

    sigprocmask(SIG_BLOCK, &all, NULL);
    handle(SIGUSR2, note, 0);
    kill(getpid(), SIGUSR2);
    handle(SIGUSR2, SIG_IGN, 0);
    sigpending(&pending);
    say("ignoring discards: pending %lx", *(unsigned long *)&pending);
    handle(SIGUSR2, note, 0);
    kill(getpid(), SIGTSTP), kill(getpid(), SIGCONT);
    sigpending(&pending);
    say("SIGCONT discards stops: pending %lx", *(unsigned long *)&pending & ~(1UL << (SIGCONT - 1)));
    kill(getpid(), SIGHUP);
    CHILD("a child starts with nothing pending", (sigpending(&pending), _exit(*(unsigned long *)&pending != 0)));
    say("and with the mask: %lx", mask());
    struct timespec now = {0, 0}, soon = {0, 20000000};
    siginfo_t info;
    say("sigtimedwait: %d", sigtimedwait(&all, &info, &now));
    TRY(sigtimedwait(&some, NULL, &now));
    TRY(sigtimedwait(&some, NULL, &soon));
    sigaddset(&some, SIGUSR2);
    kill(getpid(), SIGUSR2);
    TRY(sigwaitinfo(&some, &info));
    say("sigwaitinfo: signo %d code %d", info.si_signo, info.si_code);
    sigprocmask(SIG_SETMASK, &none, NULL);
    show("left over");

    handle(SIGUSR1, nest, SA_NODEFER), raise(SIGUSR1), show("SA_NODEFER");
    say("depth %d", deepest);
    deepest = runs = 0, handle(SIGUSR1, nest, 0), raise(SIGUSR1), show("deferred");
    say("depth %d", deepest);
    CHILD("SA_RESETHAND", (handle(SIGUSR1, note, SA_RESETHAND), raise(SIGUSR1), raise(SIGUSR1)));
    action = (struct sigaction){.sa_handler = show_mask};
    sigaddset(&action.sa_mask, SIGTERM), sigaddset(&action.sa_mask, SIGKILL);
    sigaction(SIGHUP, &action, NULL);
    raise(SIGHUP);
    say("mask after %lx", mask());
    struct sigaction old;
    sigaction(SIGHUP, NULL, &old);
    say("sa_mask kept %lx", *(unsigned long *)&old.sa_mask);

    sigprocmask(SIG_BLOCK, &some, NULL);
    kill(getpid(), SIGUSR2);
    TRY(sigsuspend(&none));
    show("sigsuspend");
    say("mask after %lx", mask());
    TRY(sigaction(SIGKILL, &action, NULL));
    TRY(sigaction(SIGSTOP, &action, NULL));
    TRY(syscall(SYS_rt_sigaction, 0, NULL, NULL, 8));
    TRY(syscall(SYS_rt_sigaction, 65, NULL, NULL, 8));
    TRY(syscall(SYS_rt_sigaction, SIGHUP, NULL, NULL, 16));
    TRY(syscall(SYS_rt_sigaction, SIGHUP, (void *)8, NULL, 8));
    TRY(syscall(SYS_rt_sigprocmask, 7, &none, NULL, 8));
    TRY(syscall(SYS_rt_sigprocmask, 7, NULL, NULL, 8));
    TRY(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &none, NULL, 4));
    TRY(kill(getpid(), 65));
    TRY(kill(getpid(), 0));
    TRY(kill(999999, 0));
    TRY(syscall(SYS_tgkill, getpid(), gettid(), 0));
    TRY(syscall(SYS_tgkill, getpid() + 1, gettid(), 0));
    TRY(syscall(SYS_tgkill, -1, gettid(), 0));
    CHILD("default of SIGCHLD, SIGURG, SIGWINCH, SIGCONT: ignored", (raise(SIGCHLD), raise(SIGURG), raise(SIGWINCH), raise(SIGCONT)));
    CHILD("default of SIGPWR", raise(SIGPWR));
    CHILD("default of SIGSTKFLT", raise(SIGSTKFLT));
    CHILD("default of SIGRTMAX", raise(SIGRTMAX));
    return 0;
}
