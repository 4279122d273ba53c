/*
 * ps.c: lists processes: ps, pidof, pgrep, pkill, and kill.
 */
#include "box.h"
#include "proc.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <regex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- ps ---- */

static char *column_pid(const struct process *p) { return format("%d", (int)p->pid); }
static char *column_ppid(const struct process *p) { return format("%d", (int)p->parent); }
static char *column_pgid(const struct process *p) { return format("%d", (int)p->group); }
static char *column_sid(const struct process *p) { return format("%d", (int)p->session); }
static char *column_user(const struct process *p) { return xstrdup(user_name(p->user)); }
static char *column_tty(const struct process *p) { return xstrdup(tty_name(p->tty)); }
static char *column_stat(const struct process *p) { return format("%c", p->state); }
static char *column_nice(const struct process *p) { return format("%ld", p->nice); }
static char *column_threads(const struct process *p) { return format("%ld", p->threads); }
static char *column_vsz(const struct process *p) { return format("%" PRIu64, p->size / 1024); }
static char *column_rss(const struct process *p) { return format("%" PRIu64, p->resident / 1024); }
static char *column_comm(const struct process *p) { return xstrdup(p->name); }
static char *column_args(const struct process *p) { return xstrdup(p->command); }

static char *column_time(const struct process *p)
{
    uint64_t seconds = p->ticks / (uint64_t)sysconf(_SC_CLK_TCK);
    return format("%02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static const struct column {
    const char *name, *heading;
    int width;                  /* negative: to the left */
    char *(*text)(const struct process *p);
} columns[] = {
    {"pid", "PID", 5, column_pid},       {"ppid", "PPID", 5, column_ppid},   {"pgid", "PGID", 5, column_pgid},
    {"sid", "SID", 5, column_sid},       {"user", "USER", -8, column_user},  {"tty", "TTY", -8, column_tty},
    {"stat", "STAT", -4, column_stat},   {"ni", "NI", 3, column_nice},       {"nlwp", "NLWP", 4, column_threads},
    {"vsz", "VSZ", 7, column_vsz},       {"rss", "RSS", 6, column_rss},      {"time", "TIME", 8, column_time},
    {"comm", "COMMAND", -15, column_comm}, {"args", "COMMAND", -27, column_args},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct column *find_column(const char *name)
{
    for (int i = 0; i < COLUMNS; i++)
        if (strcmp(columns[i].name, name) == 0)
            return &columns[i];
    return NULL;
}

/* Splits "pid,user,args" into columns; returns how many, or -1 after a warning. */
static int parse_columns(const char *list, const struct column *chosen[COLUMNS])
{
    char *copy = xstrdup(list), *rest = copy;
    int n = 0;
    for (char *name; (name = strsep(&rest, ", ")) && n < COLUMNS;) {
        if (!(chosen[n++] = find_column(name))) {
            warnx("%s: no such column", name);
            n = -1;
            break;
        }
    }
    free(copy);
    return n;
}

static void print_row(const struct column *chosen[], int n, const struct process *p)
{
    for (int i = 0; i < n; i++) {
        char *text = p ? chosen[i]->text(p) : xstrdup(chosen[i]->heading);
        bool last_left = i + 1 == n && chosen[i]->width < 0;
        printf("%s%*s", i > 0 ? " " : "", last_left ? 0 : chosen[i]->width, text);
        free(text);
    }
    putchar('\n');
}

/* The options of other systems' ps that ask for all processes (-e, -A, ax, aux) ask for what is shown anyway. */
int ps_main(int argc, char **argv)
{
    const struct column *chosen[COLUMNS];
    const char *list = "pid,ppid,user,stat,tty,vsz,rss,time,args";
    struct processes all;
    for (int c; (c = getopt(argc, argv, "o:efAawux")) != -1;) {
        if (c == '?')
            return usage("ps");
        if (c == 'o')
            list = optarg;
    }
    int n = parse_columns(list, chosen);
    if (n < 0 || !read_processes(&all))
        return 1;
    print_row(chosen, n, NULL);
    for (int i = 0; i < all.n; i++)
        print_row(chosen, n, &all.v[i]);
    free_processes(&all);
    return 0;
}

/* ---- kill ---- */

static int list_signals(char **names)
{
    if (*names) {               /* a number, or the status of a process that a signal ended */
        for (; *names; names++) {
            int n = signal_number(*names);
            if (isdigit((unsigned char)**names))
                puts(signal_name(n & 127) ? signal_name(n & 127) : *names);
            else
                printf("%d\n", n);
        }
        return 0;
    }
    for (int i = 1; i < 32; i++)
        printf("%2d %-7s%s", i, signal_name(i), i % 8 == 0 || i == 31 ? "\n" : " ");
    return 0;
}

/* A builtin of the shell too: it must return, not exit. */
int kill_main(int argc, char **argv)
{
    int signal = SIGTERM, i = 1, failed = 0;
    if (i < argc && strcmp(argv[i], "-l") == 0)
        return list_signals(argv + i + 1);
    if (i < argc && argv[i][0] == '-' && argv[i][1] && strcmp(argv[i], "--") != 0) {
        const char *name = strcmp(argv[i], "-s") == 0 && i + 1 < argc ? argv[++i] : argv[i] + 1;
        signal = signal_number(name);
        if (signal < 0) {
            warnx("%s: no such signal", name);
            return 2;
        }
        i++;
    }
    i += i < argc && strcmp(argv[i], "--") == 0;
    if (i >= argc)
        return usage("kill");
    for (; i < argc; i++) {
        char *end;
        long pid = strtol(argv[i], &end, 10);
        if (end == argv[i] || *end)
            warnx("%s: not a process", argv[i]);
        else if (kill((pid_t)pid, signal) < 0)
            warn("%s", argv[i]);
        else
            continue;
        failed = 1;
    }
    return failed;
}

/* ---- pidof, pgrep, pkill ---- */

/* Calls work for each process but ourselves that fits. Returns 0 if there was one. */
static int each_match(bool (*fits)(const struct process *p, const void *what), const void *what,
                      bool (*work)(const struct process *p, int signal), int signal)
{
    struct processes all;
    bool found = false;
    if (!read_processes(&all))
        return 2;
    for (int i = 0; i < all.n; i++)
        if (all.v[i].pid != getpid() && fits(&all.v[i], what))
            found |= work(&all.v[i], signal);
    free_processes(&all);
    return !found;
}

static bool has_name(const struct process *p, const void *name)
{
    return strcmp(p->name, name) == 0;
}

static bool name_matches(const struct process *p, const void *re)
{
    return regexec(re, p->name, 0, NULL, 0) == 0;
}

static bool command_matches(const struct process *p, const void *re)
{
    return regexec(re, p->command, 0, NULL, 0) == 0;
}

static bool print_pid(const struct process *p, int signal)
{
    (void)signal;
    printf("%d\n", (int)p->pid);
    return true;
}

static bool send_signal(const struct process *p, int signal)
{
    if (kill(p->pid, signal) == 0)
        return true;
    warn("%d", (int)p->pid);
    return false;
}

int pidof_main(int argc, char **argv)
{
    return argc != 2 ? usage("pidof") : each_match(has_name, argv[1], print_pid, 0);
}

static int match_processes(int argc, char **argv, bool kills)
{
    int signal = SIGTERM;
    bool full = false, exact = false;
    if (kills && argc > 1 && argv[1][0] == '-' && signal_number(argv[1] + 1) >= 0) {
        signal = signal_number(argv[1] + 1);
        argv[1] = argv[0];
        argv++, argc--;
    }
    for (int c; (c = getopt(argc, argv, "fx")) != -1;) {
        if (c == '?')
            return usage(argv[0]);
        full |= c == 'f';
        exact |= c == 'x';
    }
    if (argc - optind != 1)
        return usage(argv[0]);
    regex_t re;
    char *pattern = exact ? format("^(%s)$", argv[optind]) : argv[optind];
    if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        errx(2, "%s: malformed", argv[optind]);
    return each_match(full ? command_matches : name_matches, &re, kills ? send_signal : print_pid, signal);
}

int pgrep_main(int argc, char **argv)
{
    return match_processes(argc, argv, false);
}

int pkill_main(int argc, char **argv)
{
    return match_processes(argc, argv, true);
}
