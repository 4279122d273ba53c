/*
 * rm.c: tools that make and remove names: rm, rmdir, mkdir, ln, touch, mkfifo, mknod, mktemp, truncate.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

/* ---- rm, rmdir ---- */

static int remove_entry(const FTSENT *e, bool recursive, bool force, bool verbose)
{
    bool is_dir = e->fts_info == FTS_DP;
    switch (e->fts_info) {
    case FTS_NS: case FTS_ERR: case FTS_DNR:
        if (force && e->fts_errno == ENOENT)
            return 0;
        errno = e->fts_errno;
        warn("%s", e->fts_path);
        return 1;
    case FTS_D:
        if (recursive)
            return 0;
        warnx("%s: is a directory (-r removes it)", e->fts_path);
        return 1;
    default:
        if (is_dir && !recursive)
            return 0;
        if ((is_dir ? rmdir(e->fts_accpath) : unlink(e->fts_accpath)) < 0 && !(force && errno == ENOENT)) {
            warn("%s", e->fts_path);
            return 1;
        }
        if (verbose)
            printf("removed '%s'\n", e->fts_path);
        return 0;
    }
}

static bool is_dot(const char *path)
{
    char *name = last_part(path);
    bool dot = strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "/") == 0;
    free(name);
    return dot;
}

int rm_main(int argc, char **argv)
{
    bool recursive = false, force = false, verbose = false;
    int failed = 0;
    for (int c; (c = getopt(argc, argv, "rRfv")) != -1;)
        switch (c) {
        case 'r': case 'R': recursive = true; break;
        case 'f': force = true; break;
        case 'v': verbose = true; break;
        default: return usage("rm");
        }
    if (optind == argc)
        return force ? 0 : usage("rm");
    for (int i = optind; i < argc; i++)
        if (is_dot(argv[i])) {
            warnx("%s: will not be removed", argv[i]);
            return 1;
        }
    FTS *tree = fts_open(argv + optind, FTS_PHYSICAL, NULL);
    if (!tree)
        err(1, NULL);
    for (FTSENT *e; (e = fts_read(tree));) {
        failed |= remove_entry(e, recursive, force, verbose);
        if (e->fts_info == FTS_D && !recursive)
            fts_set(tree, e, FTS_SKIP);
    }
    fts_close(tree);
    return failed;
}

/* a/b/c, then a/b, then a. */
static int remove_with_parents(char *path)
{
    for (;;) {
        char *slash;
        if (rmdir(path) < 0) {
            warn("%s", path);
            return 1;
        }
        if (!(slash = strrchr(path, '/')) || slash == path)
            return 0;
        *slash = '\0';
    }
}

int rmdir_main(int argc, char **argv)
{
    bool parents = false;
    int failed = 0;
    for (int c; (c = getopt(argc, argv, "p")) != -1;) {
        if (c == '?')
            return usage("rmdir");
        parents = true;
    }
    if (optind == argc)
        return usage("rmdir");
    for (int i = optind; i < argc; i++) {
        if (parents) {
            failed |= remove_with_parents(argv[i]);
        } else if (rmdir(argv[i]) < 0) {
            warn("%s", argv[i]);
            failed = 1;
        }
    }
    return failed;
}

/* ---- mkdir ---- */

/* Each directory above path, then path; one that is there is no error. */
static int make_with_parents(char *path, mode_t mode)
{
    struct stat s;
    for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        if (mkdir(path, 0777) < 0 && errno != EEXIST && errno != EROFS)
            return -1;
        *slash = '/';
    }
    if (mkdir(path, mode) < 0)
        return errno == EEXIST && stat(path, &s) == 0 && S_ISDIR(s.st_mode) ? 0 : -1;
    return 0;
}

int mkdir_main(int argc, char **argv)
{
    bool parents = false, explicit = false;
    mode_t mode = 0777;
    int failed = 0;
    for (int c; (c = getopt(argc, argv, "pm:v")) != -1;)
        switch (c) {
        case 'p': parents = true; break;
        case 'm':
            explicit = true;
            if (change_mode(optarg, 0777, 0, &mode) < 0)
                return usage("mkdir");
            break;
        case 'v': break;
        default: return usage("mkdir");
        }
    if (optind == argc)
        return usage("mkdir");
    for (int i = optind; i < argc; i++)
        if ((parents ? make_with_parents(argv[i], mode) : mkdir(argv[i], mode)) < 0
            || (explicit && chmod(argv[i], mode) < 0)) {
            warn("%s", argv[i]);
            failed = 1;
        }
    return failed;
}

/* ---- ln ---- */

static int make_link(const char *from, const char *to, bool symbolic, bool force)
{
    if (force && unlink(to) < 0 && errno != ENOENT) {
        warn("%s", to);
        return 1;
    }
    if ((symbolic ? symlink(from, to) : link(from, to)) < 0) {
        warn("%s", to);
        return 1;
    }
    return 0;
}

int ln_main(int argc, char **argv)
{
    bool symbolic = false, force = false, as_file = false;
    int failed = 0;
    for (int c; (c = getopt(argc, argv, "sfnT")) != -1;)
        switch (c) {
        case 's': symbolic = true; break;
        case 'f': force = true; break;
        case 'n': case 'T': as_file = true; break;
        default: return usage("ln");
        }
    int count = argc - optind;
    if (count < 1)
        return usage("ln");
    const char *target = count > 1 ? argv[argc - 1] : ".";
    struct stat s;
    bool into = (as_file ? lstat(target, &s) : stat(target, &s)) == 0 && S_ISDIR(s.st_mode);
    for (int i = optind; i < (count > 1 ? argc - 1 : argc); i++) {
        char *name = last_part(argv[i]), *to = into ? join_path(target, name) : xstrdup(target);
        failed |= make_link(argv[i], to, symbolic, force);
        free(name);
        free(to);
    }
    return failed;
}

/* ---- touch ---- */

/* "2026-01-31 12:00:00", "2026-01-31", or @seconds. */
static bool parse_time(const char *text, struct timespec *when)
{
    static const char *const formats[] = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"};
    when->tv_nsec = 0;
    if (*text == '@') {
        char *end;
        when->tv_sec = strtoll(text + 1, &end, 10);
        return end > text + 1 && !*end;
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct tm tm = {.tm_isdst = -1};
        const char *end = strptime(text, formats[i], &tm);
        if (end && !*end) {
            when->tv_sec = mktime(&tm);
            return true;
        }
    }
    return false;
}

static int touch_file(const char *path, bool create, const struct timespec times[2])
{
    if (utimensat(AT_FDCWD, path, times, 0) == 0)
        return 0;
    if (errno == ENOENT && !create)
        return 0;
    int fd = errno == ENOENT ? open(path, O_WRONLY | O_CREAT, 0666) : -1;
    if (fd < 0 || futimens(fd, times) < 0) {
        warn("%s", path);
        return 1;
    }
    close(fd);
    return 0;
}

int touch_main(int argc, char **argv)
{
    struct timespec when = {.tv_nsec = UTIME_NOW};
    bool create = true, access = true, modification = true;
    struct stat s;
    int failed = 0;
    for (int c; (c = getopt(argc, argv, "camd:r:")) != -1;)
        switch (c) {
        case 'c': create = false; break;
        case 'a': modification = false; break;
        case 'm': access = false; break;
        case 'd':
            if (!parse_time(optarg, &when))
                errx(1, "%s: not a time", optarg);
            break;
        case 'r':
            if (stat(optarg, &s) < 0)
                err(1, "%s", optarg);
            when = s.st_mtim;
            break;
        default: return usage("touch");
        }
    if (optind == argc)
        return usage("touch");
    struct timespec times[2] = {when, when};
    if (!access && modification)
        times[0].tv_nsec = UTIME_OMIT;
    if (!modification && access)
        times[1].tv_nsec = UTIME_OMIT;
    for (int i = optind; i < argc; i++)
        failed |= touch_file(argv[i], create, times);
    return failed;
}

/* ---- the others ---- */

int mkfifo_main(int argc, char **argv)
{
    int failed = 0;
    if (argc < 2)
        return usage("mkfifo");
    for (int i = 1; i < argc; i++)
        if (mkfifo(argv[i], 0666) < 0) {
            warn("%s", argv[i]);
            failed = 1;
        }
    return failed;
}

int mknod_main(int argc, char **argv)
{
    if (argc != 5 || !strchr("bc", argv[2][0]))
        return usage("mknod");
    mode_t type = argv[2][0] == 'b' ? S_IFBLK : S_IFCHR;
    if (mknod(argv[1], type | 0666, makedev((unsigned)atoi(argv[3]), (unsigned)atoi(argv[4]))) < 0)
        err(1, "%s", argv[1]);
    return 0;
}

int mktemp_main(int argc, char **argv)
{
    bool directory = false;
    for (int c; (c = getopt(argc, argv, "d")) != -1;) {
        if (c == '?')
            return usage("mktemp");
        directory = true;
    }
    char *path = xstrdup(optind < argc ? argv[optind] : "/tmp/tmp.XXXXXX");
    int made = directory ? (mkdtemp(path) ? 0 : -1) : mkstemp(path);
    if (made < 0)
        err(1, "%s", path);
    puts(path);
    return 0;
}

int truncate_main(int argc, char **argv)
{
    long long size = -1;
    int failed = 0;
    for (int c; (c = getopt(argc, argv, "s:")) != -1;)
        if (c == '?' || !parse_size(optarg, &size))
            return usage("truncate");
    if (size < 0 || optind == argc)
        return usage("truncate");
    for (int i = optind; i < argc; i++) {
        int fd = open(argv[i], O_WRONLY | O_CREAT, 0666);
        if (fd < 0 || ftruncate(fd, size) < 0) {
            warn("%s", argv[i]);
            failed = 1;
        }
        if (fd >= 0)
            close(fd);
    }
    return failed;
}
