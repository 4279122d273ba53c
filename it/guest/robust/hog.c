// Never ends by itself: takes without end, or cannot be talked to.
#include "../check.h"
#include <pthread.h>
#include <sched.h>

static void block_all(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
}

static void memory(void) {
    for (;;) {
        char *more = malloc(1 << 20);
        if (more == NULL) continue;
        for (int i = 0; i < 1 << 20; i += 4096) more[i] = 1;
    }
}

static void bomb(void) {
    for (;;) fork();
}

static void spin(void) {
    block_all();
    say("spinning");
    for (;;) { }
}

// Holds full pipes in as many processes as there can be.
static void pipes(void) {
    static char page[65536];
    for (;;) {
        int ends[2];
        if (pipe2(ends, O_NONBLOCK) == 0) {
            while (write(ends[1], page, sizeof page) > 0) { }
        } else if (fork() == 0) {
            for (int fd = 3; fd < 1024; fd++) close(fd);
        } else pause();
    }
}

// Makes names without end.
static void files(void) {
    char name[256], target[4000];
    memset(target, 'x', sizeof target);
    target[sizeof target - 1] = 0;
    mkdir("/tmp/names", 0755);
    for (long i = 0;; i++) {
        snprintf(name, sizeof name, "/tmp/names/%0200ld", i);
        if (symlink(target, name) == -1) {
            say("%s", name_of(errno));
            for (;;) pause();
        }
    }
}

static void vfork_child(void) {
    if (vfork() == 0) {
        say("child");
        for (;;) { }
    }
    say("parent goes on");
    _exit(0);
}

static void stopped(void) {
    say("stopping");
    raise(SIGSTOP);
}

int main(int argc, char **argv) {
    static const struct { const char *name; void (*run)(void); } all[] = {
        {"memory", memory}, {"bomb", bomb}, {"spin", spin}, {"pipes", pipes}, {"files", files},
        {"vfork", vfork_child}, {"stopped", stopped},
    };
    for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
        if (argc > 1 && strcmp(argv[1], all[i].name) == 0) all[i].run();
    }
    return 2;
}
