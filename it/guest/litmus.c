// The memory model between two threads, as far as a program can rely on it: RISC-V's litmus tests.
// (The RISC-V Instruction Set Manual, volume I, "RVWMO"; github.com/litmus-tests/litmus-tests-riscv)
#include "check.h"
#include <pthread.h>

enum { ROUNDS = 4000, CELLS = 64 };

static long rounds = ROUNDS; // more by an argument: a million take minutes

struct cell {
    long x, y;
    long fill[14]; // x and y of different cells do not share a line
};

static struct cell cells[CELLS];
static long seen[2][CELLS][2];
static long arrived, passed;
static void (*tests[2])(struct cell *, long *);

static inline long load(long *p) { return *(volatile long *)p; }
static inline void store(long *p, long v) { *(volatile long *)p = v; }

#define FENCE(kinds) __asm__ volatile("fence " kinds ::: "memory")

static void mp_write(struct cell *c, long *r) { store(&c->x, 1); FENCE("w, w"); store(&c->y, 1); (void)r; }
static void mp_read(struct cell *c, long *r) { r[0] = load(&c->y); FENCE("r, r"); r[1] = load(&c->x); }

static void mp_release(struct cell *c, long *r) {
    store(&c->x, 1);
    __asm__ volatile("amoswap.d.rl zero, %0, (%1)" : : "r"(1L), "r"(&c->y) : "memory");
    (void)r;
}

static void mp_acquire(struct cell *c, long *r) {
    __asm__ volatile("amoadd.d.aq %0, zero, (%1)" : "=r"(r[0]) : "r"(&c->y) : "memory");
    r[1] = load(&c->x);
}

static void sb_left(struct cell *c, long *r) { store(&c->x, 1); FENCE("rw, rw"); r[0] = load(&c->y); }
static void sb_right(struct cell *c, long *r) { store(&c->y, 1); FENCE("rw, rw"); r[0] = load(&c->x); }

static void sb_plain_left(struct cell *c, long *r) { store(&c->x, 1); r[0] = load(&c->y); }
static void sb_plain_right(struct cell *c, long *r) { store(&c->y, 1); r[0] = load(&c->x); }

static void sb_amo_left(struct cell *c, long *r) {
    __asm__ volatile("amoswap.d.aqrl zero, %0, (%1)" : : "r"(1L), "r"(&c->x) : "memory");
    __asm__ volatile("amoadd.d.aqrl %0, zero, (%1)" : "=r"(r[0]) : "r"(&c->y) : "memory");
}

static void sb_amo_right(struct cell *c, long *r) {
    __asm__ volatile("amoswap.d.aqrl zero, %0, (%1)" : : "r"(1L), "r"(&c->y) : "memory");
    __asm__ volatile("amoadd.d.aqrl %0, zero, (%1)" : "=r"(r[0]) : "r"(&c->x) : "memory");
}

static void lb_left(struct cell *c, long *r) { r[0] = load(&c->x); FENCE("rw, rw"); store(&c->y, 1); }
static void lb_right(struct cell *c, long *r) { r[0] = load(&c->y); FENCE("rw, rw"); store(&c->x, 1); }

static void co_write(struct cell *c, long *r) { store(&c->x, 1); store(&c->x, 2); (void)r; }
static void co_read(struct cell *c, long *r) { r[0] = load(&c->x); r[1] = load(&c->x); }

// Both threads leave this within nanoseconds of each other, if both have a hart: a wait in the kernel would let one
// run all its cells before the other wakes up.
static void meet(void) {
    long turn = __atomic_load_n(&passed, __ATOMIC_ACQUIRE);
    if (__atomic_add_fetch(&arrived, 1, __ATOMIC_ACQ_REL) == 2) {
        __atomic_store_n(&arrived, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&passed, turn + 1, __ATOMIC_RELEASE);
        return;
    }
    for (long spins = 1; __atomic_load_n(&passed, __ATOMIC_ACQUIRE) == turn; spins++) {
        if (spins % 3000 == 0) usleep(20); // the other's hart may wait for this one's processor
        else if (spins % 100 == 0) sched_yield();
    }
}

// One test: both halves at once, again and again; counts outcomes that must not be.
static long forbidden;
static int (*bad)(long (*left)[2], long (*right)[2], int i);

static void *judge(void *self) {
    long me = (long)self;
    for (long round = 0; round < rounds; round++) {
        long turn = me && round & 1 ? CELLS - 1 : 0; // every other time towards each other: they must cross
        meet();
        for (int i = 0; i < CELLS; i++) tests[me](cells + (i ^ turn), seen[me][i ^ turn]);
        meet();
        if (me != 0) continue;
        for (int i = 0; i < CELLS; i++) forbidden += bad(seen[0], seen[1], i);
        memset(cells, 0, sizeof cells);
    }
    return NULL;
}

static void test(const char *name, void (*left)(struct cell *, long *), void (*right)(struct cell *, long *),
                 int (*outcome)(long (*)[2], long (*)[2], int)) {
    pthread_t thread;
    tests[0] = left, tests[1] = right, bad = outcome, forbidden = 0;
    pthread_create(&thread, NULL, judge, (void *)1);
    judge((void *)0);
    pthread_join(thread, NULL);
    say("%s: %ld %s", name, forbidden, left == sb_plain_left ? "seen, as they may be" : "forbidden");
}

static int new_then_old(long (*l)[2], long (*r)[2], int i) { (void)l; return r[i][0] == 1 && r[i][1] == 0; }
static int both_old(long (*l)[2], long (*r)[2], int i) { return l[i][0] == 0 && r[i][0] == 0; }
static int both_new(long (*l)[2], long (*r)[2], int i) { return l[i][0] == 1 && r[i][0] == 1; }
static int backwards(long (*l)[2], long (*r)[2], int i) { (void)l; return r[i][1] < r[i][0]; }

// A loop that waits for another thread's plain store must see it.
static long flag;
static void *raise_flag(void *unused) { usleep(20000); store(&flag, 1); return unused; }

static void spin(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, raise_flag, NULL);
    while (!load(&flag)) { }
    pthread_join(thread, NULL);
    say("a loop saw the store it waited for");
}

static long total;
static void *count(void *unused) {
    for (int i = 0; i < 100000; i++) __atomic_fetch_add(&total, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < 100000; i++) {
        long old, fail;
        do {
            __asm__ volatile("lr.d %0, (%2)\n\taddi %0, %0, 1\n\tsc.d %1, %0, (%2)"
                             : "=&r"(old), "=&r"(fail) : "r"(&total) : "memory");
        } while (fail);
    }
    return unused;
}

int main(int argc, char **argv) {
    if (argc > 1) rounds = atol(argv[1]);
    test("message passing with fences", mp_write, mp_read, new_then_old);
    test("message passing with release and acquire", mp_release, mp_acquire, new_then_old);
    test("store buffering with fences", sb_left, sb_right, both_old);
    test("store buffering with aqrl operations", sb_amo_left, sb_amo_right, both_old);
    test("load buffering with fences", lb_left, lb_right, both_new);
    test("coherence of two loads", co_write, co_read, backwards);
    if (argc > 2) test("store buffering without fences", sb_plain_left, sb_plain_right, both_old);
    spin();
    pthread_t thread;
    pthread_create(&thread, NULL, count, NULL);
    count(NULL);
    pthread_join(thread, NULL);
    say("counted together: %ld", total);
    return 0;
}
