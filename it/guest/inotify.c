// inotify(7): what is told of files and directories, in which order, and what is merged.
#include "check.h"
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>

static int fd;

static void events(const char *text) {
    char b[4096] __attribute__((aligned(8)));
    struct pollfd p = {fd, POLLIN, 0};
    say("-- %s", text);
    unsigned cookie = 0;
    while (poll(&p, 1, 0) == 1) {
        ssize_t n = read(fd, b, sizeof b);
        for (char *at = b; at < b + n; ) {
            struct inotify_event *e = (void *)at;
            static const char *names[] = {"ACCESS", "MODIFY", "ATTRIB", "CLOSE_WRITE", "CLOSE_NOWRITE", "OPEN", "MOVED_FROM",
                "MOVED_TO", "CREATE", "DELETE", "DELETE_SELF", "MOVE_SELF", "?", "UNMOUNT", "Q_OVERFLOW", "IGNORED"};
            printf("%d", e->wd);
            for (int i = 0; i < 16; i++) if (e->mask & 1 << i) printf(" %s", names[i]);
            if (e->mask & IN_ISDIR) printf(" ISDIR");
            if (e->cookie) printf(" %s", e->cookie == cookie ? "same cookie" : "cookie");
            cookie = e->cookie;
            if (e->len) printf(" %s (%u)", e->name, e->len);
            putchar('\n');
            at += sizeof *e + e->len;
        }
        fflush(stdout);
    }
}

int main(void) {
    char b[64];
    int n;
    TRY(inotify_init1(1));
    fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    IS(fd >= 0);
    TRY(fcntl(fd, F_GETFD));
    TRY(read(fd, b, sizeof b));
    TRY(write(fd, "x", 1));
    TRY(inotify_add_watch(fd, "none", IN_ALL_EVENTS));
    TRY(inotify_add_watch(fd, ".", 0));
    TRY(inotify_add_watch(99, ".", IN_OPEN));
    TRY(inotify_add_watch(0, ".", IN_OPEN));
    TRY(inotify_add_watch(fd, NULL, IN_OPEN));
    mkdir("d", 0755);
    int d = inotify_add_watch(fd, "d", IN_ALL_EVENTS);
    say("watch %d", d);

    close(open("d/file", O_CREAT | O_WRONLY, 0644));
    events("created");
    int f = open("d/file", O_RDWR);
    write(f, "abc", 3); write(f, "def", 3);
    pread(f, b, 3, 0);
    ftruncate(f, 2);
    fchmod(f, 0600);
    fsetxattr(f, "user.a", "b", 1, 0);
    close(f);
    events("used");
    int self = inotify_add_watch(fd, "d/file", IN_ALL_EVENTS);
    say("another watch %d", self);
    say("the same %d", inotify_add_watch(fd, "d/file", IN_ALL_EVENTS));
    TRY(inotify_add_watch(fd, "d/file", IN_OPEN | IN_MASK_CREATE));
    TRY(inotify_add_watch(fd, "d/file", IN_ONLYDIR | IN_OPEN));
    TRY(inotify_add_watch(fd, "d/file", IN_MASK_CREATE | IN_MASK_ADD));
    truncate("d/file", 0);
    utimensat(AT_FDCWD, "d/file", NULL, 0);
    link("d/file", "d/other");
    events("file and directory");
    rename("d/other", "d/a name that is rather long, to be filled up");
    events("renamed");
    rename("d/a name that is rather long, to be filled up", "out");
    rename("out", "d/in");
    events("out and in");
    unlink("d/in");
    events("one name less");
    f = open("d/file", O_RDONLY);
    unlink("d/file");
    events("the last name");
    close(f);
    events("the last use");
    TRY(inotify_rm_watch(fd, self));

    mkdir("d/sub", 0755);
    symlink("x", "d/link");
    mkfifo("d/fifo", 0600);
    int s = inotify_add_watch(fd, "d/sub", IN_ALL_EVENTS);
    rmdir("d/sub");
    events("directories");
    say("watches go on from %d", s);
    close(open("d", O_RDONLY | O_DIRECTORY));
    events("the directory itself");
    close(open("d/a", O_CREAT | O_WRONLY, 0644));
    close(open("d/b", O_CREAT | O_WRONLY, 0644));
    events("two files");
    rename("d/a", "d/b");
    events("replaced");

    // masks
    TRY(inotify_rm_watch(fd, d));
    events("removed");
    d = inotify_add_watch(fd, "d", IN_CREATE | IN_ONESHOT);
    close(open("d/c", O_CREAT | O_WRONLY, 0644));
    close(open("d/e", O_CREAT | O_WRONLY, 0644));
    events("one shot");
    d = inotify_add_watch(fd, "d", IN_MODIFY | IN_EXCL_UNLINK);
    f = open("d/c", O_WRONLY);
    write(f, "1", 1);
    unlink("d/c");
    write(f, "2", 1);
    close(f);
    events("not of what is unlinked");
    inotify_add_watch(fd, "d", IN_DELETE | IN_MASK_ADD);
    f = open("d/e", O_WRONLY);
    write(f, "1", 1); write(f, "2", 1);
    TRY(ioctl(fd, FIONREAD, &n)); say("waiting %d", n);
    TRY(read(fd, b, 10));
    close(f);
    unlink("d/e");
    events("merged");
    rename("d", "moved");
    inotify_add_watch(fd, "moved", IN_MOVE_SELF | IN_DELETE_SELF);
    rename("moved", "d");
    events("moved itself");

    // a reader is woken
    fcntl(fd, F_SETFL, 0);
    pid_t child = fork();
    if (child == 0) { pause_ms(50); inotify_add_watch(fd, "d", IN_CREATE); mkdir("d/late", 0700); _exit(0); }
    IS(read(fd, b, sizeof b) == 32);
    reap(child);
    return 0;
}
