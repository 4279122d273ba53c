// Synchronous traps of the processor as signals: breakpoint, illegal instructions, forbidden CSRs, and those that are none.
#include "check.h"
#include <setjmp.h>

static sigjmp_buf back;

static void note(int signal, siginfo_t *info, void *context) {
    (void)context;
    siglongjmp(back, signal * 1000 + info->si_code);
}

#define TRAP(text, code) do { \
        int r_ = sigsetjmp(back, 1); \
        if (r_ == 0) { __asm__ volatile(code ::: "t0", "t1", "t2", "ft0", "ft1", "ft2", "memory"); say("%s: no signal", text); } \
        else say("%s: SIG%s code %d", text, sigabbrev_np(r_ / 1000), r_ % 1000); \
    } while (0)

int main(void) {
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    action.sa_sigaction = note;
    int signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE};
    for (int i = 0; i < 5; i++) sigaction(signals[i], &action, NULL);
    TRAP("ebreak", "ebreak");
    TRAP("c.ebreak", "c.ebreak");
    TRAP("all zeros", ".half 0");
    TRAP("all ones", ".word -1");
    TRAP("rdcycle", "rdcycle t0");
    TRAP("rdinstret", "rdinstret t0");
    TRAP("rdtime", "rdtime t0");
    TRAP("csrr sstatus", "csrr t0, sstatus");
    TRAP("csrw of a read-only CSR", "csrw time, t0");
    TRAP("sret", "sret");
    TRAP("sfence.vma", "sfence.vma");
    TRAP("fence.i", "fence.i");
    TRAP("fence", "fence rw, rw");
    TRAP("pause hint", ".word 0x0100000f");
    TRAP("division by zero", "li t0, 1\n li t1, 0\n div t2, t0, t1");
    TRAP("division overflow", "li t0, -1\n li t1, 1\n slli t1, t1, 63\n div t2, t1, t0");
    TRAP("fp division by zero", "fcvt.d.w ft0, zero\n fdiv.d ft1, ft0, ft0");
    TRAP("reserved rounding mode", ".word 0x02005053");
    TRAP("misaligned load", "addi t0, sp, -63\n ld t1, 0(t0)");
    TRAP("misaligned store", "addi t0, sp, -61\n sw zero, 0(t0)");
    TRAP("misaligned amo", "addi t0, sp, -63\n amoadd.w t1, zero, (t0)");
    TRAP("jump to an odd address", "li t0, 1\n jr t0");
    TRAP("vector instruction", ".word 0x0c0572d7");
    // A cause is delivered even if its signal is blocked or ignored: then the process dies of it.
    sigset_t all;
    sigfillset(&all);
    CHILD("blocked SIGSEGV", (sigprocmask(SIG_BLOCK, &all, NULL), *(volatile int *)8 = 0));
    CHILD("ignored SIGILL", (signal(SIGILL, SIG_IGN), ({ __asm__ volatile(".word 0"); })));
    CHILD("ignored SIGTRAP", (signal(SIGTRAP, SIG_IGN), ({ __asm__ volatile("ebreak"); })));
    return 0;
}
