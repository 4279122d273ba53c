// openat(2): flags and refusals, against each kind of file; stat, access and friends on the same.
#include "check.h"

static const char *names[] = {"f", "d", "l", "ld", "dangling", "loop", "missing", "f/x", "no/x", "d/", "f/", "missing/", "", ".", "fifo", "null"};
static const struct { const char *name; int flags; } ways[] = {
    {"RDONLY", O_RDONLY}, {"WRONLY", O_WRONLY}, {"RDWR|TRUNC", O_RDWR | O_TRUNC}, {"CREAT", O_WRONLY | O_CREAT},
    {"CREAT|EXCL", O_WRONLY | O_CREAT | O_EXCL}, {"DIRECTORY", O_DIRECTORY}, {"NOFOLLOW", O_NOFOLLOW},
    {"PATH", O_PATH}, {"PATH|NOFOLLOW", O_PATH | O_NOFOLLOW}, {"CREAT|DIRECTORY", O_CREAT | O_DIRECTORY},
    {"TMPFILE", O_TMPFILE | O_RDWR}, {"TMPFILE|RDONLY", O_TMPFILE}, {"APPEND|TRUNC", O_RDONLY | O_APPEND | O_TRUNC},
};

static void build(void) {
    file_with("f", "content");
    mkdir("d", 0755), symlink("f", "l"), symlink("d", "ld"), symlink("nowhere", "dangling"), symlink("loop", "loop");
    mkfifo("fifo", 0644), mknod("null", S_IFCHR | 0666, 0x103);
}

int main(void) {
    build();
    for (unsigned w = 0; w < sizeof ways / sizeof *ways; w++) {
        for (unsigned n = 0; n < sizeof names / sizeof *names; n++) {
            int fd = open(names[n], ways[w].flags | O_NONBLOCK, 0644);
            say("%s %s: %s", ways[w].name, *names[n] ? names[n] : "''", fd < 0 ? name_of(errno) : "ok");
            if (fd >= 0) close(fd);
            unlink("missing"), unlink("nowhere");
        }
    }
    struct stat st;
    close(file_with("f", "content"));
    close(open("f", O_RDONLY | O_TRUNC));
    stat("f", &st), say("RDONLY|TRUNC leaves %ld", (long)st.st_size);
    close(open("dangling", O_WRONLY | O_CREAT, 0600));
    IS(stat("nowhere", &st) == 0);
    umask(022);
    close(open("mode", O_CREAT | O_WRONLY, 07777)), stat("mode", &st), say("mode %o", st.st_mode);
    int fd = open("none", O_CREAT | O_RDWR, 0);
    TRY(write(fd, "x", 1));
    TRY(open("f", 3) >= 0);
    TRY(syscall(SYS_openat, AT_FDCWD, (void *)8, O_RDONLY));
    TRY(openat(99, "f", O_RDONLY));
    TRY(openat(99, "/tmp", O_RDONLY) >= 0);
    TRY(openat(fd, "f", O_RDONLY));
    int dir = open("d", O_RDONLY);
    TRY(openat(dir, "../f", O_RDONLY) >= 0);
    TRY(openat(dir, "new", O_WRONLY | O_CREAT, 0600) >= 0);
    TRY(mkdirat(dir, "sub", 0700));
    TRY(fstatat(dir, "new", &st, 0));
    TRY(fstatat(dir, "", &st, 0));
    TRY(fstatat(dir, "", &st, AT_EMPTY_PATH));
    TRY(fstatat(dir, "sub", &st, 0x40000000));
    TRY(fstatat(AT_FDCWD, "dangling2", &st, AT_SYMLINK_NOFOLLOW));
    TRY(fstatat(99, "x", &st, 0));
    TRY(fstat(99, &st));
    TRY(syscall(SYS_fstat, fd, (void *)8));
    struct statx sx;
    TRY(statx(dir, "new", 0, STATX_ALL, &sx));
    say("statx mask %x mode %o size %llu", sx.stx_mask & STATX_BASIC_STATS, sx.stx_mode, (unsigned long long)sx.stx_size);
    TRY(statx(dir, "", AT_EMPTY_PATH, 0, &sx));
    TRY(statx(dir, "", 0, 0, &sx));
    TRY(statx(dir, "new", 0, 0x80000000, &sx));

    int path = open("l", O_PATH | O_NOFOLLOW);
    fstat(path, &st), IS(S_ISLNK(st.st_mode));
    char target[8];
    TRY(readlinkat(path, "", target, 8));
    path = open("d", O_PATH | O_DIRECTORY);
    TRY(openat(path, "new", O_RDONLY) >= 0);
    TRY(fchdir(path));
    TRY(chdir(".."));
    int temporary = open(".", O_TMPFILE | O_RDWR, 0600);
    fstat(temporary, &st), say("O_TMPFILE links %lu", (unsigned long)st.st_nlink);
    char proc[64];
    snprintf(proc, sizeof proc, "/proc/self/fd/%d", temporary);
    TRY(linkat(AT_FDCWD, proc, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
    IS(stat("named", &st) == 0);

    TRY(access("f", F_OK));
    TRY(access("f", R_OK | W_OK));
    TRY(access("f", X_OK));
    TRY(access("d", X_OK));
    TRY(access("missing2", F_OK));
    TRY(access("f", 8));
    TRY(faccessat(AT_FDCWD, "loop", F_OK, AT_SYMLINK_NOFOLLOW));
    TRY(faccessat(AT_FDCWD, "loop", F_OK, 0));
    TRY(chmod("missing2", 0600));
    TRY(chmod("f", 0100644));
    TRY(fchmodat(AT_FDCWD, "f", 0600, 0));
    TRY(chown("f", 5, 6));
    TRY(chown("f", -1, -1));
    stat("f", &st), say("mode %o uid %d gid %d", st.st_mode, st.st_uid, st.st_gid);
    TRY(lchown("l", 7, 8));
    lstat("l", &st), say("link uid %d gid %d", st.st_uid, st.st_gid);
    TRY(mknod("f", S_IFREG | 0600, 0));
    TRY(mknod("plain", S_IFREG | 0640, 0));
    TRY(mknod("zero", 0600, 0));
    TRY(mknod("dir", S_IFDIR | 0600, 0));
    TRY(mknod("link", S_IFLNK | 0600, 0));
    TRY(mknod("socket", S_IFSOCK | 0600, 0));
    TRY(open("socket", O_RDONLY));
    TRY(mknod("nodevice", S_IFCHR | 0600, 0xfff00));
    TRY(open("nodevice", O_RDONLY));

    // A path may have 4095 bytes, each name 255.
    char longer[4200];
    for (int i = 0; i < 4200; i += 2) memcpy(longer + i, "./", 2);
    longer[4096] = 0;
    TRY(open(longer, O_RDONLY));
    longer[4095] = 0;
    TRY(open(longer, O_RDONLY) >= 0);
    memset(longer, 'n', 256), longer[256] = 0;
    TRY(open(longer, O_RDONLY));
    longer[255] = 0;
    TRY(open(longer, O_RDONLY));
    TRY(access("//tmp//case/./d/../f", F_OK));
    return 0;
}
