/*
 * find.c: walks a tree: find and xargs.
 *
 * find's expression: -name -iname -path -type -size -newer -perm -user -empty -mindepth -maxdepth -prune
 * -print -print0 -delete -exec ... {} ; or +, with ! -a -o and parentheses.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_ARGS = 1000 };

struct walk {
    FTS *tree;
    FTSENT *entry;
    char **next, **end;         /* the expression being evaluated */
    bool off;                   /* parsing only: the other side of -a or -o decided */
    bool acts;                  /* the expression has an action of its own */
    long min_depth, max_depth;
    int failed;
    char **batch;               /* of -exec ... +: its own words, then paths */
    int own, batched;
};

static bool or_expression(struct walk *w);

static const char *operand(struct walk *w)
{
    if (w->next >= w->end)
        errx(1, "%s: its operand is missing", w->next[-1]);
    return *w->next++;
}

/* Runs a command and waits. Returns whether it succeeded. */
static bool run(char **argv)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[0], argv);
        warn("%s", argv[0]);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0) {
        warn("%s", argv[0]);
        return false;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* +N, -N, N compared with a value. */
static bool compare(const char *text, intmax_t value)
{
    char *end;
    long long n = strtoll(*text == '+' || *text == '-' ? text + 1 : text, &end, 10);
    return *text == '+' ? value > n : *text == '-' ? value < n : value == n;
}

/* -size N[ckMG]: in units, rounded up; blocks of 512 without one. */
static bool test_size(const char *text, off_t size)
{
    char unit = text[strlen(text) - 1];
    off_t scale = unit == 'c' ? 1 : unit == 'k' ? 1024 : unit == 'M' ? 1 << 20 : unit == 'G' ? 1 << 30 : 512;
    return compare(text, (size + scale - 1) / scale);
}

static bool test_type(char letter, mode_t mode)
{
    static const char letters[] = "fdlcbps";
    static const mode_t types[] = {S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK};
    const char *at = strchr(letters, letter);
    return at && *at && (mode & S_IFMT) == types[at - letters];
}

static bool is_empty(struct walk *w)
{
    if (S_ISREG(w->entry->fts_statp->st_mode))
        return w->entry->fts_statp->st_size == 0;
    return w->entry->fts_info == FTS_D && !fts_children(w->tree, FTS_NAMEONLY) && errno == 0;
}

static bool test_newer(const char *path, const struct stat *s)
{
    struct stat other;
    if (stat(path, &other) < 0)
        err(1, "%s", path);
    return s->st_mtim.tv_sec != other.st_mtim.tv_sec ? s->st_mtim.tv_sec > other.st_mtim.tv_sec
                                                     : s->st_mtim.tv_nsec > other.st_mtim.tv_nsec;
}

/* -perm MODE (exactly), -MODE (all of them), /MODE (any of them), octal */
static bool test_perm(const char *text, mode_t mode)
{
    mode_t wanted = (mode_t)strtoul(*text == '-' || *text == '/' ? text + 1 : text, NULL, 8);
    mode &= 07777;
    return *text == '-' ? (mode & wanted) == wanted : *text == '/' ? (mode & wanted) != 0 : mode == wanted;
}

static bool delete(struct walk *w)
{
    const FTSENT *e = w->entry;
    if (strcmp(e->fts_path, ".") == 0)
        return true;
    if ((S_ISDIR(e->fts_statp->st_mode) ? rmdir(e->fts_path) : unlink(e->fts_path)) == 0)
        return true;
    warn("%s", e->fts_path);
    w->failed = 1;
    return false;
}

static void run_batch(struct walk *w)
{
    if (w->batched == 0)
        return;
    w->failed |= !run(w->batch);
    while (w->batched > 0)
        free(w->batch[w->own + --w->batched]);
}

static void add_to_batch(struct walk *w, char **command, int n)
{
    if (!w->batch) {
        w->batch = xmalloc((size_t)(n + MOST_ARGS + 1) * sizeof *w->batch);
        memcpy(w->batch, command, (size_t)n * sizeof *w->batch);
        w->own = n;
    }
    if (w->batch[0] != command[0])
        errx(1, "only one -exec may end in +");
    w->batch[n + w->batched++] = xstrdup(w->entry->fts_path);
    w->batch[n + w->batched] = NULL;
    if (w->batched == MOST_ARGS)
        run_batch(w);
}

/* -exec COMMAND ; with {} replaced, or -exec COMMAND {} + collecting. */
static bool execute(struct walk *w)
{
    char **start = w->next;
    while (w->next < w->end && strcmp(*w->next, ";") != 0
           && !(strcmp(*w->next, "+") == 0 && strcmp(w->next[-1], "{}") == 0))
        w->next++;
    if (w->next >= w->end)
        errx(1, "-exec: a ; is missing");
    bool collects = *w->next[0] == '+';
    int n = (int)(w->next++ - start) - collects;
    if (w->off)
        return true;
    if (collects) {
        add_to_batch(w, start, n);
        return true;
    }
    char *argv[n + 1];
    for (int i = 0; i < n; i++) {
        const char *at = strstr(start[i], "{}");
        argv[i] = at ? format("%.*s%s%s", (int)(at - start[i]), start[i], w->entry->fts_path, at + 2)
                     : xstrdup(start[i]);
    }
    argv[n] = NULL;
    bool succeeded = run(argv);
    for (int i = 0; i < n; i++)
        free(argv[i]);
    return succeeded;
}

static bool print_path(struct walk *w, char end)
{
    printf("%s%c", w->entry->fts_path, end);
    return true;
}

static bool primary(struct walk *w)
{
    const FTSENT *e = w->entry;
    const struct stat *s = e->fts_statp;
    const char *name = operand(w);
    if (strcmp(name, "!") == 0 || strcmp(name, "-not") == 0)
        return !primary(w);
    if (strcmp(name, "(") == 0) {
        bool value = or_expression(w);
        if (strcmp(operand(w), ")") != 0)
            errx(1, "a ) is missing");
        return value;
    }
    if (strcmp(name, "-exec") == 0)
        return execute(w);
    if (strcmp(name, "-print") == 0)
        return w->off || print_path(w, '\n');
    if (strcmp(name, "-print0") == 0)
        return w->off || print_path(w, '\0');
    if (strcmp(name, "-delete") == 0)
        return w->off || delete(w);
    if (strcmp(name, "-empty") == 0)
        return w->off || is_empty(w);
    if (strcmp(name, "-true") == 0)
        return true;
    if (strcmp(name, "-prune") == 0) {
        if (!w->off && e->fts_info == FTS_D)
            fts_set(w->tree, w->entry, FTS_SKIP);
        return true;
    }
    const char *value = operand(w);
    if (w->off)
        return true;
    if (strcmp(name, "-name") == 0)
        return fnmatch(value, e->fts_name, 0) == 0;
    if (strcmp(name, "-iname") == 0)
        return fnmatch(value, e->fts_name, FNM_CASEFOLD) == 0;
    if (strcmp(name, "-path") == 0)
        return fnmatch(value, e->fts_path, 0) == 0;
    if (strcmp(name, "-type") == 0)
        return test_type(*value, s->st_mode);
    if (strcmp(name, "-size") == 0)
        return test_size(value, s->st_size);
    if (strcmp(name, "-newer") == 0)
        return test_newer(value, s);
    if (strcmp(name, "-perm") == 0)
        return test_perm(value, s->st_mode);
    if (strcmp(name, "-user") == 0)
        return user_number(value) == (long)s->st_uid;
    if (strcmp(name, "-links") == 0)
        return compare(value, (intmax_t)s->st_nlink);
    if (strcmp(name, "-mindepth") == 0 || strcmp(name, "-maxdepth") == 0)
        return true;            /* taken before the walk */
    errx(1, "%s: unknown", name);
}

static bool at(const struct walk *w, const char *word)
{
    return w->next < w->end && strcmp(*w->next, word) == 0;
}

static bool and_expression(struct walk *w)
{
    bool value = primary(w), before = w->off;
    while (w->next < w->end && !at(w, "-o") && !at(w, ")")) {
        if (at(w, "-a"))
            w->next++;
        w->off = before || !value;
        value = primary(w) && value;
    }
    w->off = before;
    return value;
}

static bool or_expression(struct walk *w)
{
    bool value = and_expression(w), before = w->off;
    while (at(w, "-o")) {
        w->next++;
        w->off = before || value;
        value = and_expression(w) || value;
    }
    w->off = before;
    return value;
}

static void visit(struct walk *w, char **expression)
{
    if (w->entry->fts_level < w->min_depth)
        return;
    w->next = expression;
    bool value = w->next == w->end || or_expression(w);
    if (w->next < w->end)
        errx(1, "%s: unexpected", *w->next);
    if (value && !w->acts)
        print_path(w, '\n');
}

static bool take_options(struct walk *w, char **expression)
{
    bool depth_first = false;
    for (char **p = expression; p < w->end; p++) {
        if (strcmp(*p, "-mindepth") == 0 && p + 1 < w->end)
            w->min_depth = atol(p[1]);
        if (strcmp(*p, "-maxdepth") == 0 && p + 1 < w->end)
            w->max_depth = atol(p[1]);
        depth_first |= strcmp(*p, "-delete") == 0;
        w->acts |= strncmp(*p, "-print", 6) == 0 || strcmp(*p, "-exec") == 0 || strcmp(*p, "-delete") == 0;
    }
    return depth_first;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

int find_main(int argc, char **argv)
{
    static char *here[] = {".", NULL};
    struct walk w = {.end = argv + argc, .max_depth = 1 << 20};
    int i = 1;
    while (i < argc && argv[i][0] != '-' && argv[i][0] != '!' && argv[i][0] != '(')
        i++;
    char **expression = argv + i, *paths[argc + 1];
    memcpy(paths, argv + 1, (size_t)(i - 1) * sizeof *paths);
    paths[i - 1] = NULL;
    bool depth_first = take_options(&w, expression);
    w.tree = fts_open(i > 1 ? paths : here, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    if (!w.tree)
        err(1, NULL);
    while ((w.entry = fts_read(w.tree))) {
        int info = w.entry->fts_info;
        if (info == FTS_NS || info == FTS_ERR || info == FTS_DNR) {
            errno = w.entry->fts_errno;
            warn("%s", w.entry->fts_path);
            w.failed = 1;
            continue;
        }
        if (info != (depth_first ? FTS_D : FTS_DP))
            visit(&w, expression);
        if (info == FTS_D && w.entry->fts_level >= w.max_depth)
            fts_set(w.tree, w.entry, FTS_SKIP);
    }
    run_batch(&w);
    return w.failed;
}

/* ---- xargs ---- */

/* The next argument of standard input, malloced: quotes and backslashes protect, unless at NULs or lines. */
static char *read_argument(int separator)
{
    size_t used = 0;
    char *text = xmalloc(1);
    int c = getchar(), quote = 0;
    while (separator < 0 && (c == ' ' || c == '\t' || c == '\n'))
        c = getchar();
    if (c == EOF) {
        free(text);
        return NULL;
    }
    for (; c != EOF; c = getchar()) {
        if (separator >= 0 ? c == separator : !quote && (c == ' ' || c == '\t' || c == '\n'))
            break;
        if (separator < 0 && c == quote) {
            quote = 0;
            continue;
        }
        if (separator < 0 && !quote && (c == '"' || c == '\'')) {
            quote = c;
            continue;
        }
        if (separator < 0 && !quote && c == '\\')
            c = getchar();
        text = xrealloc(text, used + 2);
        text[used++] = (char)c;
    }
    text[used] = '\0';
    return text;
}

static bool run_command(char **command, int fixed, char **args, int n, bool trace)
{
    char *argv[fixed + n + 1];
    memcpy(argv, command, (size_t)fixed * sizeof *argv);
    for (int i = 0; i < n; i++)
        argv[fixed + i] = args[i];
    argv[fixed + n] = NULL;
    for (int i = 0; trace && argv[i]; i++)
        fprintf(stderr, "%s%c", argv[i], argv[i + 1] ? ' ' : '\n');
    return run(argv);
}

/* -I {}: the command with {} replaced by each line. */
static int run_each(char **command, int fixed, const char *mark, bool trace)
{
    int failed = 0;
    for (char *arg; (arg = read_argument('\n')); free(arg)) {
        char *argv[fixed + 1];
        for (int i = 0; i < fixed; i++) {
            const char *found = strstr(command[i], mark);
            argv[i] = found ? format("%.*s%s%s", (int)(found - command[i]), command[i], arg, found + strlen(mark))
                            : xstrdup(command[i]);
        }
        failed |= !run_command(argv, fixed, NULL, 0, trace);
        for (int i = 0; i < fixed; i++)
            free(argv[i]);
    }
    return failed ? 123 : 0;
}

int xargs_main(int argc, char **argv)
{
    static char *echo[] = {"echo", NULL};
    int most = MOST_ARGS, separator = -1, n = 0, failed = 0;
    bool skip_empty = false, trace = false, ran = false;
    const char *mark = NULL;
    for (int c; (c = getopt(argc, argv, "+0n:I:rtd:")) != -1;)
        switch (c) {
        case '0': separator = '\0'; break;
        case 'd': separator = optarg[0] == '\\' && optarg[1] == 'n' ? '\n' : optarg[0]; break;
        case 'n': most = atoi(optarg); break;
        case 'I': mark = optarg; break;
        case 'r': skip_empty = true; break;
        case 't': trace = true; break;
        default: return usage("xargs");
        }
    char **command = optind < argc ? argv + optind : echo;
    int fixed = optind < argc ? argc - optind : 1;
    if (most < 1 || most > MOST_ARGS)
        most = MOST_ARGS;
    if (mark)
        return run_each(command, fixed, mark, trace);
    char *args[most];
    for (char *arg; (arg = read_argument(separator));) {
        args[n++] = arg;
        if (n < most)
            continue;
        failed |= !run_command(command, fixed, args, n, trace);
        ran = true;
        while (n > 0)
            free(args[--n]);
    }
    if (n > 0 || (!ran && !skip_empty))
        failed |= !run_command(command, fixed, args, n, trace);
    return failed ? 123 : 0;
}
