/*
 * args.c: the positional parameters and the options: set, shift, getopts, and read.
 */
#include "sh.h"

#include "../box.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In the order of the bits of enum shell_option; one without a letter has '\0'. */
static const struct {
    char letter;
    const char *name;
} options[] = {
    {'a', "allexport"}, {'C', "noclobber"}, {'e', "errexit"}, {'f', "noglob"}, {'i', "interactive"},
    {'m', "monitor"},   {'n', "noexec"},    {'u', "nounset"}, {'v', "verbose"}, {'x', "xtrace"},
    {'\0', "pipefail"},
};

enum { OPTIONS = sizeof options / sizeof *options };

static void turn(int index, bool on)
{
    sh.options = on ? sh.options | 1u << index : sh.options & ~(1u << index);
}

bool set_options(const char *letters, bool on)
{
    for (; *letters; letters++) {
        int i = 0;
        while (i < OPTIONS && options[i].letter != *letters)
            i++;
        if (i == OPTIONS)
            return false;
        turn(i, on);
    }
    return true;
}

bool set_option(const char *name, bool on)
{
    for (int i = 0; i < OPTIONS; i++)
        if (strcmp(options[i].name, name) == 0) {
            turn(i, on);
            return true;
        }
    return false;
}

static int print_options(bool as_input)
{
    for (int i = 0; i < OPTIONS; i++)
        if (as_input)
            printf("set %co %s\n", sh.options & 1u << i ? '-' : '+', options[i].name);
        else
            printf("%-15s %s\n", options[i].name, sh.options & 1u << i ? "on" : "off");
    return 0;
}

void args_set(char **args, int count)
{
    struct arena *a = arena_new();
    char **copy = arena_alloc(a, (size_t)(count + 1) * sizeof *copy);
    for (int i = 0; i < count; i++)
        copy[i] = arena_copy(a, args[i], strlen(args[i]));
    if (sh.args_arena)
        arena_drop(sh.args_arena);
    sh.args_arena = a;
    sh.args = copy;
    sh.nargs = count;
}

int set_main(int argc, char **argv)
{
    int i = 1;
    if (argc == 1)
        vars_print(0, "");
    for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+'); i++) {
        bool on = argv[i][0] == '-';
        if (strcmp(argv[i], "--") == 0) {
            args_set(argv + i + 1, argc - i - 1);
            return 0;
        }
        if (!argv[i][1])
            break;
        if (argv[i][1] != 'o' || argv[i][2]) {
            if (!set_options(argv[i] + 1, on))
                fail(2, "set: %s: no such option", argv[i]);
        } else if (i + 1 == argc) {
            return print_options(!on);
        } else if (!set_option(argv[++i], on)) {
            fail(2, "set: %s: no such option", argv[i]);
        }
    }
    if (i < argc)
        args_set(argv + i, argc - i);
    return 0;
}

int shift_main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 1;
    if (n < 0 || n > sh.nargs)
        fail(2, "shift: there are only %d arguments", sh.nargs);
    sh.args += n;
    sh.nargs -= n;
    return 0;
}

/* ---- getopts ---- */

static void set_number(const char *name, int n)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%d", n);
    var_set(name, digits, 0);
}

/* An unknown option, or one without its argument. A leading colon in the list silences us. */
static int option_error(const char *variable, const char *list, char letter, bool missing)
{
    char text[2] = {letter, '\0'};
    if (*list == ':') {
        var_set("OPTARG", text, 0);
        var_set(variable, missing ? ":" : "?", 0);
    } else {
        var_unset("OPTARG");
        var_set(variable, "?", 0);
        complain(missing ? "-%c: its argument is missing" : "-%c: no such option", letter);
    }
    return 0;
}

/* getopts LIST NAME [ARG]...; OPTIND counts arguments, sh.option_index the letters inside of one. */
int getopts_main(int argc, char **argv)
{
    if (argc < 3) {
        complain("getopts: a list of options and a name are needed");
        return 2;
    }
    char **args = argc > 3 ? argv + 3 : sh.args;
    int count = argc > 3 ? argc - 3 : sh.nargs;
    const char *list = argv[1], *index = var_get("OPTIND");
    int next = index ? atoi(index) : 1;
    const char *arg = next >= 1 && next <= count ? args[next - 1] : NULL;
    int at = sh.option_index;
    if (at == 0) {
        bool end = arg && strcmp(arg, "--") == 0;
        if (!arg || arg[0] != '-' || !arg[1] || end) {
            set_number("OPTIND", end ? next + 1 : next);
            var_set(argv[2], "?", 0);
            return 1;
        }
        at = 1;
    }
    char letter = arg[at++], text[2] = {letter, '\0'};
    const char *found = letter == ':' ? NULL : strchr(list, letter);
    bool wants = found && found[1] == ':', missing = false;
    const char *value = NULL;
    if (wants && arg[at]) {
        value = arg + at;
        at = 0;
        next++;
    } else if (wants) {
        value = next < count ? args[next] : NULL;
        missing = !value;
        at = 0;
        next += value ? 2 : 1;
    } else if (!arg[at]) {
        at = 0;
        next++;
    }
    set_number("OPTIND", next);
    sh.option_index = at;       /* after OPTIND: setting that starts anew */
    if (!found || missing)
        return option_error(argv[2], list, letter, missing);
    if (value)
        var_set("OPTARG", value, 0);
    else
        var_unset("OPTARG");
    var_set(argv[2], text, 0);
    return 0;
}

/* ---- read ---- */

/* A line without its newline; *escaped[i] says that a backslash protects character i. False at the end. */
static bool read_text(bool raw, struct buf *line, struct buf *escaped)
{
    for (;;) {
        char c;
        ssize_t n = read(0, &c, 1);
        if (n < 0 && errno == EINTR && !trap_pending() && !sh.interrupted)
            continue;
        if (n <= 0)
            return false;
        bool protected = false;
        if (c == '\\' && !raw) {
            if (read(0, &c, 1) <= 0)
                return false;
            if (c == '\n')
                continue;
            protected = true;
        }
        if (c == '\n' && !protected)
            return true;
        if (c == '\0')
            continue;
        buf_char(line, c);
        buf_char(escaped, protected);
    }
}

/* Splits a line by IFS into variables; the last takes the rest. */
static void assign_fields(char **names, const char *line, const char *escaped, size_t n, const char *ifs)
{
    size_t i = 0;
#define SEPARATES(k) (!escaped[k] && strchr(ifs, line[k]))
#define BLANK(k) (SEPARATES(k) && isspace((unsigned char)line[k]))
    while (i < n && BLANK(i))
        i++;
    for (; names[0]; names++) {
        size_t start = i, end;
        if (!names[1]) {
            for (end = n; end > start && BLANK(end - 1); end--)
                continue;
            /* one separator after the last field goes, if it is the only one left */
            for (i = start; i < end && !SEPARATES(i); i++)
                continue;
            if (i + 1 == end && i < end)
                end = i;
        } else {
            while (i < n && !SEPARATES(i))
                i++;
            end = i;
            while (i < n && BLANK(i))
                i++;
            if (i < n && SEPARATES(i) && !BLANK(i)) {
                i++;
                while (i < n && BLANK(i))
                    i++;
            }
        }
        var_set(names[0], arena_copy(sh.scratch, line + start, end - start), 0);
    }
#undef SEPARATES
#undef BLANK
}

int read_main(int argc, char **argv)
{
    static char *reply[] = {"REPLY", NULL};
    bool raw = false;
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "-r") == 0) {
            raw = true;
        } else if (strcmp(argv[i], "-p") == 0 && i + 1 < argc) {
            fputs(argv[++i], stderr);
        } else {
            complain("read: %s: no such option", argv[i]);
            return 2;
        }
    }
    struct buf line = {.arena = sh.scratch}, escaped = {.arena = sh.scratch};
    bool complete = read_text(raw, &line, &escaped);
    if (sh.interrupted)
        abort_command(130);
    const char *ifs = var_get("IFS");
    buf_end(&line);
    buf_end(&escaped);
    assign_fields(i < argc ? argv + i : reply, line.s, escaped.s, line.len, ifs ? ifs : " \t\n");
    return complete ? 0 : 1;
}
