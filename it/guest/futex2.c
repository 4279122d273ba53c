// The futex calls with sizes (man 2 futex_waitv; Linux: kernel/futex/syscalls.c).
#include "check.h"
#include <pthread.h>

enum { SIZE_U8 = 0, SIZE_U32 = 2, PRIVATE = 128 };

struct waiter {
    uint64_t val, uaddr;
    uint32_t flags, reserved;
};

static uint32_t words[3];

static long waitv(struct waiter *waiters, unsigned n, unsigned flags, struct timespec *end, int clock) {
    return syscall(449, waiters, n, flags, end, clock);
}

static long wake2(void *word, unsigned long mask, int n, unsigned flags) { return syscall(454, word, mask, n, flags); }

static long wait2(void *word, unsigned long value, unsigned long mask, unsigned flags, struct timespec *end, int clock) {
    return syscall(455, word, value, mask, flags, end, clock);
}

static long requeue2(struct waiter *waiters, unsigned flags, int wake, int move) {
    return syscall(456, waiters, flags, wake, move);
}

static struct waiter on(int i, uint64_t value) {
    return (struct waiter){value, (uintptr_t)&words[i], SIZE_U32 | PRIVATE, 0};
}

static void *waits_any(void *unused) {
    (void)unused;
    struct waiter all[] = {on(0, 0), on(1, 0), on(2, 0)};
    return (void *)waitv(all, 3, 0, NULL, 0);
}

static void *waits_masked(void *mask) { return (void *)wait2(&words[0], 0, (uintptr_t)mask, SIZE_U32 | PRIVATE, NULL, 0); }

static void errors(void) {
    struct waiter one[] = {on(0, 0)};
    struct timespec past = {0, 1}, bad = {0, 1000000000};
    TRY(waitv(one, 0, 0, NULL, 0));
    TRY(waitv(one, 129, 0, NULL, 0));
    TRY(waitv(one, 1, 1, NULL, 0));
    TRY(waitv(NULL, 1, 0, NULL, 0));
    TRY(waitv((void *)8, 1, 0, NULL, 0));
    TRY(waitv(one, 1, 0, &past, CLOCK_MONOTONIC));
    TRY(waitv(one, 1, 0, &past, CLOCK_REALTIME));
    TRY(waitv(one, 1, 0, &past, CLOCK_BOOTTIME));
    TRY(waitv(one, 1, 0, &bad, CLOCK_MONOTONIC));
    one[0].val = 7;
    TRY(waitv(one, 1, 0, NULL, 0));
    one[0].val = 1L << 32;
    TRY(waitv(one, 1, 0, NULL, 0));
    one[0] = on(0, 0), one[0].flags = SIZE_U8 | PRIVATE;
    TRY(waitv(one, 1, 0, NULL, 0));
    one[0] = on(0, 0), one[0].reserved = 1;
    TRY(waitv(one, 1, 0, NULL, 0));
    one[0] = on(0, 0), one[0].uaddr += 2;
    TRY(waitv(one, 1, 0, NULL, 0));
    one[0] = on(0, 0), one[0].uaddr = 4096;
    TRY(waitv(one, 1, 0, NULL, 0));
    TRY(wait2(&words[0], 0, 0, SIZE_U32, NULL, 0));
    TRY(wait2(&words[0], 1, 1, SIZE_U32, NULL, 0));
    TRY(wait2(&words[0], 0, 1L << 32, SIZE_U32, NULL, 0));
    TRY(wait2(&words[0], 0, 1, 0, NULL, 0));
    TRY(wait2(&words[0], 0, 1, SIZE_U32, &past, CLOCK_MONOTONIC));
    TRY(wake2(&words[0], 1, 1, SIZE_U32 | PRIVATE));
    TRY(wake2(&words[0], 0, 1, SIZE_U32));
    TRY(wake2((char *)&words[0] + 1, 1, 1, SIZE_U32));
    TRY(wake2(NULL, 1, 1, SIZE_U32));
    TRY(wake2(&words[0], 1, 1, 64));
    struct waiter two[] = {on(0, 0), on(1, 0)};
    TRY(requeue2(NULL, 0, 1, 1));
    TRY(requeue2(two, 1, 1, 1));
    TRY(requeue2(two, 0, -1, 1));
    TRY(requeue2(two, 0, 1, 1));
    two[0].val = 5;
    TRY(requeue2(two, 0, 1, 1));
    two[1].flags &= ~PRIVATE;
    TRY(requeue2(two, 0, 1, 1));
}

static void waking(void) {
    for (int i = 0; i < 3; i++) {
        pthread_t thread;
        void *result;
        pthread_create(&thread, NULL, waits_any, NULL);
        while (wake2(&words[i], -1U, 1, SIZE_U32 | PRIVATE) == 0) pause_ms(1);
        pthread_join(thread, &result);
        say("woken at %ld", (long)result);
    }
    pthread_t thread;
    void *result;
    pthread_create(&thread, NULL, waits_masked, (void *)6);
    pause_ms(50);
    TRY(wake2(&words[0], 1, 1, SIZE_U32 | PRIVATE));
    TRY(wake2(&words[0], 2, 0, SIZE_U32 | PRIVATE));
    while (wake2(&words[0], 2, 1, SIZE_U32 | PRIVATE) == 0) pause_ms(1);
    pthread_join(thread, &result);
    say("masked %ld", (long)result);
}

static void moving(void) {
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, waits_masked, (void *)-1U);
    pause_ms(100);
    struct waiter two[] = {on(0, 0), on(1, 0)};
    TRY(requeue2(two, 0, 1, 1));
    TRY(wake2(&words[1], 1, 9, SIZE_U32 | PRIVATE));
    TRY(wake2(&words[0], 1, 9, SIZE_U32 | PRIVATE));
    for (int i = 0; i < 3; i++) pthread_join(threads[i], NULL);
}

int main(void) {
    errors();
    waking();
    moving();
}
