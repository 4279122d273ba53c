// execve(2): refusals, scripts, what survives, argument and environment limits.
#include "check.h"
#include <sys/prctl.h>
#include <sys/resource.h>

extern char **environ;

static void script(const char *name, const char *text, mode_t mode) {
    close(file_with(name, text));
    chmod(name, mode);
}

static void show(int argc, char **argv) {
    printf("argc %d:", argc);
    for (int i = 0; i < argc; i++) printf(" <%s>", argv[i] ? argv[i] : "null");
    say("");
}

static void run(const char *path) {
    char *argv[] = {"zero", "one", "two words", NULL};
    pid_t pid = fork();
    if (pid == 0) { execv(path, argv); say("%s: %s", path, name_of(errno)); _exit(0); }
    int status = reap(pid);
    if (status) say_status(path, status);
}

static void state(void) {
    unsigned long mask = 0;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, NULL, &mask, 8);
    sigset_t pending;
    sigpending(&pending);
    struct sigaction usr1, usr2, chld;
    sigaction(SIGUSR1, NULL, &usr1), sigaction(SIGUSR2, NULL, &usr2), sigaction(SIGCHLD, NULL, &chld);
    say("mask %lx pending %lx caught %s ignored %s chld %s", mask, *(unsigned long *)&pending, usr1.sa_handler == SIG_DFL ? "default" : "kept",
        usr2.sa_handler == SIG_IGN ? "kept" : "default", chld.sa_handler == SIG_IGN ? "ignored" : "default");
    char name[32];
    prctl(PR_GET_NAME, name);
    say("name %s umask %o alarm %s", name, umask(0), alarm(0) ? "kept" : "gone");
    IS(environ[0] && strcmp(environ[0], "A=1") == 0 && environ[1] == NULL);
    say("dumpable %d", prctl(PR_GET_DUMPABLE));
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "state") == 0) return state(), 0;
    if (argc > 1 || strcmp(argv[0], "/tmp/exec")) return show(argc, argv), 0;
    symlink("/tmp/exec", "self");
    script("plain", "echo no\n", 0755);
    script("empty", "", 0755);
    script("elf", "\177ELF\2\1\1", 0755);
    script("denied", "#!/tmp/exec\n", 0644);
    script("s1", "#!/tmp/exec\n", 0755);
    script("s2", "#! /tmp/exec   arg with spaces  \nrest\n", 0755);
    script("s3", "#!/tmp/exec arg", 0755);
    script("s4", "#!\n", 0755);
    script("s5", "#!/nowhere\n", 0755);
    script("s6", "#!./denied\n", 0755);
    script("n1", "#!./s2 deeper\n", 0755), script("n2", "#!./n1\n", 0755), script("n3", "#!./n2\n", 0755);
    script("n4", "#!./n3\n", 0755), script("n5", "#!./n4\n", 0755), script("n6", "#!./n5\n", 0755);
    char longer[300] = "#!/";
    memset(longer + 3, 'x', 290), strcpy(longer + 293, "\n");
    script("long", longer, 0755);
    mkdir("dir", 0755), mkfifo("fifo", 0755), symlink("loop", "loop");
    const char *paths[] = {"self", "plain", "empty", "elf", "denied", "s1", "s2", "s3", "s4", "s5", "s6", "n1", "n2", "n3", "n4", "n5", "n6",
        "long", "dir", "fifo", "loop", "missing", "", "s1/x", "/dev/null", "/proc/self/exe"};
    for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++) run(paths[i]);

    TRY(syscall(SYS_execve, (void *)8, argv, environ));
    TRY(syscall(SYS_execve, "self", (void *)8, environ));
    TRY(syscall(SYS_execve, "self", ((char *[]){(char *)8, NULL}), environ));
    TRY(syscall(SYS_execve, "self", argv, (void *)8));
    CHILD("argv NULL", execve("self", NULL, environ));
    CHILD("argv empty", execve("self", (char *[]){NULL}, environ));
    TRY(syscall(SYS_execveat, 99, "x", argv, environ, 0));
    int fd = open("self", O_RDONLY | O_CLOEXEC);
    char *given[] = {"by fd", "x", NULL};
    CHILD("execveat of a descriptor", TRY(syscall(SYS_execveat, fd, "", given, environ, AT_EMPTY_PATH)));
    CHILD("of a link", TRY(syscall(SYS_execveat, AT_FDCWD, "self", given, environ, AT_SYMLINK_NOFOLLOW)));
    CHILD("fexecve of a script that closes", ({ int s = open("s1", O_RDONLY | O_CLOEXEC); TRY(syscall(SYS_execveat, s, "", given, environ, AT_EMPTY_PATH)); }));

    // Limits: one string of 128 KiB, all of them a quarter of the stack's limit.
    char *big = malloc(200000);
    memset(big, 'b', 200000);
    big[131071] = 0;
    CHILD("a string of 131071", execl("self", "zero", "state", big, NULL));
    big[131071] = 'b', big[131072] = 0;
    CHILD("a string of 131072", TRY(execl("self", "zero", "x", big, NULL)));
    big[131071] = 0;
    char *many[64];
    for (int i = 0; i < 63; i++) many[i] = big;
    many[0] = "zero", many[1] = "state", many[63] = NULL;
    CHILD("8 MB of strings", TRY(execv("self", many)));
    many[15] = NULL;
    CHILD("1.7 MB of strings", TRY(execv("self", many)));
    many[5] = NULL;
    CHILD("half a megabyte under a small stack", ({ struct rlimit l = {1 << 20, RLIM_INFINITY}; setrlimit(RLIMIT_STACK, &l); TRY(execv("self", many)); }));

    // What an exec keeps.
    CHILD("state", ({
        handle(SIGUSR1, (void (*)(int))(uintptr_t)main, 0), handle(SIGUSR2, SIG_IGN, 0), handle(SIGCHLD, SIG_IGN, 0);
        sigset_t set;
        sigemptyset(&set), sigaddset(&set, SIGUSR1), sigaddset(&set, SIGHUP);
        sigprocmask(SIG_BLOCK, &set, NULL);
        kill(getpid(), SIGHUP);
        prctl(PR_SET_NAME, "renamed");
        umask(051), alarm(100);
        execle("self", "zero", "state", NULL, (char *[]){"A=1", NULL});
    }));
    CHILD("comm is the file's name, not argv[0]", ({ symlink("/tmp/exec", "a-name-longer-than-15"); execl("a-name-longer-than-15", "zero", "state", NULL); }));

    // A program that is being run cannot be written to, nor one that is open for writing run.
    TRY(open("/tmp/exec", O_WRONLY));
    int w = open("s1", O_WRONLY);
    run("s1");
    close(w);
    // Neither a bad segment nor a missing interpreter lets a half-made process go on.
    int in = open("/proc/self/exe", O_RDONLY);
    unsigned char head[4096];
    read(in, head, sizeof head);
    struct { const char *name; int at, value; } broken[] = {{"class32", 4, 1}, {"bigendian", 5, 2}, {"relocatable", 16, 1}, {"x86", 18, 62}, {"phentsize", 54, 1}, {"nophdrs", 56, 0}};
    for (int i = 0; i < 6; i++) {
        unsigned char old = head[broken[i].at];
        head[broken[i].at] = (unsigned char)broken[i].value;
        int out = open(broken[i].name, O_CREAT | O_WRONLY, 0755);
        write(out, head, sizeof head), close(out);
        head[broken[i].at] = old;
        run(broken[i].name);
    }
    return 0;
}
