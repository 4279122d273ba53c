// rename, link, unlink, symlink, readlink: what each does and every refusal (man 2 rename, link, unlink, symlink).
#include "check.h"


// The tree each refusal is tried on.
static void build(const char *name) {
    mkdir(name, 0755), chdir(name);
    close(open("f", O_CREAT | O_WRONLY, 0644)), close(open("g", O_CREAT | O_WRONLY, 0644));
    mkdir("d", 0755), mkdir("d/e", 0755), mkdir("empty", 0755);
    symlink("f", "l"), symlink("d", "ld"), symlink("nowhere", "dangling"), symlink("loop", "loop");
}

static const char *kind(const char *name) {
    struct stat st;
    if (lstat(name, &st)) return name_of(errno);
    return S_ISDIR(st.st_mode) ? "dir" : S_ISLNK(st.st_mode) ? "link" : "file";
}

static void move(const char *from, const char *to) {
    static int n;
    char name[16];
    snprintf(name, sizeof name, "t%d", n++);
    build(name);
    int r = rename(from, to), error = errno;
    say("rename %s -> %s: %s; %s is %s, %s is %s", *from ? from : "''", *to ? to : "''", r ? name_of(error) : "ok", from, kind(from), to, kind(to));
    chdir("..");
}

static void exchange(const char *from, const char *to, unsigned flags) {
    int r = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags), error = errno;
    say("renameat2 %s %s %u: %s; %s %s", from, to, flags, r ? name_of(error) : "ok", kind(from), kind(to));
}

int main(void) {
    const char *names[] = {"f", "d", "empty", "l", "ld", "dangling", "missing"};
    for (int i = 0; i < 7; i++) for (int j = 0; j < 7; j++) move(names[i], names[j]);
    move("d", "d/e/x"), move("d", "d/e"), move("d/e", "d"), move("f", "f/x"), move("f", "no/x"), move("f/x", "g");
    move("", "g"), move("f", ""), move(".", "x"), move("d/.", "x"), move("d/..", "x"), move("f", "."), move("f", "..");
    move("/", "x"), move("f", "/"), move("f", "new/"), move("empty", "new/"), move("f/", "g"), move("empty/", "d/e/");
    move("loop", "x"), move("loop/x", "y"), move("f", "d/e/f"), move("l", "d/e/l");
    char longer[300];
    memset(longer, 'n', 256), longer[256] = 0;
    build("u");
    TRY(rename("f", longer));
    longer[255] = 0;
    TRY(rename("f", longer));
    TRY(rename(longer, "f"));
    exchange("f", "g", 1), exchange("f", "new", 1), exchange("new", "d", 2), exchange("f", "d", 2), exchange("d", "f", 2);
    exchange("f", "missing", 2), exchange("f", "g", 3), exchange("f", "g", 8);

    build("v");
    // Two names of one file: rename does nothing.
    TRY(link("g", "g2"));
    TRY(rename("g", "g2"));
    say("%s %s", kind("g"), kind("g2"));
    struct stat st;
    stat("g", &st), say("links %lu", (unsigned long)st.st_nlink);
    TRY(link("g", "g2"));
    TRY(link("d", "d2"));
    TRY(link("missing", "x"));
    TRY(link("l", "hard"));
    say("%s", kind("hard"));
    TRY(linkat(AT_FDCWD, "l", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
    TRY(linkat(AT_FDCWD, "dangling", AT_FDCWD, "x", AT_SYMLINK_FOLLOW));
    TRY(linkat(AT_FDCWD, "g", AT_FDCWD, "x", 0x1));
    TRY(link("g", "no/x"));
    TRY(link("g", "dangling"));
    TRY(link("g/", "x"));
    TRY(unlink("d"));
    TRY(unlink("missing"));
    TRY(unlink("f/x"));
    TRY(unlink("g2/"));
    TRY(unlink("."));
    TRY(unlink(""));
    TRY(unlink("ld/"));
    TRY(unlink("ld"));
    TRY(unlinkat(AT_FDCWD, "g2", AT_REMOVEDIR));
    TRY(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR));
    TRY(unlinkat(AT_FDCWD, "d/e", AT_REMOVEDIR));
    TRY(unlinkat(AT_FDCWD, "g2", 0x1));
    TRY(unlink("g2"));
    stat("g", &st), say("links %lu", (unsigned long)st.st_nlink);
    int fd = open("g", O_RDWR);
    TRY(unlink("g"));
    fstat(fd, &st), say("links of an open file %lu", (unsigned long)st.st_nlink);
    TRY(write(fd, "still", 5));
    TRY(linkat(fd, "", AT_FDCWD, "back", AT_EMPTY_PATH));

    TRY(symlink("", "x"));
    TRY(symlink("a", ""));
    TRY(symlink("a", "f"));
    TRY(symlink("a", "dangling"));
    TRY(symlink("a", "no/x"));
    TRY(symlink("a", "new/"));
    char target[5000] = {0};
    memset(target, 't', 4096);
    TRY(symlink(target, "x"));
    target[4095] = 0;
    TRY(symlink(target, "long"));
    TRY(readlink("long", target, 5000));
    TRY(readlink("l", target, 5000));
    TRY(readlink("l", target, 0));
    TRY(readlink("f", target, 10));
    TRY(readlink("missing", target, 10));
    TRY(readlink("loop", target, 2));
    TRY(readlink("loop/", target, 10));
    TRY(readlink("", target, 10));
    lstat("l", &st), say("size %ld mode %o", (long)st.st_size, st.st_mode);
    TRY(stat("loop", &st));
    TRY(open("loop", O_RDONLY));
    return 0;
}
