// A program that generates code as language runtimes do: an expression's code is written, made executable, run hot, thrown
// away, its pages used for the next; through two mappings of one file as well; and code that one hart patches while
// another runs it in a loop that never leaves it.
#include "check.h"
#include <pthread.h>
#include <sys/syscall.h>

enum { PAGE = 4096, ARENA = 4 * PAGE };

static uint32_t addi(int rd, int rs, int imm) { return 0x13u | rd << 7 | rs << 15 | (uint32_t)imm << 20; }
static uint32_t op(int funct7, int funct3, int rd, int rs1, int rs2) {
    return 0x33u | rd << 7 | funct3 << 12 | rs1 << 15 | rs2 << 20 | (uint32_t)funct7 << 25;
}
static const uint32_t RET = 0x00008067;

static uint32_t seed = 1;
static uint32_t next(void) { return seed = seed * 1664525 + 1013904223; }

// Writes code for a random polynomial of a0 and does the same in C.
static long compiled(uint32_t *code, int length, long x) {
    long value = x, n = 0;
    code[n++] = addi(5, 10, 0); // t0 = x
    for (int i = 0; i < length; i++) {
        int k = (int)(next() >> 20) % 2000 - 1000;
        switch (next() >> 30) {
            case 0: code[n++] = addi(10, 10, k); value += k; break;
            case 1: code[n++] = op(1, 0, 10, 10, 5); value = (long)((unsigned long)value * x); break;
            case 2: code[n++] = op(0, 4, 10, 10, 5); value ^= x; break;
            default: code[n++] = op(0x20, 0, 10, 10, 5); value = (long)((unsigned long)value - x); break;
        }
    }
    code[n++] = RET;
    return value;
}

static long wrong_after(uint32_t *run, long x, long expected) {
    long wrong = 0;
    for (int i = 0; i < 300; i++) wrong += ((long (*)(long))run)(x) != expected;
    return wrong;
}

static void flush(void *from, void *to) {
    syscall(259, from, to, 0); // riscv_flush_icache
}

// Each function in its own place of an arena that is used over and over.
static void arena(void) {
    char *place = mmap(NULL, ARENA, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long wrong = 0, at = 0;
    for (int i = 0; i < 400; i++) {
        if (at + 300 > ARENA) at = 0;
        uint32_t *code = (uint32_t *)(place + at);
        long x = next(), expected = compiled(code, 50, x);
        flush(code, code + 60);
        wrong += wrong_after(code, x, expected);
        at += 244; // over the ends of pages too
    }
    say("generated into an arena: %ld wrong", wrong);
    munmap(place, ARENA);
}

// Written by mprotect, never writable and executable at once.
static void write_xor_execute(void) {
    char *place = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long wrong = 0;
    for (int i = 0; i < 100; i++) {
        mprotect(place, PAGE, PROT_READ | PROT_WRITE);
        long x = next(), expected = compiled((uint32_t *)place, 100, x);
        mprotect(place, PAGE, PROT_READ | PROT_EXEC);
        flush(place, place + PAGE);
        wrong += wrong_after((uint32_t *)place, x, expected);
    }
    say("writable or executable: %ld wrong", wrong);
    munmap(place, PAGE);
}

// Unmapped and mapped anew at the same address.
static void unmapped(void) {
    long wrong = 0;
    char *before = NULL;
    for (int i = 0; i < 100; i++) {
        char *place = mmap(before, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        long x = next(), expected = compiled((uint32_t *)place, 80, x);
        flush(place, place + PAGE);
        wrong += wrong_after((uint32_t *)place, x, expected);
        before = place;
        munmap(place, PAGE);
    }
    say("unmapped and mapped anew: %ld wrong", wrong);
}

// The same frame writable at one address and executable at another, as careful runtimes have it.
static void two_mappings(void) {
    int file = syscall(SYS_memfd_create, "code", 0);
    ftruncate(file, PAGE);
    char *to = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char *run = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    long wrong = 0;
    for (int i = 0; i < 100; i++) {
        long x = next(), expected = compiled((uint32_t *)to, 100, x);
        flush(run, run + PAGE);
        wrong += wrong_after((uint32_t *)run, x, expected);
    }
    say("written through another mapping: %ld wrong", wrong);
    // and by the kernel, through the file
    for (int i = 0; i < 50; i++) {
        static uint32_t code[200];
        long x = next(), expected = compiled(code, 100, x);
        pwrite(file, code, sizeof code, 0);
        flush(run, run + PAGE);
        wrong += wrong_after((uint32_t *)run, x, expected);
    }
    say("and through the file: %ld wrong", wrong);
}

// A loop without a call or an end, until its jump is patched away by another thread.
static uint32_t *loop;
static void *spin(void *turns) {
    *(long *)turns = ((long (*)(long))loop)(0);
    return NULL;
}

static void patched_loop(void) {
    loop = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long ended = 0;
    for (int i = 0; i < 20; i++) {
        pthread_t thread;
        long turns = 0;
        loop[0] = addi(10, 10, 1);
        loop[1] = 0xffdff06f; // j -4
        loop[2] = RET;
        flush(loop, loop + 3);
        pthread_create(&thread, NULL, spin, &turns);
        usleep(5000);
        __atomic_store_n(loop + 1, 0x00000013, __ATOMIC_SEQ_CST); // nop
        flush(loop, loop + 3);
        pthread_join(thread, NULL);
        ended += turns > 0;
    }
    say("loops that another thread ended: %ld", ended);
}

int main(void) {
    arena();
    write_xor_execute();
    unmapped();
    two_mappings();
    patched_loop();
    return 0;
}
