// futex(2) by itself: wait, wake, bitsets, requeue, timeouts, errors; robust lists and the child's tid word.
#include "check.h"
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>

static _Atomic int word, other, waiting, woken;

static long futex(void *at, int op, int value, const void *timeout, void *second, int third) {
    return syscall(SYS_futex, at, op, value, timeout, second, third);
}

static void *waiter(void *unused) {
    waiting++;
    long r = futex(&word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    if (r == 0) woken++;
    return unused;
}

static void *bit_waiter(void *bits) {
    waiting++;
    if (futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, (int)(long)bits) == 0) woken += 1 << (int)(long)bits;
    return NULL;
}

static void await(_Atomic int *what, int n) {
    while (*what < n) pause_ms(1);
    pause_ms(30);
}

struct robust { struct robust *next; };
static struct { struct robust entry; int word; } locked;
static struct { struct robust list; long offset; struct robust *pending; } head;

static void *dies_with_lock(void *unused) {
    head.list.next = &locked.entry, head.offset = (char *)&locked.word - (char *)&locked.entry, head.pending = NULL;
    locked.entry.next = &head.list;
    locked.word = gettid();
    syscall(SYS_set_robust_list, &head, sizeof head);
    syscall(SYS_exit, 0);
    return unused;
}

int main(void) {
    struct timespec soon = {0, 50000000}, bad = {0, 1000000000}, negative = {-1, 0}, start;
    TRY(futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0));
    TRY(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0));
    clock_gettime(CLOCK_MONOTONIC, &start);
    TRY(futex(&word, FUTEX_WAIT, 0, &soon, NULL, 0));
    IS(ms_since(start) >= 50 && ms_since(start) < 1000);
    TRY(futex(&word, FUTEX_WAIT, 0, &bad, NULL, 0));
    TRY(futex(&word, FUTEX_WAIT, 0, &negative, NULL, 0));
    TRY(futex((char *)&word + 1, FUTEX_WAIT, 0, NULL, NULL, 0));
    TRY(futex((char *)&word + 1, FUTEX_WAKE, 1, NULL, NULL, 0));
    TRY(futex(NULL, FUTEX_WAIT, 0, NULL, NULL, 0));
    TRY(futex((void *)8, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0));
    TRY(futex((void *)8, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    TRY(futex((void *)8, FUTEX_WAKE, 1, NULL, NULL, 0));
    TRY(futex(&word, FUTEX_WAIT, 0, (void *)8, NULL, 0));
    TRY(futex(&word, 77, 0, NULL, NULL, 0));
    TRY(futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
    clock_gettime(CLOCK_MONOTONIC, &start);
    struct timespec until = start;
    until.tv_nsec += 50000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    TRY(futex(&word, FUTEX_WAIT_BITSET, 0, &until, NULL, -1));
    IS(ms_since(start) >= 50);
    clock_gettime(CLOCK_REALTIME, &until);
    TRY(futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &until, NULL, -1));

    pthread_t t[4];
    for (int i = 0; i < 4; i++) pthread_create(&t[i], NULL, waiter, NULL);
    await(&waiting, 4);
    TRY(futex(&word, FUTEX_WAKE, 4, NULL, NULL, 0));
    TRY(futex(&other, FUTEX_WAKE_PRIVATE, 4, NULL, NULL, 0));
    TRY(futex(&word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    await(&woken, 1);
    say("woken %d", woken);
    TRY(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)1, &other, 1));
    TRY(futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)1, &other, 0));
    await(&woken, 2);
    TRY(futex(&word, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0));
    TRY(futex(&other, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0));
    for (int i = 0; i < 4; i++) pthread_join(t[i], NULL);
    say("woken %d", woken);

    waiting = woken = 0;
    pthread_create(&t[0], NULL, bit_waiter, (void *)1), pthread_create(&t[1], NULL, bit_waiter, (void *)2);
    await(&waiting, 2);
    TRY(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 9, NULL, NULL, 4));
    TRY(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 9, NULL, NULL, 2));
    await(&woken, 4);
    say("woken %d", woken);
    TRY(futex(&word, FUTEX_WAKE_BITSET_PRIVATE, 9, NULL, NULL, 3));
    pthread_join(t[0], NULL), pthread_join(t[1], NULL);
    other = 5;
    // Set other to 7, wake word's, and other's if it was greater than 4.
    TRY(futex(&word, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, &other, FUTEX_OP(FUTEX_OP_SET, 7, FUTEX_OP_CMP_GT, 4)));
    say("other %d", other);

    // Between processes: by the page for shared memory, not for private.
    _Atomic int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) { shared[1] = 1; _exit(futex(shared, FUTEX_WAIT, 0, NULL, NULL, 0) == 0 ? 4 : 5); }
    await(&shared[1], 1);
    TRY(futex(shared, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    TRY(futex(shared, FUTEX_WAKE, 1, NULL, NULL, 0));
    say_status("child", reap(child));

    pthread_create(&t[0], NULL, dies_with_lock, NULL);
    pthread_detach(t[0]);
    for (int i = 0; i < 500 && !(locked.word & FUTEX_OWNER_DIED); i++) pause_ms(2);
    say("robust word: owner died %s, owner cleared %s", locked.word & FUTEX_OWNER_DIED ? "yes" : "no", locked.word & FUTEX_TID_MASK ? "no" : "yes");
    void *where;
    size_t size;
    TRY(syscall(SYS_set_robust_list, &head, 7));
    TRY(syscall(SYS_get_robust_list, 0, &where, &size));
    say("size %zu", size);
    TRY(syscall(SYS_get_robust_list, 999999, &where, &size));
    return 0;
}
