// /proc/self: the shape of maps, stat, status, statm, cmdline, environ, exe, cwd, fd, fdinfo, mem, limits (man 5 proc).
#include "check.h"
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/auxv.h>

static char text[65536];

static char *slurp(const char *path) {
    int fd = open(path, O_RDONLY);
    ssize_t n = 0, got;
    while ((got = read(fd, text + n, sizeof text - 1 - n)) > 0) n += got;
    text[n] = 0;
    if (fd < 0) say("%s: %s", path, name_of(errno));
    close(fd);
    return text;
}

// The line of maps that holds an address: its rights and name, "none" if no line does.
static void where(const char *what, unsigned long at) {
    slurp("/proc/self/maps");
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        unsigned long start, end, offset, inode;
        unsigned major, minor;
        char rights[8], name[256] = "";
        if (sscanf(line, "%lx-%lx %7s %lx %x:%x %lu %255[^\n]", &start, &end, rights, &offset, &major, &minor, &inode, name) < 7) say("odd line %s", line);
        if (at < start || at >= end) continue;
        // The name starts in column 73 when there is one.
        say("%s: %s offset %s inode %s name %s at %ld", what, rights, offset ? "some" : "0", inode ? "some" : "0", *name ? name : "none",
            *name ? (long)(strstr(line, name) - line) : 0);
        return;
    }
    say("%s: none", what);
}

static void status_line(const char *name) {
    slurp("/proc/self/status");
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') { say("%s", line); return; }
    }
    say("%s absent", name);
}

static int data = 5;

int main(int argc, char **argv) {
    int local;
    where("code", (unsigned long)main);
    where("data", (unsigned long)&data);
    where("stack", (unsigned long)&local);
    where("heap", (unsigned long)sbrk(0) - 1);
    where("vdso", getauxval(AT_SYSINFO_EHDR));
    where("nowhere", 8);
    char *m = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    where("anonymous", (unsigned long)m);
    mprotect(m + 4096, 4096, PROT_NONE), where("protected", (unsigned long)m + 4096);
    mprotect(m + 8192, 4096, PROT_READ | PROT_EXEC), where("executable", (unsigned long)m + 8192);
    int fd = file_with("a file", "12345");
    where("shared file", (unsigned long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
    char *gone = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
    unlink("a file"), where("unlinked file", (unsigned long)gone);
    where("shared memory", (unsigned long)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));

    // stat: 52 fields, the second in brackets whatever it holds.
    prctl(PR_SET_NAME, "a) b (c");
    slurp("/proc/self/stat");
    char *rest = strrchr(text, ')') + 2;
    int fields = 2;
    for (char *c = rest; *c; c++) fields += *c == ' ' || *c == '\n';
    say("stat: %d fields, name %.*s", fields, (int)(rest - 2 - strchr(text, '(')) + 1, strchr(text, '('));
    int pid, ppid, pgrp, session, tty, tpgid;
    char state;
    sscanf(text, "%d", &pid), sscanf(rest, "%c %d %d %d %d %d", &state, &ppid, &pgrp, &session, &tty, &tpgid);
    say("state %c pid %d ppid %d pgrp %d session %d tty %d tpgid %d", state, pid == getpid(), ppid == getppid(), pgrp == getpgrp(),
        session == getsid(0), tty, tpgid);
    long priority, nice, threads;
    unsigned long size, resident;
    sscanf(rest, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld %ld %ld %*s %*s %lu %lu", &priority, &nice, &threads, &size, &resident);
    say("priority %ld nice %ld threads %ld", priority, nice, threads);
    IS(size % 4096 == 0 && size / 4096 >= resident && resident > 10);
    unsigned long a, b, c;
    sscanf(slurp("/proc/self/statm"), "%lu %lu %lu", &a, &b, &c);
    IS(a >= b && b >= c && a < 100000);
    say("comm %s", strtok(slurp("/proc/self/comm"), "\n"));
    const char *names[] = {"Name", "Umask", "State", "TracerPid", "Uid", "Gid", "FDSize", "Threads", "SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt",
        "NoNewPrivs"};
    handle(SIGUSR1, (void (*)(int))(uintptr_t)main, 0), handle(SIGUSR2, SIG_IGN, 0);
    sigset_t set;
    sigemptyset(&set), sigaddset(&set, SIGHUP), sigprocmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGHUP);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) status_line(names[i]);
    const char *sizes[] = {"VmPeak", "VmSize", "VmHWM", "VmRSS", "VmData", "VmStk", "VmExe", "VmLib"};
    for (int i = 0; i < 8; i++) {
        unsigned long kb = 0;
        char *line = strstr(slurp("/proc/self/status"), sizes[i]), unit[8] = "";
        if (line) sscanf(strchr(line, ':') + 1, "%lu %7s", &kb, unit);
        say("%s: %s %s", sizes[i], kb || i == 7 ? "a number of" : "?", unit);
    }

    int n = 0;
    slurp("/proc/self/cmdline");
    say("cmdline %s then %d", text, text[strlen(text) + 1]);
    argv[0][1] = 'T', say("cmdline follows argv: %s", slurp("/proc/self/cmdline"));
    IS(strncmp(slurp("/proc/self/environ"), "PATH=", 5) == 0 || strchr(text, '=') != NULL);
    ssize_t length = readlink("/proc/self/exe", text, sizeof text);
    say("exe %.*s", (int)length, text);
    length = readlink("/proc/self/cwd", text, sizeof text), say("cwd %.*s", (int)length, text);
    length = readlink("/proc/self/root", text, sizeof text), say("root %.*s", (int)length, text);
    snprintf(text, sizeof text, "%d", getpid());
    char self[32] = {0};
    readlink("/proc/self", self, 31);
    IS(strcmp(self, text) == 0);
    int pair[2];
    pipe(pair);
    DIR *d = opendir("/proc/self/fd");
    for (struct dirent *e; (e = readdir(d));) n += e->d_name[0] != '.';
    say("descriptors %d", n);
    closedir(d);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    length = readlink(path, text, sizeof text), say("fd %.*s", (int)length, text);
    snprintf(path, sizeof path, "/proc/self/fd/%d", pair[0]);
    length = readlink(path, text, sizeof text), say("fd %.6s", text);
    struct stat st;
    lstat(path, &st), say("mode of a read end %o", st.st_mode);
    TRY(readlink("/proc/self/fd/99", text, 10));
    int again = open(path, O_WRONLY | O_NONBLOCK);
    IS(again >= 0);
    lseek(fd, 3, SEEK_SET);
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
    sscanf(slurp(path), "pos: %d flags: %o", &n, (unsigned *)&pid);
    say("fdinfo pos %d flags %o", n, pid);
    int mem = open("/proc/self/mem", O_RDWR);
    int value = 77;
    TRY(pwrite(mem, &value, 4, (off_t)(unsigned long)&data));
    say("data %d", data);
    TRY(pread(mem, &value, 4, 8));
    TRY(open("/proc/self/nothing", O_RDONLY));
    TRY(open("/proc/999999/stat", O_RDONLY));
    TRY(open("/proc/self/maps", O_WRONLY) >= 0);
    TRY(mkdir("/proc/self/x", 0700));
    stat("/proc/self/stat", &st), say("mode %o size %ld", st.st_mode, (long)st.st_size);
    fd = open("/proc/self/stat", O_RDONLY);
    TRY(read(fd, text, 3));
    TRY(read(fd, text, 2));
    TRY(lseek(fd, 0, SEEK_SET));
    TRY(lseek(fd, 0, SEEK_END));
    return argc > 5;
}
