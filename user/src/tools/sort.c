/*
 * sort.c: tools about the order of lines: sort, uniq, comm.
 */
#include "box.h"

#include <ctype.h>
#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct lines {
    char **v;
    size_t n, room;
};

/* The options of sort; set once by sort_main, only read after. */
static struct {
    bool numeric, reverse, unique, fold, blanks, human;
    int first, last;            /* fields compared, from 1; 0: the whole line */
    int separator;              /* of fields, or 0 for blanks */
} opt;

static void add_line(struct lines *l, const char *text, size_t n)
{
    if (l->n == l->room)
        l->v = xrealloc(l->v, (l->room = l->room * 2 + 64) * sizeof *l->v);
    l->v[l->n++] = format("%.*s", (int)n, text);
}

static int read_lines(FILE *in, const char *name, void *context)
{
    char *line = NULL;
    size_t room = 0;
    (void)name;
    for (ssize_t n; (n = getline(&line, &room, in)) > 0;)
        add_line(context, line, (size_t)n - (line[n - 1] == '\n'));
    free(line);
    return 0;
}

/* Where field number n begins, or the end of the line. */
static const char *field_start(const char *line, int n)
{
    for (; n > 1 && *line; n--) {
        if (opt.separator) {
            line += strcspn(line, (char[]){(char)opt.separator, '\0'});
            line += *line != '\0';
        } else {
            line += strspn(line, " \t");
            line += strcspn(line, " \t");
        }
    }
    return line;
}

static char *key_of(const char *line)
{
    const char *start = opt.first ? field_start(line, opt.first) : line;
    const char *end = opt.last ? field_start(line, opt.last + 1) : line + strlen(line);
    if (opt.last && opt.separator && end > start && end[-1] == opt.separator)
        end--;
    if (opt.blanks)
        start += strspn(start, " \t");
    return format("%.*s", end > start ? (int)(end - start) : 0, start);
}

static double number_of(const char *key)
{
    static const char units[] = "kKMGTPE";
    char *end;
    double n = strtod(key, &end);
    const char *unit = opt.human && *end ? strchr(units, *end) : NULL;
    for (int power = unit ? (unit - units < 2 ? 1 : (int)(unit - units)) : 0; power > 0; power--)
        n *= 1024;
    return n;
}

static int compare_keys(const char *a, const char *b)
{
    if (opt.numeric) {
        double x = number_of(a), y = number_of(b);
        return (x > y) - (x < y);
    }
    return opt.fold ? strcasecmp(a, b) : strcmp(a, b);
}

static int compare_lines(const char *a, const char *b)
{
    bool whole = !opt.first && !opt.blanks;
    char *x = whole ? (char *)a : key_of(a), *y = whole ? (char *)b : key_of(b);
    int order = compare_keys(x, y);
    if (!whole) {
        free(x);
        free(y);
    }
    return opt.reverse ? -order : order;
}

static int by_key(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = compare_lines(x, y);
    if (order != 0 || opt.unique)
        return order;
    return opt.reverse ? strcmp(y, x) : strcmp(x, y);
}

/* -k 2, -k 2,3, -k 2n, -k 2,2nr */
static bool parse_key(const char *text)
{
    char *end;
    opt.first = (int)strtol(text, &end, 10);
    if (*end == '.')
        strtol(end + 1, &end, 10);
    for (; isalpha((unsigned char)*end); end++) {
        opt.numeric |= *end == 'n';
        opt.reverse |= *end == 'r';
    }
    if (*end == ',')
        opt.last = (int)strtol(end + 1, &end, 10);
    for (; isalpha((unsigned char)*end); end++) {
        opt.numeric |= *end == 'n';
        opt.reverse |= *end == 'r';
    }
    return opt.first > 0 && !*end;
}

int sort_main(int argc, char **argv)
{
    struct lines l = {0};
    const char *output = NULL;
    for (int c; (c = getopt(argc, argv, "nrufbhk:t:o:")) != -1;)
        switch (c) {
        case 'n': opt.numeric = true; break;
        case 'h': opt.numeric = opt.human = true; break;
        case 'r': opt.reverse = true; break;
        case 'u': opt.unique = true; break;
        case 'f': opt.fold = true; break;
        case 'b': opt.blanks = true; break;
        case 't': opt.separator = *optarg; break;
        case 'o': output = optarg; break;
        case 'k':
            if (!parse_key(optarg))
                return usage("sort");
            break;
        default: return usage("sort");
        }
    int failed = each_input(argv + optind, read_lines, &l);
    if (l.n > 0)
        qsort(l.v, l.n, sizeof *l.v, by_key);
    if (output && !freopen(output, "w", stdout))
        err(1, "%s", output);
    for (size_t i = 0; i < l.n; i++)
        if (!opt.unique || i == 0 || compare_lines(l.v[i - 1], l.v[i]) != 0)
            puts(l.v[i]);
    return failed;
}

/* ---- uniq ---- */

static void print_group(const char *line, long count, bool counts, bool only_repeated, bool only_single)
{
    if ((only_repeated && count < 2) || (only_single && count > 1))
        return;
    if (counts)
        printf("%7ld ", count);
    puts(line);
}

int uniq_main(int argc, char **argv)
{
    bool counts = false, only_repeated = false, only_single = false, fold = false;
    struct lines l = {0};
    for (int c; (c = getopt(argc, argv, "cdui")) != -1;)
        switch (c) {
        case 'c': counts = true; break;
        case 'd': only_repeated = true; break;
        case 'u': only_single = true; break;
        case 'i': fold = true; break;
        default: return usage("uniq");
        }
    char *input[] = {optind < argc ? argv[optind] : "-", NULL};
    int failed = each_input(input, read_lines, &l);
    if (argc - optind > 1 && !freopen(argv[optind + 1], "w", stdout))
        err(1, "%s", argv[optind + 1]);
    for (size_t i = 0, next; i < l.n; i = next) {
        for (next = i + 1; next < l.n; next++)
            if ((fold ? strcasecmp(l.v[i], l.v[next]) : strcmp(l.v[i], l.v[next])) != 0)
                break;
        print_group(l.v[i], (long)(next - i), counts, only_repeated, only_single);
    }
    return failed;
}

/* ---- comm ---- */

int comm_main(int argc, char **argv)
{
    bool hidden[3] = {false, false, false};
    struct lines l[2] = {{0}, {0}};
    for (int c; (c = getopt(argc, argv, "123")) != -1;) {
        if (c == '?')
            return usage("comm");
        hidden[c - '1'] = true;
    }
    if (argc - optind != 2)
        return usage("comm");
    for (int i = 0; i < 2; i++) {
        char *input[] = {argv[optind + i], NULL};
        if (each_input(input, read_lines, &l[i]) != 0)
            return 1;
    }
    for (size_t i = 0, j = 0; i < l[0].n || j < l[1].n;) {
        int order = i == l[0].n ? 1 : j == l[1].n ? -1 : strcmp(l[0].v[i], l[1].v[j]);
        int column = order < 0 ? 0 : order > 0 ? 1 : 2;
        const char *line = order <= 0 ? l[0].v[i] : l[1].v[j];
        for (int c = 0; c < column && !hidden[column]; c++)
            if (!hidden[c])
                putchar('\t');
        if (!hidden[column])
            puts(line);
        i += order <= 0;
        j += order >= 0;
    }
    return 0;
}
