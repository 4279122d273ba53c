// Threads in every state while the group ends, or while one of them executes another program.
#include "../check.h"
#include <pthread.h>
#include <poll.h>

static int word, ready;
static int ends[2];

static void arrived(void) { __atomic_add_fetch(&ready, 1, __ATOMIC_ACQ_REL); }

static void *in_futex(void *u) { arrived(); for (;;) syscall(SYS_futex, &word, 0, 0, NULL); return u; }
static void *in_pipe(void *u) { char c; arrived(); read(ends[0], &c, 1); return u; }
static void *in_poll(void *u) { struct pollfd p = {ends[0], POLLIN, 0}; arrived(); poll(&p, 1, -1); return u; }
static void *in_sleep(void *u) { arrived(); for (;;) pause_ms(1000000); return u; }
static void *in_wait(void *u) { arrived(); for (;;) pause(); return u; }
static void *in_loop(void *u) { arrived(); for (;;) { } return u; }

static void *other_exec(void *path) {
    char *argv[] = {path, "executed", NULL};
    execv(path, argv);
    return NULL;
}

int main(int argc, char **argv) {
    void *(*const all[])(void *) = {in_futex, in_pipe, in_poll, in_sleep, in_wait, in_loop, in_loop};
    pthread_t thread;
    if (argc < 2) return 2;
    if (strcmp(argv[1], "executed") == 0) {
        say("one thread: %s", getpid() == gettid() ? "the leader" : "another");
        return 7;
    }
    pipe(ends);
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) pthread_create(&thread, NULL, all[i], NULL);
    while (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) < 7) sched_yield();
    if (strcmp(argv[1], "exit") == 0) _exit(5);
    if (strcmp(argv[1], "exec") == 0) {
        pthread_create(&thread, NULL, other_exec, argv[0]);
        for (;;) pause();
    }
    say("all there");
    for (;;) { }
}
