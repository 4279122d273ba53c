/*
 * builtin.c: the commands that the shell runs itself.
 */
#include "sh.h"

#include "../box.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <unistd.h>

static bool parse_count(const char *name, const char *text, int *count)
{
    char *end;
    long n = strtol(text, &end, 10);
    *count = (int)n;
    if (isdigit((unsigned char)*text) && !*end && n <= INT_MAX)
        return true;
    complain("%s: %s: not a number", name, text);
    return false;
}

static int colon_main(int argc, char **argv)
{
    (void)argc, (void)argv;
    return 0;
}

/* ---- leaving ---- */

static int leave_loop(int argc, char **argv, enum skip skip)
{
    int levels = 1;
    if (argc > 1 && !parse_count(argv[0], argv[1], &levels))
        return 2;
    if (sh.loops == 0 || levels == 0)
        return 0;
    sh.skip = skip;
    sh.skip_levels = levels < sh.loops ? levels : sh.loops;
    return 0;
}

static int break_main(int argc, char **argv)
{
    return leave_loop(argc, argv, SKIP_BREAK);
}

static int continue_main(int argc, char **argv)
{
    return leave_loop(argc, argv, SKIP_CONTINUE);
}

static int return_main(int argc, char **argv)
{
    int status = sh.status;
    if (argc > 1 && !parse_count("return", argv[1], &status))
        return 2;
    if (sh.functions == 0)
        shell_exit(status);
    sh.skip = SKIP_RETURN;
    return status;
}

static int exit_main(int argc, char **argv)
{
    static bool warned;
    int status = sh.status;
    if (argc > 1 && !parse_count("exit", argv[1], &status))
        status = 2;
    if (option(OPT_INTERACTIVE) && jobs_stopped() > 0 && !warned) {
        complain("there are stopped jobs");
        warned = true;
        return 1;
    }
    shell_exit(status);
}

/* ---- running text and programs ---- */

static int eval_main(int argc, char **argv)
{
    struct buf text = {.arena = sh.scratch};
    for (int i = 1; i < argc; i++) {
        buf_text(&text, argv[i]);
        buf_char(&text, i + 1 < argc ? ' ' : '\n');
    }
    return run_string(buf_end(&text));
}

/* The file that `.` reads: by PATH if the name has no slash, else in the working directory. */
static char *find_source(const char *name)
{
    for (const char *path = strchr(name, '/') ? NULL : var_get("PATH"); path && *path;) {
        size_t n = strcspn(path, ":");
        struct buf b = {.arena = sh.scratch};
        buf_add(&b, path, n);
        buf_char(&b, '/');
        buf_text(&b, name);
        if (access(buf_end(&b), R_OK) == 0)
            return b.s;
        path += path[n] ? n + 1 : n;
    }
    return arena_copy(sh.scratch, name, strlen(name));
}

static int dot_main(int argc, char **argv)
{
    if (argc < 2) {
        complain(".: a file is missing");
        return 2;
    }
    char *text = read_file(find_source(argv[1]), NULL);
    if (!text)
        fail(2, ".: cannot read %s: %s", argv[1], strerror(errno));
    sh.functions++;
    int status = run_string(text);
    sh.functions--;
    if (sh.skip == SKIP_RETURN) {
        sh.skip = SKIP_NONE;
        status = sh.status;
    }
    free(text);
    return status;
}

static int exec_main(int argc, char **argv)
{
    if (argc < 2)
        return 0;
    child_signals(option(OPT_INTERACTIVE), option(OPT_MONITOR), false);
    become(argc - 1, argv + 1);
}

/* ---- what a name is ---- */

static int describe(const char *name, bool only_path)
{
    static const char *const reserved[] = {"!",    "{",  "}",  "case", "do",   "done",  "elif", "else",
                                           "esac", "fi", "for", "if",  "in",   "then",  "until", "while"};
    const char *path;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(reserved[i], name) == 0) {
            printf(only_path ? "%s\n" : "%s is a shell keyword\n", name);
            return 0;
        }
    const struct builtin *b = find_builtin(name);
    if (find_function(name))
        printf(only_path ? "%s\n" : "%s is a shell function\n", name);
    else if (b)
        printf(only_path ? "%s\n" : b->special ? "%s is a special shell builtin\n" : "%s is a shell builtin\n", name);
    else if ((path = find_command(name)))
        only_path ? printf("%s\n", path) : printf("%s is %s\n", name, path);
    else
        return 127;
    return 0;
}

static int type_main(int argc, char **argv)
{
    int status = 0;
    for (int i = 1; i < argc; i++) {
        int found = describe(argv[i], false);
        if (found != 0)
            printf("%s: not found\n", argv[i]);
        status |= found;
    }
    return status;
}

/* command [-vV] NAME ARG...: no function is looked at. */
static int command_main(int argc, char **argv)
{
    bool v = argc > 1 && strcmp(argv[1], "-v") == 0, full = argc > 1 && strcmp(argv[1], "-V") == 0;
    if (v || full)
        return argc > 2 ? describe(argv[2], v) : 2;
    int skip = argc > 1 && (strcmp(argv[1], "-p") == 0 || strcmp(argv[1], "--") == 0) ? 2 : 1;
    argc -= skip;
    argv += skip;
    if (argc <= 0)
        return 0;
    const struct builtin *b = find_builtin(argv[0]);
    return b ? run_builtin(b, argc, argv) : run_program(argc, argv);
}

/* ---- variables ---- */

static int flag_variables(int argc, char **argv, unsigned flags)
{
    const char *name = argv[0];
    int i = 1 + (argc > 1 && (strcmp(argv[1], "-p") == 0 || strcmp(argv[1], "--") == 0));
    if (i >= argc)
        vars_print(flags, strcmp(name, "export") == 0 ? "export " : "readonly ");
    for (; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        size_t n = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
        if (!is_name(argv[i], n))
            fail(2, "%s: %s: not a name", name, argv[i]);
        char *variable = arena_copy(sh.scratch, argv[i], n);
        if (equals)
            var_set(variable, equals + 1, flags);
        else
            var_flag(variable, flags);
    }
    return 0;
}

static int export_main(int argc, char **argv)
{
    return flag_variables(argc, argv, VAR_EXPORT);
}

static int readonly_main(int argc, char **argv)
{
    return flag_variables(argc, argv, VAR_READONLY);
}

static int local_main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        size_t n = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
        if (!is_name(argv[i], n))
            fail(2, "local: %s: not a name", argv[i]);
        char *variable = arena_copy(sh.scratch, argv[i], n);
        if (!var_localize(variable))
            fail(2, "local: not in a function");
        if (equals)
            var_set(variable, equals + 1, 0);
    }
    return 0;
}

static int unset_main(int argc, char **argv)
{
    bool function = argc > 1 && strcmp(argv[1], "-f") == 0;
    bool variable = argc > 1 && strcmp(argv[1], "-v") == 0;
    int status = 0;
    for (int i = 1 + (function || variable); i < argc; i++) {
        if (function)
            unset_function(argv[i]);
        else if (!var_unset(argv[i]))
            status = 1;
    }
    return status;
}

/* ---- the working directory ---- */

/* A path with . and .. and doubled slashes gone, without a look at the file system. */
static char *clean_path(const char *path)
{
    struct buf b = {.arena = sh.scratch};
    while (*path) {
        size_t n;
        path += strspn(path, "/");
        n = strcspn(path, "/");
        if (n == 2 && path[0] == '.' && path[1] == '.') {
            while (b.len > 0 && b.s[--b.len] != '/')
                continue;
        } else if (n > 0 && !(n == 1 && *path == '.')) {
            buf_char(&b, '/');
            buf_add(&b, path, n);
        }
        path += n;
    }
    if (b.len == 0)
        buf_char(&b, '/');
    return buf_end(&b);
}

static char *below(const char *dir, size_t n, const char *name)
{
    struct buf b = {.arena = sh.scratch};
    buf_add(&b, dir, n);
    buf_char(&b, '/');
    buf_text(&b, name);
    return buf_end(&b);
}

/* A directory of CDPATH that has the name below it, or the name itself. */
static const char *by_cdpath(const char *name, bool *say)
{
    struct stat s;
    const char *path = *name == '/' || *name == '.' ? NULL : var_get("CDPATH");
    while (path && *path) {
        size_t n = strcspn(path, ":");
        char *candidate = below(path, n, name);
        if (n > 0 && stat(candidate, &s) == 0 && S_ISDIR(s.st_mode)) {
            *say = true;
            return candidate;
        }
        path += path[n] ? n + 1 : n;
    }
    return name;
}

static const char *logical_directory(void)
{
    struct stat a, b;
    const char *pwd = var_get("PWD");
    if (pwd && *pwd == '/' && stat(pwd, &a) == 0 && stat(".", &b) == 0 && a.st_ino == b.st_ino
        && a.st_dev == b.st_dev)
        return pwd;
    char *real = arena_alloc(sh.scratch, PATH_MAX);
    return getcwd(real, PATH_MAX) ? real : NULL;
}

static int cd_main(int argc, char **argv)
{
    bool physical = argc > 1 && strcmp(argv[1], "-P") == 0, say = false;
    int i = 1 + (argc > 1 && (physical || strcmp(argv[1], "-L") == 0 || strcmp(argv[1], "--") == 0));
    const char *name = i < argc ? argv[i] : var_get("HOME");
    if (name && strcmp(name, "-") == 0) {
        name = var_get("OLDPWD");
        say = true;
    }
    if (!name) {
        complain("cd: there is no such directory to go to");
        return 1;
    }
    const char *old = logical_directory();
    name = by_cdpath(name, &say);
    const char *target = *name == '/' || !old ? name : below(old, strlen(old), name);
    target = physical ? target : clean_path(target);
    if (chdir(target) < 0) {
        complain("cd: %s: %s", name, strerror(errno));
        return 1;
    }
    char real[PATH_MAX];
    if (physical && getcwd(real, sizeof real))
        target = real;
    var_set("OLDPWD", old ? old : "", VAR_EXPORT);
    var_set("PWD", target, VAR_EXPORT);
    if (say)
        puts(target);
    return 0;
}

static int pwd_builtin(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "-P") == 0)
        return pwd_main(argc, argv);
    const char *pwd = logical_directory();
    if (!pwd) {
        complain("pwd: %s", strerror(errno));
        return 1;
    }
    puts(pwd);
    return 0;
}

/* ---- the process ---- */

/* rwx of who may do what, without the dashes. */
static void print_rights(const char *who, const char *rights)
{
    printf("%s=", who);
    for (int i = 0; i < 3; i++)
        if (rights[i] != '-')
            putchar(rights[i]);
}

static int umask_main(int argc, char **argv)
{
    mode_t old = umask(0), mode;
    umask(old);
    if (argc < 2) {
        printf("%04o\n", (unsigned)old);
        return 0;
    }
    if (strcmp(argv[1], "-S") == 0) {
        char text[11];
        mode_string(0777 & ~old, text);
        print_rights("u", text + 1);
        print_rights(",g", text + 4);
        print_rights(",o", text + 7);
        putchar('\n');
        return 0;
    }
    bool octal = isdigit((unsigned char)argv[1][0]);
    if (change_mode(argv[1], octal ? 0 : 0777 & ~old, 0, &mode) < 0) {
        complain("umask: %s: not a mode", argv[1]);
        return 2;
    }
    umask(octal ? mode : 0777 & ~mode);
    return 0;
}

static void print_ticks(clock_t ticks)
{
    long hz = sysconf(_SC_CLK_TCK);
    double seconds = (double)ticks / (double)hz;
    printf("%dm%.2fs", (int)(seconds / 60), seconds - 60 * (int)(seconds / 60));
}

static int times_main(int argc, char **argv)
{
    (void)argc, (void)argv;
    struct tms t;
    times(&t);
    const clock_t all[] = {t.tms_utime, t.tms_stime, t.tms_cutime, t.tms_cstime};
    for (int i = 0; i < 4; i++) {
        print_ticks(all[i]);
        putchar(i % 2 ? '\n' : ' ');
    }
    return 0;
}

static const struct limit {
    char letter;
    int resource;
    unsigned unit;
    const char *what;
} limits[] = {
    {'c', RLIMIT_CORE, 512, "core file (blocks)"},   {'d', RLIMIT_DATA, 1024, "data (KiB)"},
    {'f', RLIMIT_FSIZE, 512, "file size (blocks)"},  {'n', RLIMIT_NOFILE, 1, "open files"},
    {'s', RLIMIT_STACK, 1024, "stack (KiB)"},        {'t', RLIMIT_CPU, 1, "cpu time (seconds)"},
    {'u', RLIMIT_NPROC, 1, "processes"},             {'v', RLIMIT_AS, 1024, "address space (KiB)"},
};

static void print_limit(const struct limit *l, bool hard)
{
    struct rlimit r;
    rlim_t value = getrlimit((__rlimit_resource_t)l->resource, &r) < 0 ? 0 : hard ? r.rlim_max : r.rlim_cur;
    if (value == RLIM_INFINITY)
        puts("unlimited");
    else
        printf("%llu\n", (unsigned long long)value / l->unit);
}

static int set_limit(const struct limit *l, const char *text, bool hard, bool soft)
{
    struct rlimit r;
    char *end = "";
    rlim_t value = strcmp(text, "unlimited") == 0 ? RLIM_INFINITY : strtoull(text, &end, 10) * l->unit;
    getrlimit((__rlimit_resource_t)l->resource, &r);
    if (hard || !soft)
        r.rlim_max = value;
    if (soft || !hard)
        r.rlim_cur = value;
    if (!*end && setrlimit((__rlimit_resource_t)l->resource, &r) == 0)
        return 0;
    complain("ulimit: %s: %s", text, *end ? "not a number" : strerror(errno));
    return 1;
}

/* ulimit [-HS] [-a | -cdfnstuv [LIMIT]] */
static int ulimit_main(int argc, char **argv)
{
    const size_t count = sizeof limits / sizeof *limits;
    const struct limit *chosen = &limits[2];
    bool hard = false, soft = false, all = false;
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++)
        for (const char *p = argv[i] + 1; *p; p++) {
            hard |= *p == 'H';
            soft |= *p == 'S';
            all |= *p == 'a';
            for (size_t l = 0; l < count; l++)
                if (limits[l].letter == *p)
                    chosen = &limits[l];
        }
    for (size_t l = 0; all && l < count; l++) {
        printf("-%c: %-22s ", limits[l].letter, limits[l].what);
        print_limit(&limits[l], hard);
    }
    if (all)
        return 0;
    if (i < argc)
        return set_limit(chosen, argv[i], hard, soft);
    print_limit(chosen, hard);
    return 0;
}

static int help_main(int argc, char **argv)
{
    (void)argc, (void)argv;
    int column = 0;
    puts("The shell's own commands:");
    for (const struct builtin *b = all_builtins(); b->name; b++)
        printf("%-10s%s", b->name, ++column % 7 == 0 ? "\n" : "");
    puts("\nThe other tools (TOOL --help tells how to call one):");
    column = 0;
    for (const struct tool *t = tools; t->name; t++)
        if (!find_builtin(t->name))
            printf("%-10s%s", t->name, ++column % 7 == 0 ? "\n" : "");
    putchar('\n');
    return 0;
}

/* ---- the table ---- */

static const struct builtin builtins[] = {
    {".", dot_main, true},          {":", colon_main, true},        {"[", test_main, false},
    {"bg", bg_main, false},         {"break", break_main, true},    {"cd", cd_main, false},
    {"command", command_main, false}, {"continue", continue_main, true}, {"echo", echo_main, false},
    {"eval", eval_main, true},      {"exec", exec_main, true},      {"exit", exit_main, true},
    {"export", export_main, true},  {"false", false_main, false},   {"fg", fg_main, false},
    {"getopts", getopts_main, false}, {"help", help_main, false},   {"history", history_main, false},
    {"jobs", jobs_main, false},     {"kill", job_kill_main, false}, {"local", local_main, false},
    {"printf", printf_main, false}, {"pwd", pwd_builtin, false},    {"read", read_main, false},
    {"readonly", readonly_main, true}, {"return", return_main, true}, {"set", set_main, true},
    {"shift", shift_main, true},    {"source", dot_main, true},     {"test", test_main, false},
    {"times", times_main, true},    {"trap", trap_main, true},      {"true", true_main, false},
    {"type", type_main, false},     {"ulimit", ulimit_main, false}, {"umask", umask_main, false},
    {"unset", unset_main, true},    {"wait", wait_main, false},     {NULL, NULL, false},
};

const struct builtin *find_builtin(const char *name)
{
    for (const struct builtin *b = builtins; b->name; b++)
        if (strcmp(b->name, name) == 0)
            return b;
    return NULL;
}

const struct builtin *all_builtins(void)
{
    return builtins;
}
