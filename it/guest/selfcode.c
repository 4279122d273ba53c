// Code that changes while it runs hot: never is an old instruction executed once the program was told so.
#include "check.h"
#include <pthread.h>
#include <stdatomic.h>

enum { PAGE = 4096 };

static uint32_t addi_a0(int imm) {
    return 0x13u | 10u << 7 | (uint32_t)imm << 20; // addi a0, zero, imm
}

static const uint32_t RET = 0x00008067;
static _Atomic int running, stop;

static void *page_for_code(void) {
    return mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int call(void *code) {
    return ((int (*)(void))code)();
}

// Makes a function hot, then rewrites its one instruction and calls it at once.
static void rewritten_with_fence(void) {
    uint32_t *code = page_for_code();
    long wrong = 0;
    code[1] = RET;
    for (int i = 0; i < 300; i++) {
        code[0] = addi_a0(i);
        __builtin___clear_cache((char *)code, (char *)(code + 2));
        for (int k = 0; k < (i % 10 ? 20 : 2000); k++) wrong += call(code) != i;
    }
    say("rewritten, then fence.i: %ld wrong", wrong);
    munmap(code, PAGE);
}

// A loop that rewrites the instruction behind it in every turn.
static void loop_rewrites_itself(void) {
    // a1: code, a2: turns, a3: instruction, a4: step; sums a0 over the turns
    static const uint32_t loop[] = {
        0x00d5a823, // sw a3, 16(a1)
        0x0000100f, // fence.i
        0x00000013, // nop
        0x00000013, // nop
        0x00000013, // addi a0, a0, K: rewritten
        0x00e686b3, // add a3, a3, a4
        0xfff60613, // addi a2, a2, -1
        0xfe0612e3, // bne a2, zero, -28
        0x00008067, // ret
    };
    uint32_t *code = page_for_code();
    memcpy(code, loop, sizeof loop);
    __builtin___clear_cache((char *)code, (char *)code + sizeof loop);
    register long a0 __asm__("a0") = 0;
    register uint32_t *a1 __asm__("a1") = code;
    register long a2 __asm__("a2") = 2000;
    register long a3 __asm__("a3") = 0x00050513; // addi a0, a0, 0
    register long a4 __asm__("a4") = 1 << 20;
    __asm__ volatile("jalr ra, 0(%1)" : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4) : : "ra", "memory");
    say("a loop that rewrites itself: %ld", a0);
    munmap(code, PAGE);
}

// The page is written while it is not executable, and made executable again.
static void by_mprotect(void) {
    uint32_t *code = page_for_code();
    long wrong = 0;
    code[1] = RET;
    for (int i = 0; i < 50; i++) {
        mprotect(code, PAGE, PROT_READ | PROT_WRITE);
        code[0] = addi_a0(i);
        mprotect(code, PAGE, PROT_READ | PROT_EXEC);
        __builtin___clear_cache((char *)code, (char *)(code + 2));
        for (int k = 0; k < 500; k++) wrong += call(code) != i;
    }
    say("written between two mprotect: %ld wrong", wrong);
    munmap(code, PAGE);
}

// The kernel writes the code: read(2) from a pipe.
static void by_read(void) {
    uint32_t *code = page_for_code();
    int ends[2];
    long wrong = 0;
    if (pipe(ends) == -1) return;
    for (int i = 0; i < 100; i++) {
        uint32_t fresh[2] = {addi_a0(i), RET};
        if (write(ends[1], fresh, sizeof fresh) != sizeof fresh) return;
        if (read(ends[0], code, sizeof fresh) != sizeof fresh) return;
        __builtin___clear_cache((char *)code, (char *)(code + 2));
        for (int k = 0; k < 500; k++) wrong += call(code) != i;
    }
    say("written by read: %ld wrong", wrong);
    munmap(code, PAGE);
}

// Another page of code at the same address.
static void by_mmap(void) {
    char *place = page_for_code();
    long wrong = 0;
    for (int i = 0; i < 50; i++) {
        uint32_t *code = mmap(place, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        code[0] = addi_a0(i);
        code[1] = RET;
        __builtin___clear_cache((char *)code, (char *)(code + 2));
        for (int k = 0; k < 500; k++) wrong += call(code) != i;
    }
    say("mapped anew: %ld wrong", wrong);
    munmap(place, PAGE);
}

// A child changes its copy of the code; the parent's stays.
static void after_fork(void) {
    uint32_t *code = page_for_code();
    code[0] = addi_a0(1);
    code[1] = RET;
    __builtin___clear_cache((char *)code, (char *)(code + 2));
    for (int k = 0; k < 5000; k++) call(code);
    pid_t child = fork();
    if (child == 0) {
        code[0] = addi_a0(2);
        __builtin___clear_cache((char *)code, (char *)(code + 2));
        int sum = 0;
        for (int k = 0; k < 50; k++) sum += call(code);
        _exit(sum);
    }
    say_status("the child, that changed its copy", reap(child));
    int sum = 0;
    for (int k = 0; k < 50; k++) sum += call(code);
    say("the parent: %d", sum);
    munmap(code, PAGE);
}

// Calls a function until it answers 2; it runs in the loop all the time.
static void *caller(void *code) {
    long odd = 0;
    running = 1;
    while (!stop) {
        int answer = call(code);
        odd += answer != 1 && answer != 2;
    }
    return (void *)odd;
}

// Another thread rewrites the function that a loop calls; both harts are told.
static void by_another_thread(void) {
    uint32_t *code = page_for_code();
    pthread_t thread;
    void *odd;
    code[0] = addi_a0(1);
    code[1] = RET;
    __builtin___clear_cache((char *)code, (char *)(code + 2));
    pthread_create(&thread, NULL, caller, code);
    while (!running) sched_yield();
    for (int i = 0; i < 200; i++) {
        __atomic_store_n(code, addi_a0(1 + (i & 1)), __ATOMIC_SEQ_CST);
        __builtin___clear_cache((char *)code, (char *)(code + 2));
        for (int k = 0; k < 200; k++) call(code);
    }
    stop = 1;
    pthread_join(thread, &odd);
    say("rewritten by another thread: %ld odd answers, at last %d", (long)odd, call(code));
}

int main(void) {
    rewritten_with_fence();
    loop_rewrites_itself();
    by_mprotect();
    by_read();
    by_mmap();
    after_fork();
    by_another_thread();
    return 0;
}
