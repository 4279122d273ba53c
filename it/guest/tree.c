/*
 * A tree of files by a number: what one kernel has written another one is asked for.
 *
 *   tree write FOLDER SEED     makes FOLDER, with sizes, names, links, holes and attributes that follow from SEED
 *   tree check FOLDER SEED     compares it; status 1 and a line for each difference
 *   tree change FOLDER SEED    makes of the tree of SEED that of SEED + 1, in place
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { FILES = 60, MANY = 2500, HOLES = 40, DEEP = 30 };

static int wrong;

static void differs(const char *path, const char *what)
{
    printf("%s: %s (errno %d)\n", path, what, errno);
    wrong = 1;
}

#define CHECK(path, condition) do { errno = 0; if (!(condition)) differs(path, #condition); } while (0)

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t x = a * 0x9E3779B97F4A7C15u ^ (b + 0x2545F4914F6CDD1D) * 0xD6E8FEB86659FD93u;
    x ^= x >> 29; x *= 0xBF58476D1CE4E5B9u; x ^= x >> 32;
    return x;
}

static void fill(char *bytes, size_t size, uint64_t seed)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)mix(seed, i / 8) + (char)i;
}

static size_t size_of(uint64_t seed, int i)
{
    static const size_t most[] = {1, 60, 160, 1024, 4096, 4097, 20000, 300000};
    return mix(seed, i) % (most[i % 8] + 1);
}

static void content(const char *path, uint64_t seed, size_t size, int check)
{
    static char now[300001], then[300001];
    fill(then, size, seed);
    int fd = check ? open(path, O_RDONLY) : open(path, O_RDWR | O_CREAT | O_TRUNC, 0600 + seed % 64);
    CHECK(path, fd >= 0);
    if (!check) {
        size_t half = size / 3;
        CHECK(path, pwrite(fd, then + half, size - half, half) == (ssize_t)(size - half));
        CHECK(path, pwrite(fd, then, half, 0) == (ssize_t)half);
        CHECK(path, fchmod(fd, 0600 + seed % 64) == 0 && fchown(fd, seed % 70000, seed % 66000) == 0);
        struct timespec times[2] = {{.tv_sec = seed % 4600000000, .tv_nsec = 7}, {.tv_sec = seed % 4600000000, .tv_nsec = 123456789}};
        CHECK(path, futimens(fd, times) == 0);
    } else {
        struct stat st;
        CHECK(path, fstat(fd, &st) == 0 && st.st_size == (off_t)size);
        CHECK(path, (st.st_mode & 07777) == 0600 + seed % 64 && st.st_uid == seed % 70000 && st.st_gid == seed % 66000);
        CHECK(path, st.st_mtim.tv_sec == (time_t)(seed % 4600000000) && st.st_mtim.tv_nsec == 123456789);
        CHECK(path, pread(fd, now, size + 1, 0) == (ssize_t)size && memcmp(now, then, size) == 0);
    }
    close(fd);
}

static void attribute(const char *path, const char *name, size_t size, uint64_t seed, int check)
{
    static char now[4096], then[4096];
    fill(then, size, seed);
    if (check)
        CHECK(path, lgetxattr(path, name, now, sizeof now) == (ssize_t)size && memcmp(now, then, size) == 0);
    else
        CHECK(path, lsetxattr(path, name, then, size, 0) == 0);
}

static void file(int i, uint64_t seed, int check)
{
    char path[64], other[64];
    snprintf(path, sizeof path, "file %d", i);
    content(path, mix(seed, i) >> 8, size_of(seed, i), check);
    if (i % 5 == 0)
        attribute(path, "user.small", 20, seed + i, check);
    if (i % 10 == 0)
        attribute(path, "user.large", 700, seed + i, check);
    snprintf(other, sizeof other, "link %d", i);
    if (i % 7 == 0) {
        struct stat a, b;
        if (!check)
            CHECK(other, (unlink(other) == 0 || errno == ENOENT) && link(path, other) == 0);
        CHECK(other, stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_ino == b.st_ino && a.st_nlink == 2);
    }
    if (i % 7 == 1) {
        char target[512], now[512];
        int length = i % 2 ? 20 : 300;
        memset(target, 'a' + seed % 20, length);
        target[length] = 0;
        if (!check)
            CHECK(other, (unlink(other) == 0 || errno == ENOENT) && symlink(target, other) == 0);
        CHECK(other, readlink(other, now, sizeof now) == length && memcmp(now, target, length) == 0);
    }
}

/* Pages far apart, some of them twice. */
static void sparse(uint64_t seed, int check)
{
    static char now[4096], then[4096], zeros[4096];
    int fd = open("sparse", check ? O_RDONLY : O_RDWR | O_CREAT | O_TRUNC, 0644);
    CHECK("sparse", fd >= 0);
    for (int i = 0; i < HOLES; i++) {
        off_t at = ((off_t)i << 24) + (off_t)(mix(seed, i) % 4000) * 1024;
        fill(then, sizeof then, seed + i);
        if (!check)
            CHECK("sparse", pwrite(fd, then, sizeof then, at) == sizeof then);
        else
            CHECK("sparse", pread(fd, now, sizeof now, at) == sizeof now && memcmp(now, then, sizeof now) == 0);
        if (check)
            CHECK("sparse", pread(fd, now, sizeof now, ((off_t)i << 24) + (8 << 20)) >= 0
                && (i == HOLES - 1 || memcmp(now, zeros, sizeof now) == 0));
    }
    close(fd);
}

/* Many names in one folder: those of one parity in five have gone. */
static void many(uint64_t seed, int check)
{
    char path[128];
    if (!check)
        CHECK("many", mkdir("many", 0755) == 0 || errno == EEXIST);
    for (int i = 0; i < MANY; i++) {
        snprintf(path, sizeof path, "many/a name of some length, number %d, \xc3\xbc", i);
        int gone = mix(seed, i) % 5 == 0;
        if (!check && gone)
            CHECK(path, unlink(path) == 0 || errno == ENOENT);
        if (!check && !gone) {
            int fd = open(path, O_WRONLY | O_CREAT, 0644);
            CHECK(path, fd >= 0 && close(fd) == 0);
        }
        if (check)
            CHECK(path, (access(path, F_OK) == 0) == !gone);
    }
    int listed = 0, expected = 0;
    DIR *folder = opendir("many");
    CHECK("many", folder != NULL);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        listed += entry->d_name[0] == 'a';
    closedir(folder);
    for (int i = 0; i < MANY; i++)
        expected += mix(seed, i) % 5 != 0;
    CHECK("many", listed == expected);
}

static void deep(uint64_t seed, int check)
{
    char path[DEEP * 8 + 16] = "d";
    for (int i = 0; i < DEEP; i++) {
        if (!check)
            CHECK(path, mkdir(path, 0700) == 0 || errno == EEXIST);
        struct stat st;
        CHECK(path, stat(path, &st) == 0 && S_ISDIR(st.st_mode));
        CHECK(path, !check || st.st_nlink == (i < DEEP - 1 ? 3 : 2));
        snprintf(path + strlen(path), 8, "/d%d", i);
    }
    *strrchr(path, '/') = 0;
    strcat(path, "/end");
    content(path, seed, 5000, check);
}

static void nodes(int check)
{
    struct stat st;
    if (!check)
        CHECK("nodes", (mkfifo("fifo", 0600) == 0 || errno == EEXIST)
            && (mknod("node", S_IFCHR | 0600, makedev(259, 70000)) == 0 || errno == EEXIST));
    CHECK("fifo", stat("fifo", &st) == 0 && S_ISFIFO(st.st_mode));
    CHECK("node", stat("node", &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(259, 70000));
}

/* Blocks that are there and were never written read as zeros; the middle was cut out. */
static void allocated(uint64_t seed, int check)
{
    static char now[65536], then[65536];
    int fd = open("allocated", check ? O_RDONLY : O_RDWR | O_CREAT | O_TRUNC, 0644);
    fill(then, 4096, seed);
    if (!check)
        CHECK("allocated", fallocate(fd, 0, 0, sizeof now) == 0 && pwrite(fd, then, 4096, 0) == 4096
            && pwrite(fd, then, 4096, 16384) == 4096 && fallocate(fd, 3, 16384, 4096) == 0);
    memset(then + 4096, 0, sizeof then - 4096);
    CHECK("allocated", pread(fd, now, sizeof now, 0) == sizeof now && memcmp(now, then, sizeof now) == 0);
    close(fd);
}

static void tree(uint64_t seed, int check)
{
    for (int i = 0; i < FILES; i++)
        file(i, seed, check);
    sparse(seed, check);
    many(seed, check);
    deep(seed, check);
    nodes(check);
    allocated(seed, check);
}

int main(int count, char **arguments)
{
    if (count != 4)
        return 2;
    uint64_t seed = strtoull(arguments[3], NULL, 10);
    int check = strcmp(arguments[1], "check") == 0;
    umask(0);
    if (strcmp(arguments[1], "write") == 0)
        CHECK(arguments[2], mkdir(arguments[2], 0755) == 0);
    CHECK(arguments[2], chdir(arguments[2]) == 0);
    if (wrong)
        return 1;
    tree(strcmp(arguments[1], "change") == 0 ? seed + 1 : seed, check);
    printf("%s %s: %s\n", arguments[1], arguments[2], wrong ? "differs" : "all as it should be");
    return wrong;
}
