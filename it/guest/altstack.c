// sigaltstack(2): errors, flags, use after a stack overflow, what fork, exec and threads inherit.
#include "check.h"
#include <pthread.h>
#include <sys/resource.h>

static char space[65536] __attribute__((aligned(16)));
static int inside_flags, error_inside;

static void look(int signal) {
    (void)signal;
    stack_t now, other = {.ss_sp = space, .ss_size = 32768};
    sigaltstack(NULL, &now);
    inside_flags = now.ss_flags;
    error_inside = sigaltstack(&other, NULL) ? errno : 0;
    char here;
    say("in the handler: on it %s, flags %x, change: %s", &here >= space && &here < space + sizeof space ? "yes" : "no",
        (unsigned)inside_flags, error_inside ? name_of(error_inside) : "done");
}

static void overflowed(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    say("overflow: SIG%s code %d", sigabbrev_np(signal), info->si_code);
    _exit(3);
}

__attribute__((noinline)) static int recurse(int n) {
    volatile char pad[4096];
    pad[0] = (char)n;
    return n == -1 ? 0 : recurse(n + 1) + pad[0];
}

static void *in_thread(void *unused) {
    stack_t now;
    sigaltstack(NULL, &now);
    say("in a thread: flags %x size %zu", (unsigned)now.ss_flags, now.ss_size);
    return unused;
}

int main(int argc, char **argv) {
    stack_t now, on = {.ss_sp = space, .ss_size = sizeof space};
    sigaltstack(NULL, &now);
    say("%s: flags %x size %zu sp %s", argc > 1 ? "after exec" : "at first", (unsigned)now.ss_flags, now.ss_size, now.ss_sp ? "set" : "null");
    if (argc > 1) return 0;
    stack_t bad = {.ss_sp = space, .ss_size = 1087};
    TRY(sigaltstack(&bad, NULL));
    bad.ss_size = 2047;
    TRY(sigaltstack(&bad, NULL));
    bad.ss_size = 2048;
    TRY(sigaltstack(&bad, NULL));
    bad.ss_flags = 7;
    TRY(sigaltstack(&bad, NULL));
    bad.ss_flags = SS_ONSTACK;
    TRY(sigaltstack(&bad, NULL));
    TRY(syscall(SYS_sigaltstack, 8, NULL));
    TRY(sigaltstack(&on, &now));
    say("old one: flags %x size %zu", (unsigned)now.ss_flags, now.ss_size);
    handle(SIGUSR1, look, SA_ONSTACK);
    raise(SIGUSR1);
    handle(SIGUSR1, look, 0);
    raise(SIGUSR1);
    TRY(sigaltstack(&on, NULL));

    stack_t disarm = {.ss_sp = space, .ss_size = sizeof space, .ss_flags = (int)(1U << 31)};
    TRY(sigaltstack(&disarm, NULL));
    handle(SIGUSR1, look, SA_ONSTACK);
    raise(SIGUSR1);
    sigaltstack(NULL, &now);
    say("after SS_AUTODISARM: flags %x size %zu", (unsigned)now.ss_flags, now.ss_size);
    sigaltstack(&on, NULL);

    pthread_t thread;
    pthread_create(&thread, NULL, in_thread, NULL);
    pthread_join(thread, NULL);
    CHILD("fork keeps it", (sigaltstack(NULL, &now), say("flags %x size %zu", (unsigned)now.ss_flags, now.ss_size)));
    CHILD("exec drops it", execl("/proc/self/exe", argv[0], "again", NULL));
    struct rlimit limit = {1 << 20, 1 << 20}, no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    setrlimit(RLIMIT_STACK, &limit);
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    action.sa_sigaction = overflowed;
    CHILD("stack overflow with a handler on the alternative stack", (sigaction(SIGSEGV, &action, NULL), recurse(0)));
    action.sa_flags = SA_SIGINFO;
    CHILD("stack overflow with a handler on the full stack", (sigaction(SIGSEGV, &action, NULL), recurse(0)));
    CHILD("stack overflow without a handler", recurse(0));
    on.ss_flags = SS_DISABLE;
    TRY(sigaltstack(&on, NULL));
    sigaltstack(NULL, &now);
    say("disabled: flags %x", (unsigned)now.ss_flags);
    return 0;
}
