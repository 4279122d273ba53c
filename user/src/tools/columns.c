/*
 * columns.c: tools that look at characters and fields: wc, cut, tr, nl, fold, paste.
 */
#include "box.h"

#include <ctype.h>
#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* ---- wc ---- */

struct counts {
    uintmax_t lines, words, bytes;
    bool show_lines, show_words, show_bytes;
    int width;
};

static void print_counts(const struct counts *c, uintmax_t lines, uintmax_t words, uintmax_t bytes, const char *name)
{
    const char *between = "";
    if (c->show_lines) {
        printf("%*ju", c->width, lines);
        between = " ";
    }
    if (c->show_words) {
        printf("%s%*ju", between, c->width, words);
        between = " ";
    }
    if (c->show_bytes)
        printf("%s%*ju", between, c->width, bytes);
    if (name)
        printf(" %s", name);
    putchar('\n');
}

static int count_file(FILE *in, const char *name, void *context)
{
    struct counts *total = context;
    uintmax_t lines = 0, words = 0, bytes = 0;
    bool inside = false;
    for (int c; (c = getc(in)) != EOF; bytes++) {
        lines += c == '\n';
        words += !isspace(c) && !inside;
        inside = !isspace(c);
    }
    print_counts(total, lines, words, bytes, strcmp(name, "-") == 0 ? NULL : name);
    total->lines += lines;
    total->words += words;
    total->bytes += bytes;
    return 0;
}

int wc_main(int argc, char **argv)
{
    struct counts total = {0};
    for (int c; (c = getopt(argc, argv, "lwcm")) != -1;)
        switch (c) {
        case 'l': total.show_lines = true; break;
        case 'w': total.show_words = true; break;
        case 'c': case 'm': total.show_bytes = true; break;
        default: return usage("wc");
        }
    if (!total.show_lines && !total.show_words && !total.show_bytes)
        total.show_lines = total.show_words = total.show_bytes = true;
    bool single = total.show_lines + total.show_words + total.show_bytes == 1;
    total.width = single && argc - optind < 2 ? 1 : 7;
    int failed = each_input(argv + optind, count_file, &total);
    if (argc - optind > 1)
        print_counts(&total, total.lines, total.words, total.bytes, "total");
    return failed;
}

/* ---- cut ---- */

struct range {
    long from, to;              /* from 1; to LONG_MAX for 3- */
};

struct cut {
    struct range *ranges;
    int count;
    bool fields, only_delimited;
    char delimiter;
};

static bool parse_ranges(char *list, struct cut *cut)
{
    for (char *item; (item = strsep(&list, ","));) {
        struct range r = {1, 0x7fffffff};
        char *end = item;
        if (*item != '-')
            r.from = r.to = strtol(item, &end, 10);
        if (*end == '-') {
            r.to = end[1] ? strtol(end + 1, &end, 10) : 0x7fffffff;
            end += *end == '-';
        }
        if (*end || r.from < 1)
            return false;
        cut->ranges = xrealloc(cut->ranges, (size_t)(cut->count + 1) * sizeof *cut->ranges);
        cut->ranges[cut->count++] = r;
    }
    return cut->count > 0;
}

static bool chosen(const struct cut *cut, long n)
{
    for (int i = 0; i < cut->count; i++)
        if (n >= cut->ranges[i].from && n <= cut->ranges[i].to)
            return true;
    return false;
}

static void cut_fields(const struct cut *cut, char *line)
{
    bool first = true;
    long n = 1;
    if (!strchr(line, cut->delimiter)) {
        if (!cut->only_delimited)
            puts(line);
        return;
    }
    for (char *field; (field = strsep(&line, (char[]){cut->delimiter, '\0'})); n++) {
        if (!chosen(cut, n))
            continue;
        if (!first)
            putchar(cut->delimiter);
        fputs(field, stdout);
        first = false;
    }
    putchar('\n');
}

static int cut_file(FILE *in, const char *name, void *context)
{
    const struct cut *cut = context;
    char *line = NULL;
    size_t room = 0;
    (void)name;
    while (getline(&line, &room, in) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (cut->fields) {
            cut_fields(cut, line);
            continue;
        }
        for (long i = 0; line[i]; i++)
            if (chosen(cut, i + 1))
                putchar(line[i]);
        putchar('\n');
    }
    free(line);
    return 0;
}

int cut_main(int argc, char **argv)
{
    struct cut cut = {.delimiter = '\t'};
    for (int c; (c = getopt(argc, argv, "b:c:f:d:s")) != -1;)
        switch (c) {
        case 'b': case 'c': case 'f':
            cut.fields = c == 'f';
            if (!parse_ranges(optarg, &cut))
                return usage("cut");
            break;
        case 'd': cut.delimiter = *optarg; break;
        case 's': cut.only_delimited = true; break;
        default: return usage("cut");
        }
    return cut.count == 0 ? usage("cut") : each_input(argv + optind, cut_file, &cut);
}

/* ---- tr ---- */

static const struct {
    const char *name;
    int (*holds)(int);
} classes[] = {
    {"alpha", isalpha}, {"digit", isdigit}, {"alnum", isalnum}, {"upper", isupper}, {"lower", islower},
    {"space", isspace}, {"blank", isblank}, {"punct", ispunct}, {"print", isprint}, {"cntrl", iscntrl},
    {"graph", isgraph}, {"xdigit", isxdigit},
};

/* The character at *p, an escape sequence counting as one; moves *p behind it. */
static int set_char(const char **p)
{
    static const char names[] = "nrtabfv\\", values[] = "\n\r\t\a\b\f\v\\";
    int c = (unsigned char)*(*p)++;
    if (c != '\\' || !**p)
        return c;
    const char *name = strchr(names, **p);
    if (name) {
        (*p)++;
        return values[name - names];
    }
    if (**p < '0' || **p > '7')
        return (unsigned char)*(*p)++;
    for (c = 0; **p >= '0' && **p <= '7'; (*p)++)
        c = c * 8 + **p - '0';
    return c & 255;
}

/* [:alpha:] at *p: adds its characters and moves *p behind it. */
static bool set_class(const char **p, unsigned char *out, int *n)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        size_t length = strlen(classes[i].name);
        if (strncmp(*p, "[:", 2) != 0 || strncmp(*p + 2, classes[i].name, length) != 0
            || strncmp(*p + 2 + length, ":]", 2) != 0)
            continue;
        for (int c = 0; c < 256; c++)
            if (classes[i].holds(c))
                out[(*n)++] = (unsigned char)c;
        *p += length + 4;
        return true;
    }
    return false;
}

/* Spells out a set such as a-z[:digit:]\n. Returns how many characters it has, at most 1024. */
static int spell_out(const char *p, unsigned char out[1024])
{
    int n = 0;
    while (*p && n < 700) {
        if (set_class(&p, out, &n))
            continue;
        int from = set_char(&p), to = from;
        if (p[0] == '-' && p[1]) {
            p++;
            to = set_char(&p);
        }
        for (int c = from; c <= to; c++)
            out[n++] = (unsigned char)c;
    }
    return n;
}

static int complement(unsigned char set[1024], int n)
{
    bool in[256] = {false};
    int count = 0;
    for (int i = 0; i < n; i++)
        in[set[i]] = true;
    for (int c = 0; c < 256; c++)
        if (!in[c])
            set[count++] = (unsigned char)c;
    return count;
}

int tr_main(int argc, char **argv)
{
    bool complements = false, delete = false, squeeze = false;
    bool deleted[256] = {false}, squeezed[256] = {false};
    unsigned char from[1024], to[1024], map[256];
    for (int c; (c = getopt(argc, argv, "+cCds")) != -1;)
        switch (c) {
        case 'c': case 'C': complements = true; break;
        case 'd': delete = true; break;
        case 's': squeeze = true; break;
        default: return usage("tr");
        }
    int sets = argc - optind;
    if (sets < 1 || sets > 2 || (sets == 1 && !delete && !squeeze))
        return usage("tr");
    int n = spell_out(argv[optind], from), m = sets > 1 ? spell_out(argv[optind + 1], to) : 0;
    n = complements ? complement(from, n) : n;
    for (int c = 0; c < 256; c++)
        map[c] = (unsigned char)c;
    for (int i = 0; i < n; i++) {
        deleted[from[i]] = delete;
        if (!delete && m > 0)
            map[from[i]] = to[i < m ? i : m - 1];
        squeezed[from[i]] |= squeeze && m == 0;
    }
    for (int i = 0; i < m; i++)
        squeezed[to[i]] |= squeeze;
    for (int c, last = EOF; (c = getchar()) != EOF;) {
        if (deleted[c])
            continue;
        c = map[c];
        if (c != last || !squeezed[c])
            putchar(c);
        last = c;
    }
    return 0;
}

/* ---- nl, fold, paste ---- */

static int nl_file(FILE *in, const char *name, void *context)
{
    char *line = NULL;
    size_t room = 0;
    (void)name;
    while (getline(&line, &room, in) > 0)
        if (line[0] == '\n')
            printf("       \n");
        else
            printf("%6ld\t%s", ++*(long *)context, line);
    free(line);
    return 0;
}

int nl_main(int argc, char **argv)
{
    long number = 0;
    return argc < 1 ? 2 : each_input(argv + 1, nl_file, &number);
}

static int fold_file(FILE *in, const char *name, void *context)
{
    long width = *(long *)context, column = 0;
    (void)name;
    for (int c; (c = getc(in)) != EOF;) {
        if (column == width && c != '\n') {
            putchar('\n');
            column = 0;
        }
        putchar(c);
        column = c == '\n' ? 0 : column + 1;
    }
    return 0;
}

int fold_main(int argc, char **argv)
{
    long width = 80;
    for (int c; (c = getopt(argc, argv, "w:")) != -1;)
        if (c == '?' || (width = atol(optarg)) < 1)
            return usage("fold");
    return each_input(argv + optind, fold_file, &width);
}

/* The files side by side, line by line. */
int paste_main(int argc, char **argv)
{
    const char *delimiters = "\t";
    for (int c; (c = getopt(argc, argv, "d:")) != -1;) {
        if (c == '?')
            return usage("paste");
        delimiters = optarg;
    }
    int count = argc - optind, open = 0;
    FILE *in[count + 1];
    for (int i = 0; i < count; i++)
        if (!(in[i] = open_input(argv[optind + i])))
            return 1;
    char *lines[count + 1];
    do {
        open = 0;
        for (int i = 0; i < count; i++) {
            size_t room = 0;
            lines[i] = NULL;
            if (getline(&lines[i], &room, in[i]) > 0)
                open++;
            else
                lines[i][0] = '\0';
        }
        for (int i = 0; i < count; i++) {
            if (open > 0)
                printf("%.*s%c", (int)strcspn(lines[i], "\n"), lines[i],
                       i + 1 < count ? delimiters[(size_t)i % strlen(delimiters)] : '\n');
            free(lines[i]);
        }
    } while (open > 0);
    return 0;
}
