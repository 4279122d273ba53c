/*
 * grep.c: lines that match a regular expression of regcomp(3).
 */
#include "box.h"

#include <dirent.h>
#include <err.h>
#include <getopt.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The options; set once by grep_main, only read after. */
static struct {
    bool invert, count, names_only, names_without, numbers, quiet, silent, whole_line, whole_word, only_match, fixed;
    bool recursive, show_names;
    int flags;                  /* of regcomp */
    long before, after;         /* lines of context */
    regex_t *patterns;
    char **texts;               /* of the patterns */
    int pattern_count;
} opt;

static bool matched;            /* anything, in any file: the exit status */

static char *escape_fixed(const char *text)
{
    char *out = xmalloc(strlen(text) * 2 + 1), *p = out;
    for (; *text; text++) {
        if (strchr(opt.flags & REG_EXTENDED ? "\\.*[]^$+?(){}|" : "\\.*[]^$", *text))
            *p++ = '\\';
        *p++ = *text;
    }
    *p = '\0';
    return out;
}

/* Each line of the text is a pattern. */
static void add_patterns(const char *text)
{
    for (;;) {
        size_t n = strcspn(text, "\n");
        opt.texts = xrealloc(opt.texts, (size_t)(opt.pattern_count + 1) * sizeof *opt.texts);
        opt.texts[opt.pattern_count++] = format("%.*s", (int)n, text);
        if (!text[n] || !text[n + 1])
            return;
        text += n + 1;
    }
}

static void compile_patterns(void)
{
    opt.patterns = xmalloc((size_t)opt.pattern_count * sizeof *opt.patterns);
    for (int i = 0; i < opt.pattern_count; i++) {
        char *text = opt.fixed ? escape_fixed(opt.texts[i]) : opt.texts[i];
        int error = regcomp(&opt.patterns[i], text, opt.flags);
        if (error) {
            char message[100];
            regerror(error, &opt.patterns[i], message, sizeof message);
            errx(2, "%s: %s", text, message);
        }
    }
}

static bool is_word_char(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether a match is the whole word or line that was asked for. */
static bool acceptable(const char *line, size_t from, size_t to)
{
    if (opt.whole_line)
        return from == 0 && !line[to];
    if (!opt.whole_word)
        return true;
    return (from == 0 || !is_word_char(line[from - 1])) && !is_word_char(line[to]);
}

/* The first match at or after a position, by any of the patterns: the leftmost, then the longest. */
static bool find(const char *line, size_t at, size_t *from, size_t *to)
{
    bool found = false;
    for (int i = 0; i < opt.pattern_count; i++) {
        size_t start = at;
        regmatch_t m;
        while (regexec(&opt.patterns[i], line + start, 1, &m, start > 0 ? REG_NOTBOL : 0) == 0) {
            size_t f = start + (size_t)m.rm_so, t = start + (size_t)m.rm_eo;
            if (acceptable(line, f, t)) {
                if (!found || f < *from || (f == *from && t > *to)) {
                    *from = f;
                    *to = t;
                }
                found = true;
                break;
            }
            if (!line[f])
                break;
            start = f + 1;
        }
    }
    return found;
}

static void print_prefix(const char *name, long number, char mark)
{
    if (opt.show_names)
        printf("%s%c", name, mark);
    if (opt.numbers)
        printf("%ld%c", number, mark);
}

static void print_matches(const char *name, long number, const char *line)
{
    size_t from, to, at = 0;
    while (find(line, at, &from, &to)) {
        if (to > from) {
            print_prefix(name, number, ':');
            printf("%.*s\n", (int)(to - from), line + from);
        }
        at = to > from ? to : to + 1;
        if (at > strlen(line))
            break;
    }
}

/* The last lines that did not match, for -B. */
struct ring {
    char **v;
    long *numbers;
    long used, next;
};

static void remember(struct ring *r, const char *line, long number)
{
    if (opt.before == 0)
        return;
    free(r->v[r->next]);
    r->v[r->next] = xstrdup(line);
    r->numbers[r->next] = number;
    r->next = (r->next + 1) % opt.before;
    r->used += r->used < opt.before;
}

static void print_remembered(struct ring *r, const char *name)
{
    for (long i = 0; i < r->used; i++) {
        long at = (r->next - r->used + i + opt.before) % opt.before;
        print_prefix(name, r->numbers[at], '-');
        puts(r->v[at]);
    }
    r->used = 0;
}

static void print_result(const char *name, long count)
{
    if (opt.count && !opt.quiet) {
        if (opt.show_names)
            printf("%s:", name);
        printf("%ld\n", count);
    }
    if ((opt.names_only && count > 0) || (opt.names_without && count == 0))
        puts(name);
}

static int grep_file(FILE *in, const char *name, void *context)
{
    bool lines = !opt.count && !opt.names_only && !opt.names_without && !opt.quiet;
    char *line = NULL;
    size_t room = 0, from, to;
    long number = 0, count = 0, after = 0, last_printed = 0;
    struct ring ring = {.v = calloc((size_t)opt.before + 1, sizeof(char *)),
                        .numbers = calloc((size_t)opt.before + 1, sizeof(long))};
    (void)context;
    name = strcmp(name, "-") == 0 ? "(standard input)" : name;
    while (getline(&line, &room, in) > 0) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (find(line, 0, &from, &to) == opt.invert) {
            if (after > 0 && lines) {
                print_prefix(name, number, '-');
                puts(line);
                last_printed = number;
                after--;
            } else {
                remember(&ring, line, number);
            }
            continue;
        }
        count++;
        matched = true;
        if (opt.quiet || opt.names_only)
            break;
        if (!lines)
            continue;
        if ((opt.before || opt.after) && last_printed > 0 && number - ring.used - 1 > last_printed)
            puts("--");
        print_remembered(&ring, name);
        if (opt.only_match) {
            print_matches(name, number, line);
        } else {
            print_prefix(name, number, ':');
            puts(line);
        }
        last_printed = number;
        after = opt.after;
    }
    print_result(name, count);
    for (long i = 0; i < opt.before; i++)
        free(ring.v[i]);
    free(ring.v);
    free(ring.numbers);
    free(line);
    return 0;
}

static int grep_path(const char *path);

static int grep_directory(const char *path)
{
    int failed = 0;
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    if (n < 0) {
        if (!opt.silent)
            warn("%s", path);
        return 1;
    }
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            char *below = join_path(path, name);
            failed |= grep_path(below);
            free(below);
        }
        free(entries[i]);
    }
    free(entries);
    return failed;
}

static int grep_path(const char *path)
{
    struct stat s;
    if (strcmp(path, "-") != 0 && stat(path, &s) == 0 && S_ISDIR(s.st_mode)) {
        if (opt.recursive)
            return grep_directory(path);
        warnx("%s: is a directory", path);
        return 1;
    }
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (!in) {
        if (!opt.silent)
            warn("%s", path);
        return 1;
    }
    int failed = grep_file(in, path, NULL);
    if (in != stdin)
        fclose(in);
    return failed;
}

static bool parse_options(int argc, char **argv)
{
    for (int c; (c = getopt(argc, argv, "EFGivnclLqsxwore:f:hHA:B:C:R")) != -1;)
        switch (c) {
        case 'E': opt.flags |= REG_EXTENDED; break;
        case 'F': opt.fixed = true; break;
        case 'G': break;
        case 'i': opt.flags |= REG_ICASE; break;
        case 'v': opt.invert = true; break;
        case 'n': opt.numbers = true; break;
        case 'c': opt.count = true; break;
        case 'l': opt.names_only = true; break;
        case 'L': opt.names_without = true; break;
        case 'q': opt.quiet = true; break;
        case 's': opt.silent = true; break;
        case 'x': opt.whole_line = true; break;
        case 'w': opt.whole_word = true; break;
        case 'o': opt.only_match = true; break;
        case 'r': case 'R': opt.recursive = true; break;
        case 'e': add_patterns(optarg); break;
        case 'f': {
            char *text = read_file(optarg, NULL);
            if (!text)
                err(2, "%s", optarg);
            add_patterns(text);
            break;
        }
        case 'h': opt.show_names = false; break;
        case 'H': opt.show_names = true; break;
        case 'A': opt.after = atol(optarg); break;
        case 'B': opt.before = atol(optarg); break;
        case 'C': opt.before = opt.after = atol(optarg); break;
        default: return false;
        }
    return true;
}

int grep_main(int argc, char **argv)
{
    static char *here[] = {".", NULL}, *standard_input[] = {"-", NULL};
    int failed = 0;
    bool chosen_names = false;
    for (int i = 1; i < argc; i++)
        chosen_names |= strcmp(argv[i], "-h") == 0;
    if (!parse_options(argc, argv))
        return usage("grep");
    if (opt.pattern_count == 0 && optind == argc)
        return usage("grep");
    if (opt.pattern_count == 0)
        add_patterns(argv[optind++]);
    compile_patterns();
    if (!chosen_names && (argc - optind > 1 || opt.recursive))
        opt.show_names = true;
    char **paths = optind < argc ? argv + optind : opt.recursive ? here : standard_input;
    for (; *paths; paths++)
        failed |= grep_path(*paths);
    return failed ? 2 : !matched;
}
