/*
 * chmod.c: tools about what a file is: chmod, chown, chgrp, stat, readlink, realpath, which.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* Calls work on each path, and on all below it if asked. Returns 0, or 1 if something failed. */
static int each_path(char **paths, bool recursive, int (*work)(const FTSENT *e, void *context), void *context)
{
    int failed = 0;
    FTS *tree = fts_open(paths, (recursive ? FTS_PHYSICAL : FTS_PHYSICAL | FTS_COMFOLLOW) | FTS_NOCHDIR, NULL);
    if (!tree)
        err(1, NULL);
    for (FTSENT *e; (e = fts_read(tree));) {
        if (e->fts_info == FTS_NS || e->fts_info == FTS_ERR || e->fts_info == FTS_DNR) {
            errno = e->fts_errno;
            warn("%s", e->fts_path);
            failed = 1;
        } else if (e->fts_info != FTS_DP) {
            failed |= work(e, context);
        }
        if (!recursive)
            fts_set(tree, e, FTS_SKIP);
    }
    fts_close(tree);
    return failed;
}

static int chmod_one(const FTSENT *e, void *context)
{
    mode_t mode, mask = umask(0);
    umask(mask);
    if (e->fts_info == FTS_SL)
        return 0;
    if (change_mode(context, e->fts_statp->st_mode, mask, &mode) < 0)
        errx(1, "%s: not a mode", (const char *)context);
    if (chmod(e->fts_accpath, mode) == 0)
        return 0;
    warn("%s", e->fts_path);
    return 1;
}

/* Modes such as -w look like options, so they are told apart by hand. */
int chmod_main(int argc, char **argv)
{
    int i = 1;
    bool recursive = false;
    for (; i < argc && (strcmp(argv[i], "-R") == 0 || strcmp(argv[i], "--") == 0); i++)
        recursive |= argv[i][1] == 'R';
    if (argc - i < 2)
        return usage("chmod");
    return each_path(argv + i + 1, recursive, chmod_one, argv[i]);
}

struct owner {
    long user, group;           /* -1: as it is */
};

static int chown_one(const FTSENT *e, void *context)
{
    const struct owner *o = context;
    if (lchown(e->fts_accpath, (uid_t)o->user, (gid_t)o->group) == 0)
        return 0;
    warn("%s", e->fts_path);
    return 1;
}

static bool parse_owner(char *text, struct owner *o)
{
    char *colon = strpbrk(text, ":.");
    if (colon)
        *colon++ = '\0';
    *o = (struct owner){-1, -1};
    if (*text && (o->user = user_number(text)) < 0) {
        warnx("%s: no such user", text);
        return false;
    }
    if (colon && *colon && (o->group = group_number(colon)) < 0) {
        warnx("%s: no such group", colon);
        return false;
    }
    return true;
}

static int change_owner(int argc, char **argv, bool only_group)
{
    bool recursive = false;
    struct owner o;
    for (int c; (c = getopt(argc, argv, "Rh")) != -1;) {
        if (c == '?')
            return usage(argv[0]);
        recursive |= c == 'R';
    }
    if (argc - optind < 2)
        return usage(argv[0]);
    char *text = only_group ? format(":%s", argv[optind]) : argv[optind];
    return !parse_owner(text, &o) || each_path(argv + optind + 1, recursive, chown_one, &o);
}

int chown_main(int argc, char **argv)
{
    return change_owner(argc, argv, false);
}

int chgrp_main(int argc, char **argv)
{
    return change_owner(argc, argv, true);
}

/* ---- stat ---- */

static const char *kind(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFREG: return "regular file";
    case S_IFDIR: return "directory";
    case S_IFLNK: return "symbolic link";
    case S_IFCHR: return "character special file";
    case S_IFBLK: return "block special file";
    case S_IFIFO: return "fifo";
    case S_IFSOCK: return "socket";
    default: return "?";
    }
}

static void print_stat_time(const char *name, struct timespec t)
{
    char text[40], zone[8];
    struct tm *tm = localtime(&t.tv_sec);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", tm);
    strftime(zone, sizeof zone, "%z", tm);
    printf("%s: %s.%09ld %s\n", name, text, t.tv_nsec, zone);
}

static void print_stat(const char *path, const struct stat *s)
{
    char mode[11];
    mode_string(s->st_mode, mode);
    printf("  File: %s\n", path);
    printf("  Size: %-15jd Blocks: %-10jd IO Block: %-6ld %s\n", (intmax_t)s->st_size, (intmax_t)s->st_blocks,
           (long)s->st_blksize, kind(s->st_mode));
    printf("Device: %u,%u  Inode: %-12ju Links: %ju", major(s->st_dev), minor(s->st_dev), (uintmax_t)s->st_ino,
           (uintmax_t)s->st_nlink);
    if (S_ISCHR(s->st_mode) || S_ISBLK(s->st_mode))
        printf("  Device type: %u,%u", major(s->st_rdev), minor(s->st_rdev));
    printf("\nAccess: (%04o/%s)  Uid: (%5u/%8s)   Gid: (%5u/%8s)\n", s->st_mode & 07777u, mode, s->st_uid,
           user_name(s->st_uid), s->st_gid, group_name(s->st_gid));
    print_stat_time("Access", s->st_atim);
    print_stat_time("Modify", s->st_mtim);
    print_stat_time("Change", s->st_ctim);
}

static void print_stat_letter(char c, const char *path, const struct stat *s)
{
    char mode[11];
    mode_string(s->st_mode, mode);
    switch (c) {
    case 'n': printf("%s", path); break;
    case 's': printf("%jd", (intmax_t)s->st_size); break;
    case 'b': printf("%jd", (intmax_t)s->st_blocks); break;
    case 'a': printf("%o", s->st_mode & 07777u); break;
    case 'A': printf("%s", mode); break;
    case 'f': printf("%x", s->st_mode); break;
    case 'F': printf("%s", S_ISREG(s->st_mode) && s->st_size == 0 ? "regular empty file" : kind(s->st_mode)); break;
    case 'h': printf("%ju", (uintmax_t)s->st_nlink); break;
    case 'i': printf("%ju", (uintmax_t)s->st_ino); break;
    case 'd': printf("%ju", (uintmax_t)s->st_dev); break;
    case 'u': printf("%u", s->st_uid); break;
    case 'g': printf("%u", s->st_gid); break;
    case 'U': printf("%s", user_name(s->st_uid)); break;
    case 'G': printf("%s", group_name(s->st_gid)); break;
    case 'X': printf("%jd", (intmax_t)s->st_atime); break;
    case 'Y': printf("%jd", (intmax_t)s->st_mtime); break;
    case 'Z': printf("%jd", (intmax_t)s->st_ctime); break;
    case '%': putchar('%'); break;
    default: printf("?");
    }
}

int stat_main(int argc, char **argv)
{
    const char *fmt = NULL;
    bool follow = false;
    int failed = 0;
    for (int c; (c = getopt(argc, argv, "Lc:")) != -1;)
        switch (c) {
        case 'L': follow = true; break;
        case 'c': fmt = optarg; break;
        default: return usage("stat");
        }
    if (optind == argc)
        return usage("stat");
    for (int i = optind; i < argc; i++) {
        struct stat s;
        if ((follow ? stat(argv[i], &s) : lstat(argv[i], &s)) < 0) {
            warn("%s", argv[i]);
            failed = 1;
            continue;
        }
        if (!fmt)
            print_stat(argv[i], &s);
        for (const char *p = fmt; p && *p; p++)
            if (*p == '%' && p[1])
                print_stat_letter(*++p, argv[i], &s);
            else
                putchar(*p);
        if (fmt)
            putchar('\n');
    }
    return failed;
}

/* ---- paths ---- */

int readlink_main(int argc, char **argv)
{
    bool canonical = false;
    char target[PATH_MAX];
    for (int c; (c = getopt(argc, argv, "f")) != -1;) {
        if (c == '?')
            return usage("readlink");
        canonical = true;
    }
    if (optind == argc)
        return usage("readlink");
    if (canonical)
        return realpath(argv[optind], target) ? puts(target), 0 : 1;
    ssize_t n = readlink(argv[optind], target, sizeof target);
    if (n < 0)
        return 1;
    printf("%.*s\n", (int)n, target);
    return 0;
}

int realpath_main(int argc, char **argv)
{
    int failed = 0;
    char path[PATH_MAX];
    if (argc < 2)
        return usage("realpath");
    for (int i = 1; i < argc; i++)
        if (realpath(argv[i], path)) {
            puts(path);
        } else {
            warn("%s", argv[i]);
            failed = 1;
        }
    return failed;
}

static bool find_on_path(const char *name)
{
    const char *path = strchr(name, '/') ? "" : getenv("PATH");
    for (; path; path = strchr(path, ':') ? strchr(path, ':') + 1 : NULL) {
        char *candidate = *path ? format("%.*s/%s", (int)strcspn(path, ":"), path, name) : xstrdup(name);
        struct stat s;
        bool found = stat(candidate, &s) == 0 && S_ISREG(s.st_mode) && access(candidate, X_OK) == 0;
        if (found)
            puts(candidate);
        free(candidate);
        if (found)
            return true;
    }
    return false;
}

int which_main(int argc, char **argv)
{
    int missing = 0;
    if (argc < 2)
        return usage("which");
    for (int i = 1; i < argc; i++)
        missing |= !find_on_path(argv[i]);
    return missing;
}
