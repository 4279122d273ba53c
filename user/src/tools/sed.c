/*
 * sed.c: edits lines by a script: addresses N, $, /re/, FIRST~STEP, A,B, !; commands s y d D p P q g G h H x
 * n N = a i c and { } ; options -n -e -f -E -i.
 */
#include "box.h"

#include <ctype.h>
#include <err.h>
#include <getopt.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct address {
    enum { ANY, LINE, STEP, LAST, MATCH } kind;
    long line, step;
    regex_t re;
};

struct command {
    struct address from, to;
    int addresses;
    bool negate, active;        /* active: inside of a range */
    char name;
    char *text;                 /* of a i c; replacement of s; both alphabets of y, one after the other */
    regex_t re;                 /* of s */
    bool global, print;
    long nth;                   /* of s///3 */
    size_t end;                 /* of {: the command behind its } */
};

struct script {
    struct command *v;
    size_t n;
    const char *p;              /* being parsed */
    int flags;                  /* of regcomp */
};

struct text {
    char *s;
    size_t len, room;
};

/* What a run works on. */
struct editor {
    struct script *script;
    bool quiet, quitting;
    long line;
    FILE *in;
    char **names;               /* that are still to be read */
    struct text pattern, hold, appended;
    int peeked;
    bool has_newline;           /* the line read last had one */
};

static void set(struct text *t, const char *s, size_t n)
{
    if (t->room < n + 1)
        t->s = xrealloc(t->s, t->room = n * 2 + 16);
    memmove(t->s, s, n);
    t->len = n;
    t->s[n] = '\0';
}

static void add(struct text *t, const char *s, size_t n)
{
    if (t->room < t->len + n + 1)
        t->s = xrealloc(t->s, t->room = (t->len + n) * 2 + 16);
    memcpy(t->s + t->len, s, n);
    t->len += n;
    t->s[t->len] = '\0';
}

/* ---- parsing ---- */

static void blanks(struct script *s)
{
    while (*s->p == ' ' || *s->p == '\t')
        s->p++;
}

/* Text up to an unescaped delimiter; \delimiter is the delimiter, \n a newline, other escapes stay. */
static char *delimited(struct script *s, char delimiter)
{
    struct text t = {0};
    bool bracket = false;
    set(&t, "", 0);
    for (; *s->p && (*s->p != delimiter || bracket); s->p++) {
        if (*s->p == '\\' && s->p[1]) {
            s->p++;
            if (*s->p == 'n')
                add(&t, "\n", 1);
            else if (*s->p == delimiter)
                add(&t, &delimiter, 1);
            else
                add(&t, s->p - 1, 2);
            continue;
        }
        bracket = *s->p == '[' ? true : *s->p == ']' ? false : bracket;
        add(&t, s->p, 1);
    }
    if (*s->p++ != delimiter)
        errx(1, "a %c is missing", delimiter);
    return t.s;
}

static void compile(struct script *s, regex_t *re, const char *text, int more)
{
    char message[100];
    int error = regcomp(re, text, s->flags | more);
    if (error) {
        regerror(error, re, message, sizeof message);
        errx(1, "%s: %s", text, message);
    }
}

static bool parse_address(struct script *s, struct address *a)
{
    char *end;
    if (isdigit((unsigned char)*s->p)) {
        a->kind = LINE;
        a->line = strtol(s->p, &end, 10);
        if (*end == '~') {
            a->kind = STEP;
            a->step = strtol(end + 1, &end, 10);
        }
        s->p = end;
        return true;
    }
    if (*s->p == '$') {
        s->p++;
        a->kind = LAST;
        return true;
    }
    if (*s->p != '/' && *s->p != '\\')
        return false;
    s->p += *s->p == '\\';
    char delimiter = *s->p++;
    a->kind = MATCH;
    char *text = delimited(s, delimiter);
    bool fold = *s->p == 'I';
    s->p += fold;
    compile(s, &a->re, text, fold ? REG_ICASE : 0);
    return true;
}

static void parse_substitution(struct script *s, struct command *c)
{
    char delimiter = *s->p++;
    char *pattern = delimited(s, delimiter);
    int more = 0;
    c->text = delimited(s, delimiter);
    for (;; s->p++) {
        if (*s->p == 'g')
            c->global = true;
        else if (*s->p == 'p')
            c->print = true;
        else if (*s->p == 'i' || *s->p == 'I')
            more = REG_ICASE;
        else if (isdigit((unsigned char)*s->p))
            c->nth = c->nth * 10 + *s->p - '0';
        else
            break;
    }
    compile(s, &c->re, pattern, more);
}

/* a\ TEXT or a TEXT: to the end of the line, which a backslash continues. */
static void parse_text(struct script *s, struct command *c)
{
    struct text t = {0};
    set(&t, "", 0);
    blanks(s);
    if (*s->p == '\\') {
        s->p++;
        blanks(s);
        s->p += *s->p == '\n';
    }
    for (; *s->p && *s->p != '\n'; s->p++) {
        if (*s->p == '\\' && s->p[1])
            s->p++;
        add(&t, s->p, 1);
    }
    add(&t, "\n", 1);
    c->text = t.s;
}

static void parse_commands(struct script *s, bool nested);

static void parse_command(struct script *s)
{
    s->v = xrealloc(s->v, (s->n + 1) * sizeof *s->v);
    size_t at = s->n++;
    struct command *c = &s->v[at];
    *c = (struct command){0};
    if (parse_address(s, &c->from)) {
        c->addresses = 1;
        blanks(s);
        if (*s->p == ',') {
            s->p++;
            blanks(s);
            if (!parse_address(s, &c->to))
                errx(1, "an address is missing");
            c->addresses = 2;
        }
    }
    blanks(s);
    for (; *s->p == '!' || *s->p == ' '; s->p++)
        c->negate = true;
    c->name = *s->p ? *s->p++ : '\0';
    switch (c->name) {
    case 's': parse_substitution(s, c); break;
    case 'y': {
        char delimiter = *s->p++;
        char *from = delimited(s, delimiter), *to = delimited(s, delimiter);
        if (strlen(from) != strlen(to))
            errx(1, "y: the alphabets differ in length");
        c->text = format("%s%s", from, to);
        break;
    }
    case 'a': case 'i': case 'c': parse_text(s, c); break;
    case '{':
        parse_commands(s, true);
        s->v[at].end = s->n;
        return;
    case 'd': case 'D': case 'p': case 'P': case 'q': case 'g': case 'G': case 'h': case 'H': case 'x': case 'n':
    case 'N': case '=': break;
    default: errx(1, "unknown command: %c", c->name);
    }
}

static void parse_commands(struct script *s, bool nested)
{
    for (;;) {
        while (isspace((unsigned char)*s->p) || *s->p == ';')
            s->p++;
        if (*s->p == '#') {
            s->p += strcspn(s->p, "\n");
        } else if (*s->p == '}' && nested) {
            s->p++;
            return;
        } else if (!*s->p) {
            if (nested)
                errx(1, "a } is missing");
            return;
        } else {
            parse_command(s);
        }
    }
}

/* ---- running ---- */

/* The next character of the input, over the ends of files; EOF behind the last. */
static int next_char(struct editor *e)
{
    for (;;) {
        int c = e->in ? getc(e->in) : EOF;
        if (c != EOF || !*e->names)
            return c;
        if (e->in && e->in != stdin)
            fclose(e->in);
        e->in = open_input(*e->names++);
    }
}

static bool is_last(struct editor *e)
{
    if (e->peeked == -2)
        e->peeked = next_char(e);
    return e->peeked == EOF;
}

static bool read_line(struct editor *e, struct text *into)
{
    if (is_last(e))
        return false;
    int c = e->peeked;
    e->peeked = -2;
    for (; c != EOF && c != '\n'; c = next_char(e))
        add(into, (char[]){(char)c}, 1);
    e->has_newline = c == '\n';
    e->line++;
    return true;
}

static void print(struct editor *e, const char *s, size_t n)
{
    fwrite(s, 1, n, stdout);
    if (e->has_newline || !is_last(e))
        putchar('\n');
}

static bool matches(struct editor *e, const struct address *a)
{
    switch (a->kind) {
    case ANY: return true;
    case LINE: return e->line == a->line;
    case STEP: return a->step > 0 ? e->line >= a->line && (e->line - a->line) % a->step == 0 : e->line == a->line;
    case LAST: return is_last(e);
    case MATCH: return regexec(&a->re, e->pattern.s, 0, NULL, 0) == 0;
    }
    return false;
}

static bool selected(struct editor *e, struct command *c)
{
    if (c->addresses < 2)
        return matches(e, &c->from);
    if (!c->active) {
        if (!matches(e, &c->from))
            return false;
        c->active = !(c->to.kind == LINE && c->to.line <= e->line);
        return true;
    }
    c->active = c->to.kind == LINE ? e->line < c->to.line : !matches(e, &c->to);
    return c->to.kind != LINE || e->line <= c->to.line;
}

static void add_replacement(struct text *out, const char *r, const char *line, const regmatch_t m[10])
{
    for (; *r; r++) {
        int group = *r == '&' ? 0 : *r == '\\' && isdigit((unsigned char)r[1]) ? r[1] - '0' : -1;
        if (group >= 0) {
            if (m[group].rm_so >= 0)
                add(out, line + m[group].rm_so, (size_t)(m[group].rm_eo - m[group].rm_so));
            r += *r == '\\';
        } else {
            r += *r == '\\' && r[1];
            add(out, *r == 't' && r[-1] == '\\' ? "\t" : r, 1);
        }
    }
}

static bool substitute(struct editor *e, const struct command *c)
{
    struct text out = {0};
    const char *line = e->pattern.s, *last_end = NULL;
    regmatch_t m[10];
    bool changed = false, at_end = false;
    long count = 0;
    set(&out, "", 0);
    while (!at_end && regexec(&c->re, line, 10, m, line > e->pattern.s ? REG_NOTBOL : 0) == 0) {
        bool empty = m[0].rm_eo == m[0].rm_so;
        bool follows = empty && line + m[0].rm_so == last_end;      /* right behind a match: not one of its own */
        bool wanted = !follows && ++count >= (c->nth ? c->nth : 1);
        add(&out, line, (size_t)m[0].rm_so);
        if (wanted)
            add_replacement(&out, c->text, line, m);
        else
            add(&out, line + m[0].rm_so, (size_t)(m[0].rm_eo - m[0].rm_so));
        changed |= wanted;
        last_end = line += m[0].rm_eo;
        at_end = !*line;
        if (empty && !at_end)
            add(&out, line++, 1);
        if (wanted && !c->global)
            break;
    }
    add(&out, line, strlen(line));
    if (changed)
        set(&e->pattern, out.s, out.len);
    free(out.s);
    return changed;
}

static void transliterate(struct editor *e, const char *alphabets)
{
    size_t n = strlen(alphabets) / 2;
    for (char *p = e->pattern.s; *p; p++) {
        const char *at = memchr(alphabets, *p, n);
        if (at)
            *p = at[n];
    }
}

static void swap(struct editor *e)
{
    struct text t = e->pattern;
    e->pattern = e->hold;
    e->hold = t;
}

enum next { GO_ON, END_CYCLE, RESTART };

static enum next run_command(struct editor *e, struct command *c)
{
    size_t first = strcspn(e->pattern.s, "\n");
    switch (c->name) {
    case 's':
        if (substitute(e, c) && c->print)
            print(e, e->pattern.s, e->pattern.len);
        break;
    case 'y': transliterate(e, c->text); break;
    case 'p': print(e, e->pattern.s, e->pattern.len); break;
    case 'P': printf("%.*s\n", (int)first, e->pattern.s); break;
    case 'd':
        set(&e->pattern, "", 0);
        return RESTART;
    case 'D':
        if (first == e->pattern.len) {
            set(&e->pattern, "", 0);
            return RESTART;
        }
        set(&e->pattern, e->pattern.s + first + 1, e->pattern.len - first - 1);
        return RESTART;
    case 'q':
        e->quitting = true;
        return END_CYCLE;
    case 'g': set(&e->pattern, e->hold.s, e->hold.len); break;
    case 'h': set(&e->hold, e->pattern.s, e->pattern.len); break;
    case 'G':
        add(&e->pattern, "\n", 1);
        add(&e->pattern, e->hold.s, e->hold.len);
        break;
    case 'H':
        add(&e->hold, "\n", 1);
        add(&e->hold, e->pattern.s, e->pattern.len);
        break;
    case 'x': swap(e); break;
    case 'n':
        if (is_last(e))
            return END_CYCLE;
        if (!e->quiet)
            print(e, e->pattern.s, e->pattern.len);
        set(&e->pattern, "", 0);
        read_line(e, &e->pattern);
        break;
    case 'N':
        if (is_last(e))
            return END_CYCLE;
        add(&e->pattern, "\n", 1);
        read_line(e, &e->pattern);
        break;
    case '=': printf("%ld\n", e->line); break;
    case 'a': add(&e->appended, c->text, strlen(c->text)); break;
    case 'i': fputs(c->text, stdout); break;
    case 'c':
        if (!c->active)
            fputs(c->text, stdout);
        set(&e->pattern, "", 0);
        return RESTART;
    }
    return GO_ON;
}

static enum next run_script(struct editor *e)
{
    const struct script *s = e->script;
    for (size_t i = 0; i < s->n;) {
        struct command *c = &s->v[i];
        bool run = selected(e, c) != c->negate;
        i = c->name == '{' && !run ? c->end : i + 1;
        enum next next = run ? run_command(e, c) : GO_ON;
        if (next != GO_ON)
            return next;
    }
    return END_CYCLE;
}

static void run_cycles(struct editor *e)
{
    bool kept = false;          /* D left something in the pattern space */
    while (!e->quitting && (kept || (set(&e->pattern, "", 0), read_line(e, &e->pattern)))) {
        enum next next = run_script(e);
        if (next == END_CYCLE && !e->quiet)
            print(e, e->pattern.s, e->pattern.len);
        fwrite(e->appended.s, 1, e->appended.len, stdout);
        e->appended.len = 0;
        kept = next == RESTART && e->pattern.len > 0;
    }
}

static struct editor new_editor(struct script *s, bool quiet, char **names)
{
    struct editor e = {.script = s, .quiet = quiet, .names = names, .peeked = -2};
    set(&e.pattern, "", 0);
    set(&e.hold, "", 0);
    set(&e.appended, "", 0);
    return e;
}

/* -i: the output of each file takes its place. */
static int edit_in_place(struct script *s, bool quiet, char *name)
{
    char *names[] = {name, NULL}, *temporary = format("%s.sed", name);
    int saved = dup(1);
    fflush(stdout);
    if (saved < 0 || access(name, R_OK) < 0 || !freopen(temporary, "w", stdout))
        err(1, "%s", name);
    struct editor e = new_editor(s, quiet, names);
    run_cycles(&e);
    fflush(stdout);
    dup2(saved, 1);
    close(saved);
    if (rename(temporary, name) < 0)
        err(1, "%s", name);
    return 0;
}

int sed_main(int argc, char **argv)
{
    static char *standard_input[] = {"-", NULL};
    struct script s = {0};
    char *text = NULL;
    bool quiet = false, in_place = false;
    for (int c; (c = getopt(argc, argv, "nErie:f:")) != -1;)
        switch (c) {
        case 'n': quiet = true; break;
        case 'E': case 'r': s.flags |= REG_EXTENDED; break;
        case 'i': in_place = true; break;
        case 'e': text = format("%s%s\n", text ? text : "", optarg); break;
        case 'f': {
            char *file = read_file(optarg, NULL);
            if (!file)
                err(1, "%s", optarg);
            text = format("%s%s\n", text ? text : "", file);
            break;
        }
        default: return usage("sed");
        }
    if (!text && optind == argc)
        return usage("sed");
    s.p = text ? text : argv[optind++];
    parse_commands(&s, false);
    if (in_place) {
        for (int i = optind; i < argc; i++)
            edit_in_place(&s, quiet, argv[i]);
        return 0;
    }
    struct editor e = new_editor(&s, quiet, optind < argc ? argv + optind : standard_input);
    run_cycles(&e);
    return 0;
}
