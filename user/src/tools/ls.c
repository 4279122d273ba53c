/*
 * ls.c: lists directories.
 */
#include "box.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

struct entry {
    char *name;
    struct stat s;
    char *target;               /* of a symbolic link, in a long listing */
};

struct entries {
    struct entry *v;
    size_t n, room;
};

/* The options; set once by ls_main, only read after. */
static struct {
    bool all, almost_all, long_form, one, recursive, directory, human, inode, kinds, numeric, reverse, by_time,
        by_size;
    bool many;                  /* more than one directory is listed: each has a heading */
    bool headed;                /* something was printed before */
    time_t now;
} opt;

static int by_order(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = 0;
    if (opt.by_time)
        order = (x->s.st_mtim.tv_sec < y->s.st_mtim.tv_sec) - (x->s.st_mtim.tv_sec > y->s.st_mtim.tv_sec);
    if (opt.by_time && order == 0)
        order = (x->s.st_mtim.tv_nsec < y->s.st_mtim.tv_nsec) - (x->s.st_mtim.tv_nsec > y->s.st_mtim.tv_nsec);
    if (opt.by_size)
        order = (x->s.st_size < y->s.st_size) - (x->s.st_size > y->s.st_size);
    if (order == 0)
        order = strcmp(x->name, y->name);
    return opt.reverse ? -order : order;
}

static char *link_target(const char *path)
{
    char target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target);
    return n < 0 ? NULL : format("%.*s", (int)n, target);
}

/* Adds a file by its path, shown as name. Returns false after a warning if it is not there. */
static bool add_entry(struct entries *list, const char *path, const char *name, bool follow)
{
    struct stat s;
    if ((follow ? stat(path, &s) : lstat(path, &s)) < 0 && lstat(path, &s) < 0) {
        warn("%s", path);
        return false;
    }
    if (list->n == list->room)
        list->v = xrealloc(list->v, (list->room = list->room * 2 + 32) * sizeof *list->v);
    struct entry *e = &list->v[list->n++];
    *e = (struct entry){.name = xstrdup(name), .s = s};
    if (opt.long_form && S_ISLNK(s.st_mode))
        e->target = link_target(path);
    return true;
}

static void free_entries(struct entries *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->v[i].name);
        free(list->v[i].target);
    }
    free(list->v);
}

static char kind_mark(mode_t mode)
{
    if (!opt.kinds)
        return '\0';
    return S_ISDIR(mode) ? '/' : S_ISLNK(mode) ? '@' : S_ISFIFO(mode) ? '|' : S_ISSOCK(mode) ? '='
         : mode & 0111 ? '*' : '\0';
}

static char *shown_name(const struct entry *e)
{
    char mark[2] = {kind_mark(e->s.st_mode), '\0'};
    return opt.inode ? format("%7ju %s%s", (uintmax_t)e->s.st_ino, e->name, mark) : format("%s%s", e->name, mark);
}

static char *shown_size(const struct entry *e)
{
    char text[8];
    if (S_ISCHR(e->s.st_mode) || S_ISBLK(e->s.st_mode))
        return format("%u, %u", major(e->s.st_rdev), minor(e->s.st_rdev));
    if (opt.human)
        return xstrdup(human_size((uint64_t)e->s.st_size, text));
    return format("%jd", (intmax_t)e->s.st_size);
}

/* A recent file has the time of day, an older one the year. */
static void print_time(time_t when)
{
    char text[32];
    bool recent = when <= opt.now + 60 && when > opt.now - 182 * 86400;
    strftime(text, sizeof text, recent ? "%b %e %H:%M" : "%b %e  %Y", localtime(&when));
    printf("%s", text);
}

struct widths {
    int links, user, group, size;
};

static int wider(int width, size_t n)
{
    return (int)n > width ? (int)n : width;
}

static const char *owner(const struct entry *e)
{
    static char text[16];
    snprintf(text, sizeof text, "%u", e->s.st_uid);
    return opt.numeric ? text : user_name(e->s.st_uid);
}

static const char *owning_group(const struct entry *e)
{
    static char text[16];
    snprintf(text, sizeof text, "%u", e->s.st_gid);
    return opt.numeric ? text : group_name(e->s.st_gid);
}

static struct widths widths_of(const struct entries *list)
{
    struct widths w = {0};
    for (size_t i = 0; i < list->n; i++) {
        const struct entry *e = &list->v[i];
        char *links = format("%ju", (uintmax_t)e->s.st_nlink), *size = shown_size(e);
        w.links = wider(w.links, strlen(links));
        w.user = wider(w.user, strlen(owner(e)));
        w.group = wider(w.group, strlen(owning_group(e)));
        w.size = wider(w.size, strlen(size));
        free(links);
        free(size);
    }
    return w;
}

static void print_long(const struct entries *list)
{
    struct widths w = widths_of(list);
    for (size_t i = 0; i < list->n; i++) {
        const struct entry *e = &list->v[i];
        char mode[11], *size = shown_size(e), *name = shown_name(e);
        mode_string(e->s.st_mode, mode);
        printf("%s %*ju %-*s ", mode, w.links, (uintmax_t)e->s.st_nlink, w.user, owner(e));
        printf("%-*s %*s ", w.group, owning_group(e), w.size, size);
        print_time(e->s.st_mtime);
        printf(" %s%s%s\n", name, e->target ? " -> " : "", e->target ? e->target : "");
        free(size);
        free(name);
    }
}

static size_t terminal_width(void)
{
    struct winsize w;
    return ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 80;
}

/* In columns, read downwards. */
static void print_columns(const struct entries *list)
{
    size_t widest = 1;
    for (size_t i = 0; i < list->n; i++) {
        char *name = shown_name(&list->v[i]);
        widest = strlen(name) > widest ? strlen(name) : widest;
        free(name);
    }
    size_t columns = opt.one ? 1 : terminal_width() / (widest + 2);
    columns = columns ? columns : 1;
    size_t rows = (list->n + columns - 1) / columns;
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = row; i < list->n; i += rows) {
            char *name = shown_name(&list->v[i]);
            printf("%-*s", i + rows < list->n ? (int)widest + 2 : 0, name);
            free(name);
        }
        putchar('\n');
    }
}

static void print_entries(struct entries *list)
{
    if (list->n == 0)
        return;
    qsort(list->v, list->n, sizeof *list->v, by_order);
    if (opt.long_form)
        print_long(list);
    else
        print_columns(list);
}

static bool is_dot(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool wanted(const char *name)
{
    return name[0] != '.' || opt.all || (opt.almost_all && !is_dot(name));
}

static int list_directory(const char *path);

static int list_below(const char *path, const struct entries *list)
{
    int failed = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (!S_ISDIR(list->v[i].s.st_mode) || is_dot(list->v[i].name))
            continue;
        char *below = join_path(path, list->v[i].name);
        failed |= list_directory(below);
        free(below);
    }
    return failed;
}

static void print_total(const struct entries *list)
{
    uintmax_t blocks = 0;
    for (size_t i = 0; i < list->n; i++)
        blocks += (uintmax_t)list->v[i].s.st_blocks;
    printf("total %ju\n", blocks / 2);
}

static int list_directory(const char *path)
{
    struct entries list = {0};
    int failed = 0;
    DIR *dir = opendir(path);
    struct dirent *e;
    if (!dir) {
        warn("%s", path);
        return 1;
    }
    while ((errno = 0, e = readdir(dir))) {
        if (!wanted(e->d_name))
            continue;
        char *below = join_path(path, e->d_name);
        failed |= !add_entry(&list, below, e->d_name, false);
        free(below);
    }
    if (errno) {
        warn("%s", path);
        failed = 1;
    }
    closedir(dir);
    if (opt.many || opt.recursive)
        printf("%s%s:\n", opt.headed ? "\n" : "", path);
    opt.headed = true;
    if (opt.long_form)
        print_total(&list);
    print_entries(&list);
    if (opt.recursive)
        failed |= list_below(path, &list);
    free_entries(&list);
    return failed;
}

static bool parse_options(int argc, char **argv)
{
    for (int c; (c = getopt(argc, argv, "1aAdFhilnrRStC")) != -1;)
        switch (c) {
        case '1': opt.one = true; break;
        case 'a': opt.all = true; break;
        case 'A': opt.almost_all = true; break;
        case 'C': opt.one = false; break;
        case 'd': opt.directory = true; break;
        case 'F': opt.kinds = true; break;
        case 'h': opt.human = true; break;
        case 'i': opt.inode = true; break;
        case 'l': opt.long_form = true; break;
        case 'n': opt.numeric = opt.long_form = true; break;
        case 'r': opt.reverse = true; break;
        case 'R': opt.recursive = true; break;
        case 'S': opt.by_size = true; break;
        case 't': opt.by_time = true; break;
        default: return false;
        }
    return true;
}

int ls_main(int argc, char **argv)
{
    static char *here[] = {".", NULL};
    struct entries files = {0}, dirs = {0};
    int failed = 0;
    opt.one = !isatty(1);
    opt.now = time(NULL);
    if (!parse_options(argc, argv))
        return usage("ls");
    for (char **name = optind < argc ? argv + optind : here; *name; name++) {
        struct stat s;
        bool is_dir = stat(*name, &s) == 0 && S_ISDIR(s.st_mode) && !opt.directory;
        failed |= !add_entry(is_dir ? &dirs : &files, *name, *name, is_dir);
    }
    opt.many = argc - optind > 1;
    print_entries(&files);
    opt.headed = files.n > 0;
    if (dirs.n > 0)
        qsort(dirs.v, dirs.n, sizeof *dirs.v, by_order);
    for (size_t i = 0; i < dirs.n; i++)
        failed |= list_directory(dirs.v[i].name);
    free_entries(&files);
    free_entries(&dirs);
    return failed;
}
