/*
 * disk.c: tools about file systems: mount, umount, df, du, dd, sync.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <getopt.h>
#include <inttypes.h>
#include <mntent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

/* ---- mount, umount ---- */

static int list_mounts(void)
{
    FILE *in = setmntent("/proc/mounts", "r");
    struct mntent *m;
    if (!in) {
        warn("/proc/mounts");
        return 1;
    }
    while ((m = getmntent(in)))
        printf("%s on %s type %s (%s)\n", m->mnt_fsname, m->mnt_dir, m->mnt_type, m->mnt_opts);
    endmntent(in);
    return 0;
}

static const struct {
    const char *name;
    unsigned long set, clear;
} mount_flags[] = {
    {"ro", MS_RDONLY, 0},      {"rw", 0, MS_RDONLY},          {"nosuid", MS_NOSUID, 0}, {"nodev", MS_NODEV, 0},
    {"noexec", MS_NOEXEC, 0},  {"remount", MS_REMOUNT, 0},    {"bind", MS_BIND, 0},     {"sync", MS_SYNCHRONOUS, 0},
    {"noatime", MS_NOATIME, 0}, {"relatime", MS_RELATIME, 0}, {"defaults", 0, 0},       {"rbind", MS_BIND | MS_REC, 0},
};

/* Takes the known words of "ro,size=1M" into flags; the rest, which the file system understands, is returned. */
static char *parse_options(char *text, unsigned long *flags)
{
    char *rest = xstrdup("");
    for (char *word; (word = strsep(&text, ","));) {
        size_t i = 0, n = sizeof mount_flags / sizeof *mount_flags;
        while (i < n && strcmp(mount_flags[i].name, word) != 0)
            i++;
        if (i < n)
            *flags = (*flags | mount_flags[i].set) & ~mount_flags[i].clear;
        else
            rest = format("%s%s%s", rest, *rest ? "," : "", word);
    }
    return rest;
}

int mount_main(int argc, char **argv)
{
    unsigned long flags = 0;
    const char *type = NULL;
    char *data = "";
    for (int c; (c = getopt(argc, argv, "t:o:rwB")) != -1;)
        switch (c) {
        case 't': type = optarg; break;
        case 'o': data = parse_options(optarg, &flags); break;
        case 'r': flags |= MS_RDONLY; break;
        case 'w': flags &= ~(unsigned long)MS_RDONLY; break;
        case 'B': flags |= MS_BIND; break;
        default: return usage("mount");
        }
    int count = argc - optind;
    if (count == 0)
        return list_mounts();
    if (count > 2)
        return usage("mount");
    const char *source = count == 2 ? argv[optind] : type ? type : "none", *dir = argv[argc - 1];
    if (mount(source, dir, type, flags, *data ? data : NULL) < 0) {
        warn("%s on %s", source, dir);
        return 1;
    }
    return 0;
}

int umount_main(int argc, char **argv)
{
    int flags = 0, failed = 0;
    for (int c; (c = getopt(argc, argv, "fl")) != -1;) {
        if (c == '?')
            return usage("umount");
        flags |= c == 'f' ? MNT_FORCE : MNT_DETACH;
    }
    if (optind == argc)
        return usage("umount");
    for (int i = optind; i < argc; i++)
        if (umount2(argv[i], flags) < 0) {
            warn("%s", argv[i]);
            failed = 1;
        }
    return failed;
}

/* ---- df ---- */

static char *amount(uint64_t blocks, uint64_t size, bool human)
{
    char text[8];
    return human ? xstrdup(human_size(blocks * size, text)) : format("%" PRIu64, blocks * size / 1024);
}

static void print_space(const char *source, const char *type, const char *dir, const struct statvfs *s, bool human)
{
    uint64_t size = s->f_frsize, used = s->f_blocks - s->f_bfree, usable = used + s->f_bavail;
    char *total_text = amount(s->f_blocks, size, human), *used_text = amount(used, size, human);
    char *free_text = amount(s->f_bavail, size, human);
    printf("%-14s ", source);
    if (type)
        printf("%-8s ", type);
    printf("%10s %9s %9s %3" PRIu64 "%% %s\n", total_text, used_text, free_text,
           usable ? (used * 100 + usable - 1) / usable : 0, dir);
    free(total_text);
    free(used_text);
    free(free_text);
}

/* The mount point that a path is on has its device number. */
static bool holds(const char *dir, char **paths)
{
    struct stat mounted, s;
    if (!*paths)
        return true;
    for (; *paths; paths++)
        if (stat(dir, &mounted) == 0 && stat(*paths, &s) == 0 && mounted.st_dev == s.st_dev)
            return true;
    return false;
}

int df_main(int argc, char **argv)
{
    bool human = false, all = false, types = false;
    struct mntent *m;
    for (int c; (c = getopt(argc, argv, "hkaTP")) != -1;)
        switch (c) {
        case 'h': human = true; break;
        case 'a': all = true; break;
        case 'T': types = true; break;
        case 'k': case 'P': break;
        default: return usage("df");
        }
    for (int i = optind; i < argc; i++)
        if (access(argv[i], F_OK) < 0)
            err(1, "%s", argv[i]);
    FILE *in = setmntent("/proc/mounts", "r");
    if (!in)
        err(1, "/proc/mounts");
    printf("%-14s %s%10s %9s %9s Use%% Mounted on\n", "Filesystem", types ? "Type     " : "",
           human ? "Size" : "1K-blocks", "Used", human ? "Avail" : "Available");
    while ((m = getmntent(in))) {
        struct statvfs s;
        if (holds(m->mnt_dir, argv + optind) && statvfs(m->mnt_dir, &s) == 0
            && (all || s.f_blocks > 0 || optind < argc))
            print_space(m->mnt_fsname, types ? m->mnt_type : NULL, m->mnt_dir, &s, human);
    }
    endmntent(in);
    return 0;
}

/* ---- du ---- */

struct du {
    bool human, all, summary, bytes;
    long depth;
};

static void print_usage(const struct du *du, uint64_t bytes, const char *path)
{
    char text[8];
    if (du->human)
        printf("%s\t%s\n", human_size(bytes, text), path);
    else
        printf("%" PRIu64 "\t%s\n", du->bytes ? bytes : (bytes + 1023) / 1024, path);
}

static uint64_t size_of(const struct du *du, const struct stat *s)
{
    return du->bytes ? (uint64_t)s->st_size : (uint64_t)s->st_blocks * 512;
}

/* fts_number of a directory collects what is below it. */
static void count_entry(const struct du *du, FTSENT *e)
{
    uint64_t bytes = size_of(du, e->fts_statp) + (uint64_t)e->fts_number;
    if (e->fts_info == FTS_D)
        return;
    if (e->fts_level > FTS_ROOTLEVEL)
        e->fts_parent->fts_number += (long)bytes;
    bool shown = e->fts_level == FTS_ROOTLEVEL || (!du->summary && (du->all || e->fts_info == FTS_DP));
    if (shown && e->fts_level <= du->depth)
        print_usage(du, bytes, e->fts_path);
}

int du_main(int argc, char **argv)
{
    static char *here[] = {".", NULL};
    struct du du = {.depth = 1 << 20};
    int failed = 0;
    for (int c; (c = getopt(argc, argv, "hasbkd:")) != -1;)
        switch (c) {
        case 'h': du.human = true; break;
        case 'a': du.all = true; break;
        case 's': du.summary = true; break;
        case 'b': du.bytes = true; break;
        case 'd': du.depth = atol(optarg); break;
        case 'k': break;
        default: return usage("du");
        }
    FTS *tree = fts_open(optind < argc ? argv + optind : here, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (!tree)
        err(1, NULL);
    for (FTSENT *e; (e = fts_read(tree));) {
        if (e->fts_info == FTS_NS || e->fts_info == FTS_ERR || e->fts_info == FTS_DNR) {
            errno = e->fts_errno;
            warn("%s", e->fts_path);
            failed = 1;
        } else {
            count_entry(&du, e);
        }
    }
    fts_close(tree);
    return failed;
}

/* ---- dd, sync ---- */

struct dd {
    const char *input, *output;
    long long block, count, skip, seek;
    bool truncate, quiet;
};

static bool parse_operand(struct dd *dd, char *text)
{
    char *value = strchr(text, '=');
    if (!value)
        return false;
    *value++ = '\0';
    if (strcmp(text, "if") == 0)
        dd->input = value;
    else if (strcmp(text, "of") == 0)
        dd->output = value;
    else if (strcmp(text, "conv") == 0)
        dd->truncate = !strstr(value, "notrunc");
    else if (strcmp(text, "status") == 0)
        dd->quiet = strcmp(value, "none") == 0;
    else if (strcmp(text, "bs") == 0)
        return parse_size(value, &dd->block) && dd->block > 0;
    else if (strcmp(text, "count") == 0)
        return parse_size(value, &dd->count);
    else if (strcmp(text, "skip") == 0)
        return parse_size(value, &dd->skip);
    else if (strcmp(text, "seek") == 0)
        return parse_size(value, &dd->seek);
    else
        return false;
    return true;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int copy_blocks(const struct dd *dd, int in, int out)
{
    char *block = xmalloc((size_t)dd->block);
    long long full = 0, partial = 0, bytes = 0;
    double start = now();
    int status = 0;
    for (long long i = 0; dd->count < 0 || i < dd->count; i++) {
        ssize_t n = read(in, block, (size_t)dd->block);
        if (n <= 0) {
            if (n < 0) {
                warn("%s", dd->input ? dd->input : "standard input");
                status = 1;
            }
            break;
        }
        full += n == dd->block;
        partial += n < dd->block;
        bytes += n;
        for (ssize_t done = 0, wrote; done < n; done += wrote)
            if ((wrote = write(out, block + done, (size_t)(n - done))) < 0)
                err(1, "%s", dd->output ? dd->output : "standard output");
    }
    double passed = now() - start;
    if (!dd->quiet)
        fprintf(stderr, "%lld+%lld records\n%lld bytes copied, %.3f s, %.1f MB/s\n", full, partial, bytes, passed,
                passed > 0 ? (double)bytes / 1e6 / passed : 0);
    free(block);
    return status;
}

int dd_main(int argc, char **argv)
{
    struct dd dd = {.block = 512, .count = -1, .truncate = true};
    for (int i = 1; i < argc; i++)
        if (!parse_operand(&dd, argv[i]))
            return usage("dd");
    int in = dd.input ? open(dd.input, O_RDONLY) : 0;
    if (in < 0)
        err(1, "%s", dd.input);
    int how = O_WRONLY | O_CREAT | (dd.truncate && dd.seek == 0 ? O_TRUNC : 0);
    int out = dd.output ? open(dd.output, how, 0666) : 1;
    if (out < 0)
        err(1, "%s", dd.output);
    if (dd.skip > 0 && lseek(in, dd.skip * dd.block, SEEK_CUR) < 0)
        err(1, "skip");
    if (dd.seek > 0 && lseek(out, dd.seek * dd.block, SEEK_SET) < 0)
        err(1, "seek");
    return copy_blocks(&dd, in, out);
}

int sync_main(int argc, char **argv)
{
    (void)argc, (void)argv;
    sync();
    return 0;
}
