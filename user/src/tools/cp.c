/*
 * cp.c: cp and mv. A move within a file system is a rename; across two it is a copy and a removal.
 */
#include "box.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct how {
    bool recursive, preserve, keep_links, force, no_overwrite, verbose, update;
};

static int copy(const char *from, const char *to, const struct how *how);

static int failed(const char *path)
{
    warn("%s", path);
    return 1;
}

static void copy_attributes(const char *to, const struct stat *s)
{
    const struct timespec times[] = {s->st_atim, s->st_mtim};
    if (lchown(to, s->st_uid, s->st_gid) < 0 && geteuid() == 0)
        warn("%s", to);
    if (!S_ISLNK(s->st_mode) && chmod(to, s->st_mode & 07777) < 0)
        warn("%s", to);
    utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW);
}

static int copy_file(const char *from, const char *to, const struct stat *s, const struct how *how)
{
    int in = open(from, O_RDONLY);
    if (in < 0)
        return failed(from);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, s->st_mode & 0777);
    if (out < 0 && how->force && unlink(to) == 0)
        out = open(to, O_WRONLY | O_CREAT | O_TRUNC, s->st_mode & 0777);
    int bad = out < 0 || copy_fd(in, out) < 0 || close(out) < 0 ? failed(to) : 0;
    close(in);
    return bad;
}

static int copy_link(const char *from, const char *to)
{
    char target[PATH_MAX];
    ssize_t n = readlink(from, target, sizeof target - 1);
    if (n < 0)
        return failed(from);
    target[n] = '\0';
    unlink(to);
    return symlink(target, to) < 0 ? failed(to) : 0;
}

static int copy_special(const char *to, const struct stat *s)
{
    return mknod(to, s->st_mode, s->st_rdev) < 0 ? failed(to) : 0;
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int copy_entries(const char *from, const char *to, const struct how *how)
{
    int bad = 0;
    DIR *dir = opendir(from);
    struct dirent *e;
    if (!dir)
        return failed(from);
    while ((e = readdir(dir))) {
        if (is_dot(e->d_name))
            continue;
        char *below_from = join_path(from, e->d_name), *below_to = join_path(to, e->d_name);
        bad |= copy(below_from, below_to, how);
        free(below_from);
        free(below_to);
    }
    closedir(dir);
    return bad;
}

/* A copy into itself would never end. */
static bool is_inside(const char *to, const struct stat *dir)
{
    char path[PATH_MAX];
    struct stat s;
    snprintf(path, sizeof path, "%s", to);
    for (;;) {
        if (stat(path, &s) == 0 && s.st_dev == dir->st_dev && s.st_ino == dir->st_ino)
            return true;
        char *slash = strrchr(path, '/');
        if (!slash || slash == path)
            return false;
        *slash = '\0';
    }
}

static int copy_directory(const char *from, const char *to, const struct stat *s, const struct how *how)
{
    if (!how->recursive) {
        warnx("%s: is a directory (-r copies it)", from);
        return 1;
    }
    if (is_inside(to, s)) {
        warnx("%s: cannot be copied into itself", from);
        return 1;
    }
    if (mkdir(to, (s->st_mode & 0777) | 0700) < 0 && errno != EEXIST)
        return failed(to);
    return copy_entries(from, to, how);
}

static int copy(const char *from, const char *to, const struct how *how)
{
    struct stat s, t;
    int bad;
    if ((how->keep_links ? lstat(from, &s) : stat(from, &s)) < 0)
        return failed(from);
    bool there = stat(to, &t) == 0;
    if (there && s.st_dev == t.st_dev && s.st_ino == t.st_ino) {
        warnx("%s and %s are the same file", from, to);
        return 1;
    }
    if (there && !S_ISDIR(t.st_mode) && (how->no_overwrite || (how->update && t.st_mtime >= s.st_mtime)))
        return 0;
    if (S_ISDIR(s.st_mode))
        bad = copy_directory(from, to, &s, how);
    else if (S_ISLNK(s.st_mode))
        bad = copy_link(from, to);
    else if (S_ISREG(s.st_mode) || !how->recursive)
        bad = copy_file(from, to, &s, how);
    else
        bad = copy_special(to, &s);
    if (!bad && how->preserve)
        copy_attributes(to, &s);
    if (!bad && how->verbose)
        printf("'%s' -> '%s'\n", from, to);
    return bad;
}

static int remove_tree(const char *path)
{
    char *argv[] = {"rm", "-rf", (char *)path, NULL};
    optind = 0;
    return rm_main(3, argv);
}

static int move(const char *from, const char *to, const struct how *how)
{
    struct stat s;
    if (how->no_overwrite && lstat(to, &s) == 0)
        return 0;
    if (rename(from, to) == 0) {
        if (how->verbose)
            printf("'%s' -> '%s'\n", from, to);
        return 0;
    }
    if (errno != EXDEV) {
        int error = errno;
        if (lstat(from, &s) < 0)
            return failed(from);
        errno = error;
        return failed(to);
    }
    return copy(from, to, how) || remove_tree(from);
}

static bool is_directory(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* Calls work with each source and where it goes: the target, or a name inside of the target directory. */
static int each_pair(const char *tool, char **names, int count, const struct how *how,
                     int (*work)(const char *, const char *, const struct how *))
{
    int bad = 0;
    if (count < 2)
        return usage(tool);
    const char *target = names[count - 1];
    bool into = is_directory(target);
    if (count > 2 && !into) {
        warnx("%s: is not a directory", target);
        return 1;
    }
    for (int i = 0; i < count - 1; i++) {
        char *name = last_part(names[i]);
        char *to = into ? join_path(target, name) : xstrdup(target);
        bad |= work(names[i], to, how);
        free(to);
        free(name);
    }
    return bad;
}

int cp_main(int argc, char **argv)
{
    struct how how = {0};
    for (int c; (c = getopt(argc, argv, "aRrdpfnuvP")) != -1;)
        switch (c) {
        case 'a': how.recursive = how.preserve = how.keep_links = true; break;
        case 'R': case 'r': how.recursive = how.keep_links = true; break;
        case 'd': case 'P': how.keep_links = true; break;
        case 'p': how.preserve = true; break;
        case 'f': how.force = true; break;
        case 'n': how.no_overwrite = true; break;
        case 'u': how.update = true; break;
        case 'v': how.verbose = true; break;
        default: return usage("cp");
        }
    return each_pair("cp", argv + optind, argc - optind, &how, copy);
}

int mv_main(int argc, char **argv)
{
    struct how how = {.recursive = true, .preserve = true, .keep_links = true, .force = true};
    for (int c; (c = getopt(argc, argv, "fnv")) != -1;)
        switch (c) {
        case 'f': break;
        case 'n': how.no_overwrite = true; break;
        case 'v': how.verbose = true; break;
        default: return usage("mv");
        }
    return each_pair("mv", argv + optind, argc - optind, &how, move);
}
