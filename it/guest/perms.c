// Permissions as a user who is not root, and the calls that change who one is (man 7 path_resolution, credentials).
#include "check.h"
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static void ids(const char *what) {
    uid_t r, e, s;
    gid_t gr, ge, gs;
    getresuid(&r, &e, &s), getresgid(&gr, &ge, &gs);
    say("%s: uid %d %d %d gid %d %d %d", what, r, e, s, gr, ge, gs);
}

static void become(uid_t uid, gid_t gid) {
    setgroups(0, NULL), setgid(gid), setuid(uid);
}

static void file(const char *name, mode_t mode, uid_t uid, gid_t gid) {
    close(file_with(name, "x")), chown(name, uid, gid), chmod(name, mode);
}

static void can(const char *name) {
    char line[64] = "";
    int fd = open(name, O_RDONLY | O_NONBLOCK);
    strcat(line, fd >= 0 ? "r" : "-"), close(fd);
    fd = open(name, O_WRONLY | O_NONBLOCK);
    strcat(line, fd >= 0 ? "w" : "-"), close(fd);
    strcat(line, access(name, X_OK) == 0 ? "x" : "-");
    say("%s: %s", name, line);
}

static void as_user(void) {
    ids("user");
    const char *all[] = {"own0", "own7", "group0", "group7", "other0", "other7", "extra", "closed/in", "hidden/in", "rdonly/in"};
    for (int i = 0; i < 10; i++) can(all[i]);
    TRY(open("new", O_CREAT | O_WRONLY, 0600));
    TRY(mkdir("newdir", 0700));
    TRY(symlink("a", "newlink"));
    TRY(rename("own7", "renamed"));
    TRY(unlink("own7"));
    TRY(link("own7", "second"));
    TRY(access("closed/in", F_OK));
    TRY(open("closed", O_RDONLY));
    TRY(chdir("closed"));
    TRY(open("hidden", O_RDONLY));
    TRY(chdir("hidden") || chdir(".."));
    TRY(chmod("own7", 04777));
    TRY(chmod("other7", 0777));
    TRY(chown("own7", 1000, 1000));
    TRY(chown("own7", 1001, -1));
    TRY(chown("own7", -1, 1005));
    TRY(chown("own7", -1, 77));
    TRY(chown("other7", 1000, -1));
    struct stat st;
    stat("own7", &st), say("chown clears set-uid: mode %o", st.st_mode & 07777);
    TRY(utimensat(AT_FDCWD, "other7", NULL, 0));
    TRY(utimensat(AT_FDCWD, "other7", (struct timespec[2]){{1, 0}, {1, 0}}, 0));
    TRY(utimensat(AT_FDCWD, "other0", NULL, 0));
    TRY(open("sticky/mine", O_CREAT | O_WRONLY, 0600) >= 0);
    TRY(unlink("sticky/mine"));
    TRY(unlink("sticky/roots"));
    TRY(rename("sticky/roots", "sticky/x"));
    TRY(truncate("own0", 0));
    TRY(truncate("other0", 0));
    TRY(mknod("tmp", S_IFCHR | 0600, 0x103));
    TRY(execl("other0", "x", NULL));
    TRY(execl("own0", "x", NULL));
    TRY(kill(getppid(), 0));
    TRY(kill(1, 0));
    TRY(kill(-1, 0));
    TRY(setuid(0));
    TRY(setgid(0));
    TRY(setreuid(0, -1));
    TRY(setgroups(0, NULL));
    TRY(setresuid(1000, 1000, 0));
    TRY(setpriority(PRIO_PROCESS, 0, 5));
    TRY(setpriority(PRIO_PROCESS, 0, 0));
    TRY(chroot("."));
    TRY(sethostname("x", 1));
    struct timespec t = {0, 0};
    TRY(clock_settime(CLOCK_REALTIME, &t));
    struct rlimit l = {1024, 1 << 30};
    TRY(setrlimit(RLIMIT_NOFILE, &l));
    TRY(open("/proc/1/environ", O_RDONLY));
    TRY(readlink("/proc/1/exe", (char[10]){0}, 10));
    TRY(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    TRY(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

int main(int argc, char **argv) {
    if (argc > 1) return ids(argv[1]), 0;
    ids("root");
    umask(0);
    chmod(".", 0755);
    file("own0", 0077, 1000, 1000), file("own7", 0700, 1000, 1000);
    file("group0", 0707, 0, 1000), file("group7", 0070, 0, 1000);
    file("other0", 0770, 0, 99), file("other7", 0007, 0, 99), file("extra", 0050, 0, 1005);
    mkdir("closed", 0644), file("closed/in", 0666, 0, 0), mkdir("hidden", 0711), file("hidden/in", 0666, 0, 0);
    mkdir("rdonly", 0755), file("rdonly/in", 0666, 0, 0), mkdir("sticky", 01777), file("sticky/roots", 0666, 0, 0);
    gid_t extra = 1005;
    CHILD("user", (setgroups(1, &extra), setgid(1000), setuid(1000), as_user()));
    // Root reads and writes all, and executes what anybody may.
    can("own0"), can("other7"), can("closed/in");
    file("noexec", 0666, 0, 0), can("noexec");

    CHILD("saved ids", ({
        TRY(setresuid(1000, 1001, 1002)), ids("set");
        TRY(setuid(1002)), ids("setuid to saved");
        TRY(setresuid(-1, 1000, -1)), ids("effective");
        TRY(setreuid(1002, -1)), ids("setreuid");
        TRY(setuid(5));
    }));
    CHILD("setreuid sets saved", (TRY(setreuid(-1, 1000)), ids("now"), TRY(setuid(0)), ids("back")));
    CHILD("setuid drops for good", (TRY(setuid(1000)), TRY(setuid(0)), TRY(seteuid(0))));
    CHILD("seteuid can go back", (setegid(1000), TRY(seteuid(1000)), TRY(open("other0", O_RDONLY)), TRY(seteuid(0)), TRY(close(open("other0", O_RDONLY)))));
    CHILD("access asks as the real user", (setgid(1000), setresuid(1000, 0, 0), TRY(access("other0", R_OK)), TRY(faccessat(AT_FDCWD, "other0", R_OK, AT_EACCESS)), TRY(close(open("other0", O_RDONLY)))));
    CHILD("setfsuid", (syscall(SYS_setfsgid, 1000), say("%d %d", (int)syscall(SYS_setfsuid, 1000), (int)syscall(SYS_setfsuid, -1)), TRY(open("other0", O_RDONLY))));
    gid_t groups[3] = {7, 5, 9}, got[3];
    CHILD("groups", (TRY(setgroups(3, groups)), TRY(getgroups(0, NULL)), TRY(getgroups(2, got)), TRY(getgroups(3, got)), say("%d %d %d", got[0], got[1], got[2])));
    TRY(syscall(SYS_setgroups, 70000, groups));
    CHILD("negative", TRY(syscall(SYS_setuid, -1)));

    // Set-uid programs.
    int in = open("/proc/self/exe", O_RDONLY), out = (int)OK(open("suid", O_CREAT | O_WRONLY, 0755));
    struct stat st;
    fstat(in, &st);
    for (char b[65536]; ; ) { ssize_t n = read(in, b, sizeof b); if (n <= 0) break; write(out, b, n); }
    close(out);
    chown("suid", 1001, 1002), chmod("suid", 06755);
    CHILD("exec of a set-uid file", (become(1000, 1000), TRY(execl("suid", "suid", "as", NULL))));
    CHILD("with no_new_privs", (become(1000, 1000), prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), TRY(execl("suid", "suid", "as", NULL))));
    CHILD("a write clears set-uid", (become(1000, 1000), ({ chmod("suid", 06777); }), _exit(0)));
    chmod("suid", 06777);
    CHILD("writer", (become(1000, 1000), close(open("suid", O_WRONLY)), ({ int fd = open("suid", O_WRONLY | O_APPEND); write(fd, "x", 1); })));
    stat("suid", &st), say("mode %o", st.st_mode & 07777);
    return 0;
}
