// Every register survives a signal: integer, floating point and fcsr, for a signal at a system call, at a fault and
// at any instruction.
#include "check.h"
#include <sys/time.h>
#include <ucontext.h>

static volatile int caught, step;

// Destroys what it can: all caller-saved registers, all fp registers, the rounding mode and the flags.
static void spoil(int signal, siginfo_t *info, void *context) {
    (void)info;
    ucontext_t *uc = context;
    caught++;
    if (signal == SIGSEGV || signal == SIGILL) uc->uc_mcontext.__gregs[0] += step;
    __asm__ volatile("li t0, -1\n li t1, -1\n li t2, -1\n li t3, -1\n li t4, -1\n li t5, -1\n li t6, -1\n"
        "fmv.d.x ft0, t0\n fmv.d.x ft7, t0\n fmv.d.x ft8, t0\n fmv.d.x ft11, t0\n fmv.d.x fa0, t0\n fmv.d.x fa7, t0\n"
        "li t0, 0x7f\n csrw fcsr, t0" ::: "t0", "t1", "t2", "t3", "t4", "t5", "t6",
        "ft0", "ft7", "ft8", "ft11", "fa0", "fa7", "memory");
}

#define LOAD(n) "ld x" #n ", (8*" #n ")(a0)\n"
#define SAVE(n) "sd x" #n ", (8*" #n ")(a1)\n"
#define FLOAD(n) "fld f" #n ", (256+8*" #n ")(a0)\n"
#define FSAVE(n) "fsd f" #n ", (256+8*" #n ")(a1)\n"
#define INTS(M) M(5) M(6) M(7) M(8) M(9) M(12) M(13) M(14) M(15) M(16) M(18) M(19) M(20) M(21) M(22) M(23) \
    M(24) M(25) M(26) M(27) M(28) M(29) M(30) M(31) M(1)
#define FLOATS(M) M(0) M(1) M(2) M(3) M(4) M(5) M(6) M(7) M(8) M(9) M(10) M(11) M(12) M(13) M(14) M(15) M(16) M(17) \
    M(18) M(19) M(20) M(21) M(22) M(23) M(24) M(25) M(26) M(27) M(28) M(29) M(30) M(31)

// Sets every register but sp gp tp a0 a1 a7 from in, runs BODY, stores them to out.
#define WITH_REGISTERS(NAME, BODY) \
    __attribute__((naked, noinline)) static void NAME(unsigned long *in, unsigned long *out, long number) { \
        (void)in, (void)out, (void)number; \
        __asm__("addi sp, sp, -208\n sd ra, 0(sp)\n sd s0, 8(sp)\n sd s1, 16(sp)\n sd s2, 24(sp)\n sd s3, 32(sp)\n" \
            "sd s4, 40(sp)\n sd s5, 48(sp)\n sd s6, 56(sp)\n sd s7, 64(sp)\n sd s8, 72(sp)\n sd s9, 80(sp)\n" \
            "sd s10, 88(sp)\n sd s11, 96(sp)\n fsd fs0, 104(sp)\n fsd fs1, 112(sp)\n fsd fs2, 120(sp)\n" \
            "fsd fs3, 128(sp)\n fsd fs4, 136(sp)\n fsd fs5, 144(sp)\n fsd fs6, 152(sp)\n fsd fs7, 160(sp)\n" \
            "fsd fs8, 168(sp)\n fsd fs9, 176(sp)\n fsd fs10, 184(sp)\n fsd fs11, 192(sp)\n sd a1, 200(sp)\n mv a7, a2\n" \
            FLOATS(FLOAD) INTS(LOAD) "csrwi fcsr, 0x15\n" BODY \
            FLOATS(FSAVE) INTS(SAVE) "csrr t0, fcsr\n sd t0, 0(a1)\n" \
            "ld ra, 0(sp)\n ld s0, 8(sp)\n ld s1, 16(sp)\n ld s2, 24(sp)\n ld s3, 32(sp)\n ld s4, 40(sp)\n" \
            "ld s5, 48(sp)\n ld s6, 56(sp)\n ld s7, 64(sp)\n ld s8, 72(sp)\n ld s9, 80(sp)\n ld s10, 88(sp)\n" \
            "ld s11, 96(sp)\n fld fs0, 104(sp)\n fld fs1, 112(sp)\n fld fs2, 120(sp)\n fld fs3, 128(sp)\n" \
            "fld fs4, 136(sp)\n fld fs5, 144(sp)\n fld fs6, 152(sp)\n fld fs7, 160(sp)\n fld fs8, 168(sp)\n" \
            "fld fs9, 176(sp)\n fld fs10, 184(sp)\n fld fs11, 192(sp)\n csrwi fcsr, 0\n addi sp, sp, 208\n ret"); \
    }

WITH_REGISTERS(at_call, "ecall\n ld a1, 200(sp)\n")
WITH_REGISTERS(at_fault, "sw x0, 0(x0)\n")
WITH_REGISTERS(at_illegal, ".word 0\n")
WITH_REGISTERS(at_loop, "1: addi a7, a7, -1\n bnez a7, 1b\n")

static unsigned long in[64], out[64];

static void compare(const char *what) {
    static const int ints[] = {1, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
    int wrong = 0;
    for (unsigned i = 0; i < sizeof ints / sizeof *ints; i++) {
        if (out[ints[i]] != in[ints[i]]) wrong++, say("x%d: %lx, was %lx", ints[i], out[ints[i]], in[ints[i]]);
    }
    for (int i = 32; i < 64; i++) if (out[i] != in[i]) wrong++, say("f%d: %lx, was %lx", i - 32, out[i], in[i]);
    if (wrong || strcmp(what, "loop")) say("%s: fcsr %lx, %d registers changed", what, out[0], wrong);
}

int main(void) {
    for (int i = 0; i < 64; i++) in[i] = 0x0123456789abcdefUL * (i + 1) ^ 0x5a5a0000UL << (i % 7);
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    action.sa_sigaction = spoil;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGILL, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    at_call(in, out, SYS_getpid);
    compare("a call without a signal");
    step = 4;
    at_fault(in, out, 0);
    compare("fault");
    at_illegal(in, out, 0);
    compare("illegal instruction");
    say("caught %d", caught);
    caught = 0;
    struct itimerval fast = {{0, 1000}, {0, 1000}}, off = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &fast, NULL);
    while (caught < 100) {
        at_loop(in, out, 20000);
        compare("loop");
    }
    setitimer(ITIMER_REAL, &off, NULL);
    IS(caught >= 100);
    return 0;
}
