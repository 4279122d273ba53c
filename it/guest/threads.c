// Threads as a C library uses them: create, join, mutex, condition, barrier, thread-local storage, exit, exec, signals.
#include "check.h"
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t semaphore;
static long counter;
static int turn;
static _Thread_local int own = 7;
static _Atomic int ready, in_handler, serials;
static pthread_key_t key;

static void *add(void *times) {
    for (long i = 0; i < (long)times; i++) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
    }
    return (void *)((long)times * 2);
}

static void *ping(void *me) {
    for (int i = 0; i < 200; i++) {
        pthread_mutex_lock(&mutex);
        while (turn != (int)(long)me) pthread_cond_wait(&condition, &mutex);
        turn = !turn;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void *meet(void *unused) {
    own++;
    if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) serials++;
    if (own != 8) say("thread-local %d", own);
    return unused;
}

static void *spin(void *unused) {
    ready++;
    for (;;) __asm__ volatile("nop");
    return unused;
}

static void *sleeper(void *unused) {
    ready++;
    for (;;) pause();
    return unused;
}

static void note(int signal) {
    (void)signal;
    in_handler = gettid();
}

static void *catcher(void *tid) {
    *(_Atomic int *)tid = gettid();
    sem_wait(&semaphore);
    return NULL;
}

static void *names(void *unused) {
    IS(getpid() != gettid());
    int fd = open("/proc/self/task", O_RDONLY | O_DIRECTORY);
    IS(fd >= 0);
    char path[64], text[64] = {0};
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", gettid());
    pthread_setname_np(pthread_self(), "worker");
    fd = open(path, O_RDONLY);
    read(fd, text, 60);
    printf("name %s", text);
    fflush(stdout);
    return unused;
}

static void gone(void *value) {
    say("destructor %ld", (long)value);
}

static void *with_key(void *unused) {
    pthread_setspecific(key, (void *)5);
    return unused;
}

static void *exits(void *unused) {
    pause_ms(20);
    _exit(42);
    return unused;
}

static void *executes(void *name) {
    pause_ms(20);
    execl("/proc/self/exe", name, "again", NULL);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc > 1) return IS(getpid() == gettid()), 6;
    pthread_t t[8];
    long total = 0;
    for (long i = 0; i < 8; i++) pthread_create(&t[i], NULL, add, (void *)(1000 * (i + 1)));
    for (int i = 0; i < 8; i++) { void *r; pthread_join(t[i], &r); total += (long)r; }
    say("counter %ld total %ld", counter, total);
    for (long i = 0; i < 2; i++) pthread_create(&t[i], NULL, ping, (void *)i);
    for (int i = 0; i < 2; i++) pthread_join(t[i], NULL);
    say("turn %d", turn);
    pthread_barrier_init(&barrier, NULL, 8);
    for (int i = 0; i < 8; i++) pthread_create(&t[i], NULL, meet, NULL);
    for (int i = 0; i < 8; i++) pthread_join(t[i], NULL);
    say("serials %d, own here %d", serials, own);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 20000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&mutex);
    say("timed wait: %s", name_of(pthread_cond_timedwait(&condition, &mutex, &until)));
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < 300; i++) pthread_create(&t[0], NULL, with_key, NULL), pthread_join(t[0], NULL);
    say("300 threads came and went");
    pthread_key_create(&key, gone);
    pthread_create(&t[0], NULL, with_key, NULL), pthread_join(t[0], NULL);
    pthread_create(&t[0], NULL, names, NULL), pthread_join(t[0], NULL);
    IS(getpid() == gettid());

    // A signal to a thread is handled by it; one to the process by whoever does not block it.
    handle(SIGUSR1, note, SA_RESTART);
    _Atomic int tid = 0;
    sem_init(&semaphore, 0, 0);
    pthread_create(&t[0], NULL, catcher, (void *)&tid);
    while (!tid) pause_ms(1);
    pthread_kill(t[0], SIGUSR1);
    while (!in_handler) pause_ms(1);
    IS(in_handler == tid);
    sigset_t set;
    sigemptyset(&set), sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    in_handler = 0;
    kill(getpid(), SIGUSR1);
    while (!in_handler) pause_ms(1);
    IS(in_handler == tid);
    sem_post(&semaphore);
    pthread_join(t[0], NULL);

    // The end of one process is the end of all its threads, wherever they are.
    CHILD("_exit with threads that spin and sleep", (pthread_create(&t[0], NULL, spin, NULL), pthread_create(&t[1], NULL, sleeper, NULL), _exit(3)));
    CHILD("_exit in a thread", (pthread_create(&t[0], NULL, exits, NULL), pause(), pause()));
    CHILD("SIGKILL", (pthread_create(&t[0], NULL, spin, NULL), kill(getpid(), SIGKILL)));
    CHILD("fault in a thread", ({ setenv("x", "y", 1); pthread_create(&t[0], NULL, (void *(*)(void *))(uintptr_t)8, NULL); pause(); }));
    CHILD("exec in a thread", (pthread_create(&t[0], NULL, executes, argv[0]), pthread_create(&t[1], NULL, spin, NULL), pause(), pause()));
    CHILD("the first thread ends before the others", (pthread_create(&t[0], NULL, exits, NULL), pthread_exit(NULL)));
    CHILD("fork in a process with threads copies one", ({
        pthread_create(&t[0], NULL, sleeper, NULL);
        while (ready < 1) pause_ms(1);
        CHILD("forked", ({ char line[32] = {0}; int fd = open("/proc/self/stat", O_RDONLY); char all[600]; all[read(fd, all, 599)] = 0;
            sscanf(strrchr(all, ')') + 2, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %31s", line); say("threads %s", line); }));
        _exit(0);
    }));
    pid_t child = fork();
    if (child == 0) { pthread_create(&t[0], NULL, spin, NULL); for (;;) pause(); }
    int status;
    pause_ms(50), kill(child, SIGSTOP), waitpid(child, &status, WUNTRACED), say_status("stops as one", status);
    kill(child, SIGKILL), say_status("dies as one", reap(child));
    return 0;
}
