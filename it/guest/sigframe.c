// The signal frame of riscv64: siginfo, ucontext, where they lie and what they hold (Linux: arch/riscv/kernel/signal.c).
#include "check.h"
#include <stddef.h>
#include <sys/auxv.h>
#include <ucontext.h>

static unsigned long interrupted_sp, handler_sp, handler_ra, info_at, context_at, saved_sp, saved_pc, saved_a0, saved_a7;
static unsigned long flags, next, stack_flags, mask_low, reserved[3], saved_tp;
static int number, from_pid;

__attribute__((used)) static void look(int signal, siginfo_t *info, ucontext_t *uc, unsigned long *entry) {
    handler_sp = entry[0];
    handler_ra = entry[1];
    number = signal;
    info_at = (unsigned long)info;
    context_at = (unsigned long)uc;
    from_pid = info->si_pid;
    saved_pc = uc->uc_mcontext.__gregs[0];
    saved_sp = uc->uc_mcontext.__gregs[2];
    saved_tp = uc->uc_mcontext.__gregs[4];
    saved_a0 = uc->uc_mcontext.__gregs[10];
    saved_a7 = uc->uc_mcontext.__gregs[17];
    flags = uc->__uc_flags;
    next = (unsigned long)uc->uc_link;
    stack_flags = uc->uc_stack.ss_flags;
    mask_low = *(unsigned long *)&uc->uc_sigmask;
    // The last 16 bytes of the 528 of the q-extension state: reserved word, then the header that ends extensions.
    const unsigned int *q = (const unsigned int *)((char *)uc + 176 + 32 * 8 + 528);
    reserved[0] = q[-3], reserved[1] = q[-2], reserved[2] = q[-1];
}

// Notes sp and ra as the kernel gave them, then calls look(signal, info, context, &noted).
__attribute__((naked)) static void handler(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    __asm__("addi sp, sp, -32\n addi t0, sp, 32\n sd t0, 0(sp)\n sd ra, 8(sp)\n mv a3, sp\n"
            "call look\n ld ra, 8(sp)\n addi sp, sp, 32\n ret");
}

__attribute__((noinline)) static void raise_here(void) {
    register long a0 __asm__("a0") = getpid(), a1 __asm__("a1") = SIGUSR1, a7 __asm__("a7") = SYS_kill;
    __asm__ volatile("sd sp, %0\n ecall" : "=m"(interrupted_sp), "+r"(a0) : "r"(a1), "r"(a7) : "memory");
}

static void report(const char *where) {
    say("-- %s", where);
    say("signal %d", number);
    IS(saved_sp == interrupted_sp);
    IS(from_pid == getpid());
    say("siginfo at frame + %lu", info_at - handler_sp);
    say("ucontext at frame + %lu", context_at - handler_sp);
    say("frame aligned: %lu", handler_sp % 16);
    say("a0 %lu a7 %lu", saved_a0, saved_a7);
    say("flags %lu link %lu mask %lx", flags, next, mask_low);
    say("end of extensions: %lx %lx %lx", reserved[0], reserved[1], reserved[2]);
    unsigned long vdso = getauxval(AT_SYSINFO_EHDR);
    IS(handler_ra >= vdso && handler_ra < vdso + 3 * 4096);
    const unsigned char *r = (const unsigned char *)handler_ra;
    say("returns into: %02x%02x%02x%02x %02x%02x%02x%02x", r[3], r[2], r[1], r[0], r[7], r[6], r[5], r[4]);
    IS(((unsigned *)saved_pc)[-1] == 0x00000073);
    unsigned long tp;
    __asm__("mv %0, tp" : "=r"(tp));
    IS(saved_tp == tp);
}

int main(void) {
    say("sizes: siginfo %zu, glibc ucontext %zu, mcontext at %zu, sigmask at %zu", sizeof(siginfo_t), sizeof(ucontext_t),
        offsetof(ucontext_t, uc_mcontext), offsetof(ucontext_t, uc_sigmask));
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    action.sa_sigaction = handler;
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGHUP);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    sigaction(SIGUSR1, &action, NULL);
    raise_here();
    report("on the stack that was interrupted");
    say("frame of %lu bytes below sp", (interrupted_sp - handler_sp) / 16 * 16);
    say("uc_stack flags %lu", stack_flags);

    static char stack[65536] __attribute__((aligned(16)));
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    action.sa_flags |= SA_ONSTACK;
    sigaction(SIGUSR1, &action, NULL);
    raise_here();
    report("on the alternative stack");
    say("frame of %lu bytes below its top", (unsigned long)stack + sizeof stack - handler_sp);
    say("uc_stack flags %lu", stack_flags);
    return 0;
}
