// Very many of one thing at once, each of which works: processes, threads, open files. Says what it has, and gives all back.
#include "../check.h"
#include <pthread.h>
#include <sys/resource.h>

static int *go; // shared by all

static void until_go(void) {
    while (!__atomic_load_n(go, __ATOMIC_ACQUIRE)) syscall(SYS_futex, go, 0, 0, NULL);
}

// All that was wanted, or which error was in the way.
static void has(int n, int wanted, const char *what, int error) {
    if (n == wanted) say("%d %s", n, what);
    else say("%s %s: %s", n > 500 ? "not all" : "few", what, name_of(error));
}

static void start(void) {
    __atomic_store_n(go, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, go, 1, 1 << 30);
}

// Each process has memory of its own, and tells its parent a number that was made in it.
static void processes(int wanted) {
    static volatile int mine;
    int n = 0, error = 0;
    for (; n < wanted; n++) {
        pid_t pid = fork();
        if (pid == -1) {
            error = errno;
            break;
        }
        if (pid == 0) {
            mine = n % 200;
            until_go();
            _exit(mine);
        }
    }
    has(n, wanted, "processes", error);
    start();
    long sum = 0;
    int status, ended = 0;
    for (; wait(&status) > 0; ended++) sum += WEXITSTATUS(status);
    long expected = 0;
    for (int i = 0; i < n; i++) expected += i % 200;
    say("%s", ended == n && sum == expected ? "each ended with its own status" : "statuses are wrong");
}

static void *thread(void *number) {
    until_go();
    return (void *)((long)number * 3);
}

static void threads(int wanted) {
    pthread_t *all = calloc((size_t)wanted, sizeof *all);
    pthread_attr_t attr;
    int n = 0, error = 0;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 16384);
    for (; n < wanted; n++) {
        if ((error = pthread_create(&all[n], &attr, thread, (void *)(long)n)) != 0) break;
    }
    has(n, wanted, "threads", error);
    start();
    int good = 0;
    for (int i = 0; i < n; i++) {
        void *result;
        pthread_join(all[i], &result);
        good += result == (void *)((long)i * 3);
    }
    say("%s", good == n ? "each gave its number" : "results are wrong");
}

// Files of 20 processes together, every one of which can be read.
static void files(int wanted) {
    int each = wanted / 20;
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){(rlim_t)each + 10, (rlim_t)each + 10});
    for (int i = 0; i < each; i++) {
        char name[32];
        snprintf(name, sizeof name, "/tmp/f%d", i);
        int fd = open(name, O_WRONLY | O_CREAT, 0644);
        write(fd, &i, sizeof i);
        close(fd);
    }
    int ends[2];
    pipe(ends);
    for (int p = 0; p < 20; p++) {
        if (fork() != 0) continue;
        struct { int opened, good, error; } told = {0, 0, 0};
        int *all = calloc((size_t)each, sizeof *all);
        for (int i = 0; i < each; i++) {
            char name[32];
            snprintf(name, sizeof name, "/tmp/f%d", i);
            all[i] = open(name, O_RDONLY);
            if (all[i] == -1) {
                told.error = errno;
                break;
            }
            told.opened++;
        }
        for (int i = 0; i < told.opened; i++) {
            int number = -1;
            told.good += read(all[i], &number, sizeof number) == sizeof number && number == i;
        }
        write(ends[1], &told, sizeof told);
        until_go();
        _exit(0);
    }
    int opened = 0, good = 0, error = 0;
    for (int p = 0; p < 20; p++) {
        struct { int opened, good, error; } told;
        read(ends[0], &told, sizeof told);
        opened += told.opened, good += told.good;
        if (told.error) error = told.error;
    }
    has(opened, wanted, "open files", error);
    say("%s", good == opened ? "each has its contents" : "contents are wrong");
    start();
    while (wait(NULL) > 0) { }
    for (int i = 0; i < each; i++) {
        char name[32];
        snprintf(name, sizeof name, "/tmp/f%d", i);
        unlink(name);
    }
}

int main(int argc, char **argv) {
    int wanted = argc > 2 ? atoi(argv[2]) : 0;
    go = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (argc > 2 && strcmp(argv[1], "processes") == 0) processes(wanted);
    else if (argc > 2 && strcmp(argv[1], "threads") == 0) threads(wanted);
    else if (argc > 2 && strcmp(argv[1], "files") == 0) files(wanted);
    else return 2;
    return 0;
}
