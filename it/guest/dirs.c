// Directories: getdents64, its cookies, entries that come and go, getcwd, chdir, mkdir, rmdir.
#include "check.h"
#include <dirent.h>

struct entry { uint64_t ino; int64_t off; unsigned short reclen; unsigned char type; char name[]; };

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// Lists a directory through a buffer of SIZE bytes, sorted.
static void list(const char *what, int fd, size_t size) {
    char buffer[4096] __attribute__((aligned(8))), *names[300];
    int n = 0, calls = 0;
    long got;
    while ((got = syscall(SYS_getdents64, fd, buffer, size)) > 0) {
        calls++;
        for (long at = 0; at < got;) {
            struct entry *e = (struct entry *)(buffer + at);
            if (e->reclen % 8 || e->ino == 0) say("bad entry %s", e->name);
            char *name = NULL;
            asprintf(&name, "%s:%d", e->name, e->type);
            names[n++] = name;
            at += e->reclen;
        }
    }
    qsort(names, n, sizeof *names, by_name);
    printf("%s: %s, %d entries%s:", what, got ? name_of(errno) : "end", n, calls > 1 ? " in parts" : "");
    for (int i = 0; i < n && i < 12; i++) printf(" %s", names[i]);
    say("");
}

int main(void) {
    mkdir("d", 0755), chdir("d");
    close(open("file", O_CREAT | O_WRONLY, 0644));
    mkdir("sub", 0755), symlink("file", "link"), mkfifo("fifo", 0600), mknod("null", S_IFCHR | 0600, 0x103);
    int fd = open(".", O_RDONLY | O_DIRECTORY);
    list("all", fd, 4096);
    list("at the end", fd, 4096);
    TRY(lseek(fd, 0, SEEK_SET));
    list("rewound", fd, 4096);
    lseek(fd, 0, SEEK_SET);
    list("small buffer", fd, 64);
    lseek(fd, 0, SEEK_SET);
    list("too small", fd, 10);
    TRY(syscall(SYS_getdents64, fd, (void *)8, 4096));
    TRY(syscall(SYS_getdents64, open("file", O_RDONLY), NULL, 4096));
    TRY(syscall(SYS_getdents64, 99, NULL, 4096));
    TRY(read(fd, &(char[8]){0}, 8));
    TRY(write(fd, "x", 1));

    // Reading while all is being removed finds each entry once and ends.
    mkdir("many", 0755), chdir("many");
    for (int i = 0; i < 200; i++) { char n[8]; snprintf(n, 8, "%d", i); close(open(n, O_CREAT | O_WRONLY, 0600)); }
    DIR *d = opendir(".");
    int seen = 0, removed = 0;
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.') continue;
        seen++;
        removed += unlink(e->d_name) == 0;
    }
    say("seen %d removed %d", seen, removed);
    closedir(d);
    fd = open(".", O_RDONLY);
    list("left", fd, 4096);
    chdir("..");
    TRY(rmdir("many"));
    lseek(fd, 0, SEEK_SET);
    list("a removed directory", fd, 4096);
    TRY(openat(fd, "x", O_CREAT | O_WRONLY, 0600));
    TRY(fchdir(fd));
    char cwd[300];
    TRY(syscall(SYS_getcwd, cwd, sizeof cwd));
    TRY(chdir(".."));
    TRY(syscall(SYS_getcwd, cwd, sizeof cwd));
    TRY(chdir("/tmp/case/d"));
    TRY(syscall(SYS_getcwd, cwd, sizeof cwd));
    say("%s", cwd);
    TRY(syscall(SYS_getcwd, cwd, 12));
    TRY(syscall(SYS_getcwd, cwd, 11));
    TRY(syscall(SYS_getcwd, (void *)8, 100));

    // telldir and seekdir: a cookie leads back to the same entry.
    d = opendir(".");
    readdir(d);
    long cookie = telldir(d);
    char second[256];
    strcpy(second, readdir(d)->d_name);
    while (readdir(d)) { }
    seekdir(d, cookie);
    IS(strcmp(second, readdir(d)->d_name) == 0);
    closedir(d);

    struct stat st;
    stat(".", &st), say("links of d: %lu", (unsigned long)st.st_nlink);
    mkdir("sub2", 0755), stat(".", &st), say("with another: %lu", (unsigned long)st.st_nlink);
    rmdir("sub2"), stat(".", &st), say("without: %lu", (unsigned long)st.st_nlink);
    stat("..", &st);
    ino_t parent = st.st_ino;
    stat("sub/../..", &st);
    IS(st.st_ino == parent);
    stat("/..", &st), parent = st.st_ino, stat("/", &st);
    IS(st.st_ino == parent);
    TRY(mkdir("sub", 0755));
    TRY(mkdir("file/x", 0755));
    TRY(mkdir("no/x", 0755));
    TRY(mkdir("", 0755));
    TRY(mkdir(".", 0755));
    TRY(mkdir("..", 0755));
    TRY(mkdir("/", 0755));
    TRY(mkdir("link", 0755));
    TRY(mkdir("new/", 0755));
    TRY(rmdir("new/"));
    TRY(rmdir("file"));
    TRY(rmdir("link"));
    TRY(rmdir("."));
    TRY(rmdir("sub/."));
    TRY(rmdir("sub/.."));
    TRY(rmdir("/"));
    TRY(rmdir(""));
    TRY(rmdir("missing"));
    TRY(rmdir("sub"));
    TRY(chdir("file"));
    TRY(chdir(""));
    TRY(chdir("missing"));
    umask(0), mkdir("open", 07777), stat("open", &st), say("mode %o", st.st_mode & 07777);
    umask(027), mkdir("masked", 0777), stat("masked", &st), say("mode %o", st.st_mode & 07777);
    chmod("open", 02755), chown("open", 0, 55), mkdir("open/in", 0755), stat("open/in", &st);
    say("below setgid: mode %o gid %d", st.st_mode & 07777, st.st_gid);
    return 0;
}
