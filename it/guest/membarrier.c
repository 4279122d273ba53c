// membarrier(2): registering, and that it orders what threads see.
#include "check.h"
#include <linux/membarrier.h>
#include <pthread.h>
#include <stdatomic.h>

#define ROUNDS 300

static long barrier(int command) {
    return syscall(SYS_membarrier, command, 0, 0);
}

static atomic_int x, y, turn, seen_by_other;

// Stores and looks without a fence: the other side makes it one.
static void *other(void *unused) {
    for (int i = 1; i <= ROUNDS; i++) {
        for (int spins = 0; atomic_load(&turn) != i; spins++) if (spins > 2000) sched_yield();
        atomic_store_explicit(&x, 1, memory_order_relaxed);
        atomic_signal_fence(memory_order_seq_cst);
        seen_by_other = atomic_load_explicit(&y, memory_order_relaxed);
        atomic_store(&turn, -i);
        sched_yield();
    }
    return unused;
}

int main(void) {
    IS((barrier(MEMBARRIER_CMD_QUERY) & 0x7f) == 0x7f);
    TRY(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED));
    TRY(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE));
    TRY(barrier(MEMBARRIER_CMD_GLOBAL));
    TRY(barrier(MEMBARRIER_CMD_GLOBAL_EXPEDITED));
    TRY(barrier(512));
    TRY(barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED));
    TRY(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED));
    TRY(barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE));
    TRY(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE));
    TRY(barrier(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED));
    IS(barrier(512) & MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
    CHILD("child", TRY(barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)));
    TRY(barrier(3));
    TRY(barrier(1 << 20));
    TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 2, 0));
    TRY(syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 1, 0));

    pthread_t thread;
    int neither = 0;
    pthread_create(&thread, NULL, other, NULL);
    for (int i = 1; i <= ROUNDS; i++) {
        x = y = 0;
        atomic_store(&turn, i);
        atomic_store_explicit(&y, 1, memory_order_relaxed);
        barrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED);
        int seen = atomic_load_explicit(&x, memory_order_relaxed);
        while (atomic_load(&turn) != -i) sched_yield();
        neither += !seen && !seen_by_other;
    }
    pthread_join(thread, NULL);
    say("neither saw the other: %d", neither);
    return 0;
}
