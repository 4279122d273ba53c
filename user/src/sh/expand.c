/*
 * expand.c: what a word stands for: tilde, parameters, command substitution, arithmetic, then field
 * splitting, path names, and quotes gone.
 *
 * While a field is put together, what was quoted has a backslash before every character that a pattern
 * could take as special; so one form serves path names, case patterns and ${x#p}.
 */
#include "sh.h"

#include "../box.h"

#include <ctype.h>
#include <fnmatch.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum separator { SEP_NONE, SEP_BLANK, SEP_OTHER };

struct expander {
    bool fields;                /* splitting into fields, and path names */
    bool pattern;               /* the result keeps its backslashes */
    bool assignment;            /* ~ counts after : too */
    struct buf text;            /* of the current field */
    bool open;                  /* there is a current field, be it empty */
    enum separator separator;   /* what was met since the last field ended */
    const char *ifs;
    char **words;
    int count, room;
};

static void expand_parts(struct expander *x, const struct part *p, bool split_text);

/* ---- fields ---- */

static void add_word(void *context, const char *text)
{
    struct expander *x = context;
    if (x->count == x->room) {
        x->room = x->room * 2 + 8;
        char **bigger = arena_alloc(sh.scratch, (size_t)(x->room + 1) * sizeof *bigger);
        if (x->count > 0)
            memcpy(bigger, x->words, (size_t)x->count * sizeof *bigger);
        x->words = bigger;
    }
    x->words[x->count++] = arena_copy(sh.scratch, text, strlen(text));
    x->words[x->count] = NULL;
}

static void end_field(struct expander *x)
{
    if (!x->open)
        return;
    const char *pattern = buf_end(&x->text);
    if (option(OPT_NOGLOB) || !has_wildcard(pattern) || glob_expand(pattern, add_word, x) == 0)
        add_word(x, unescape(sh.scratch, pattern));
    x->text = (struct buf){.arena = sh.scratch};
    x->open = false;
}

static void emit_char(struct expander *x, char c, bool quoted)
{
    unsigned char u = (unsigned char)c;
    if ((quoted || c == '\\') && u < 0x80 && !isalnum(u) && u > ' ')
        buf_char(&x->text, '\\');
    buf_char(&x->text, c);
    x->open = true;
    x->separator = SEP_NONE;
}

/* A character of an unquoted expansion: it may separate fields. */
static void emit_splitting(struct expander *x, char c)
{
    if (!strchr(x->ifs, c)) {
        emit_char(x, c, false);
    } else if (isspace((unsigned char)c)) {
        if (x->open)
            x->separator = SEP_BLANK;
        end_field(x);
    } else {
        if (!x->open && x->separator != SEP_BLANK)
            x->open = true;     /* an empty field between two separators */
        end_field(x);
        x->separator = SEP_OTHER;
    }
}

static void emit(struct expander *x, const char *s, bool quoted, bool split)
{
    x->open |= quoted;
    for (; *s; s++)
        if (split && x->fields)
            emit_splitting(x, *s);
        else
            emit_char(x, *s, quoted);
}

static void emit_value(struct expander *x, const char *s, bool quoted)
{
    emit(x, s, quoted, !quoted);
}

/* ---- tilde ---- */

static const char *home_of(const char *user, size_t n)
{
    FILE *in;
    struct passwd *p = NULL;
    if (n == 0)
        return var_get("HOME");
    if (!(in = fopen("/etc/passwd", "re")))
        return NULL;
    while ((p = fgetpwent(in)))
        if (strlen(p->pw_name) == n && memcmp(p->pw_name, user, n) == 0)
            break;
    fclose(in);
    return p ? p->pw_dir : NULL;
}

/* Unquoted text, with ~ and ~user at its start (in an assignment, after each : too). */
static void emit_tilde(struct expander *x, const char *s, bool last, bool split)
{
    while (*s == '~') {
        size_t n = strcspn(s + 1, x->assignment ? "/:" : "/");
        const char *home = s[1 + n] || last ? home_of(s + 1, n) : NULL;
        if (!home)
            break;
        emit(x, home, true, false);
        s += 1 + n;
        while (x->assignment && *s && s[-1] != ':')
            emit_char(x, *s++, false);
    }
    for (; *s; s++) {
        char one[2] = {*s, '\0'};
        emit(x, one, false, split);
        if (x->assignment && *s == ':' && s[1] == '~') {
            emit_tilde(x, s + 1, last, split);
            return;
        }
    }
}

/* ---- parameters ---- */

static char *number(intmax_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%jd", n);
    return arena_copy(sh.scratch, digits, (size_t)length);
}

static char *option_letters(void)
{
    static const char letters[] = "aCefimnuvx";
    struct buf b = {.arena = sh.scratch};
    for (int i = 0; letters[i]; i++)
        if (sh.options & 1u << i)
            buf_char(&b, letters[i]);
    return buf_end(&b);
}

/* "$*": the arguments with the first character of IFS between them. */
static char *joined_args(char separator)
{
    struct buf b = {.arena = sh.scratch};
    for (int i = 0; i < sh.nargs; i++) {
        if (i > 0 && separator)
            buf_char(&b, separator);
        buf_text(&b, sh.args[i]);
    }
    return buf_end(&b);
}

/* A parameter's value, or null if it is unset. */
static const char *parameter(const struct expander *x, const char *name)
{
    if (isdigit((unsigned char)*name)) {
        long n = strtol(name, NULL, 10);
        return n == 0 ? sh.name : n <= sh.nargs ? sh.args[n - 1] : NULL;
    }
    switch (*name) {
    case '@': return sh.nargs > 0 ? joined_args(' ') : NULL;
    case '*': return sh.nargs > 0 ? joined_args(*x->ifs) : NULL;
    case '#': return number(sh.nargs);
    case '?': return number(sh.status);
    case '$': return number(sh.pid);
    case '!': return sh.last_background ? number(sh.last_background) : NULL;
    case '-': return option_letters();
    default: return var_get(name);
    }
}

/* $@ and $*, where each argument is a field of its own. */
static void emit_args(struct expander *x, bool quoted)
{
    for (int i = 0; i < sh.nargs; i++) {
        if (i > 0)
            end_field(x);
        emit_value(x, sh.args[i], quoted);
    }
}

static char *trim(char *value, enum param_op op, const char *pattern)
{
    size_t n = strlen(value);
    bool prefix = op == OP_PREFIX || op == OP_LONG_PREFIX;
    bool upward = op == OP_PREFIX || op == OP_LONG_SUFFIX;
    for (size_t step = 0; step <= n; step++) {
        size_t at = upward ? step : n - step;
        char c = value[at];
        if (prefix)
            value[at] = '\0';
        bool matches = fnmatch(pattern, prefix ? value : value + at, 0) == 0;
        value[at] = c;
        if (matches && prefix)
            return value + at;
        if (matches) {
            value[at] = '\0';
            return value;
        }
    }
    return value;
}

static void assign_default(const struct part *p)
{
    if (!is_name(p->text, strlen(p->text)))
        fail(2, "%s: cannot be assigned so", p->text);
    var_set(p->text, expand_text(p->arg), 0);
}

static noreturn void report_unset(const struct part *p)
{
    const char *message = p->arg ? expand_text(p->arg) : NULL;
    fail(2, "%s: %s", p->text, message && *message ? message : "is not set");
}

static void expand_param(struct expander *x, const struct part *p)
{
    bool all = (*p->text == '@' || *p->text == '*') && p->op != OP_LENGTH;
    const char *value = parameter(x, p->text);
    bool use = value && !(p->or_null && !*value);
    if (p->op == OP_ALTERNATIVE) {
        if (use)
            expand_parts(x, p->arg, !p->quoted);
        x->open |= p->quoted;
        return;
    }
    if (!use && p->op == OP_DEFAULT) {
        x->open |= p->quoted;
        expand_parts(x, p->arg, !p->quoted);
        return;
    }
    if (!use && p->op == OP_ASSIGN) {
        assign_default(p);
        value = var_get(p->text);
    }
    if (!use && p->op == OP_ERROR)
        report_unset(p);
    if (!value && option(OPT_NOUNSET) && !all)
        report_unset(&(struct part){.text = p->text});
    if (p->op == OP_LENGTH) {
        bool count = *p->text == '@' || *p->text == '*';
        emit_value(x, number(count ? sh.nargs : value ? (intmax_t)strlen(value) : 0), p->quoted);
    } else if (p->op >= OP_PREFIX) {
        char *copy = arena_copy(sh.scratch, value ? value : "", value ? strlen(value) : 0);
        emit_value(x, trim(copy, p->op, expand_pattern(p->arg)), p->quoted);
    } else if (all && x->fields && (*p->text == '@' || !p->quoted)) {
        emit_args(x, p->quoted);
    } else {
        emit_value(x, value ? value : "", p->quoted);
    }
}

/* ---- command substitution, arithmetic ---- */

static void expand_command(struct expander *x, const struct part *p)
{
    struct buf out = {.arena = sh.scratch};
    sh.substituted = sh.status = capture(p->command, &out);
    while (out.len > 0 && out.s[out.len - 1] == '\n')
        out.len--;
    emit_value(x, buf_end(&out), p->quoted);
}

static void expand_arith(struct expander *x, const struct part *p)
{
    emit_value(x, number(arith(expand_text(p->arg))), p->quoted);
}

/* split_text: literal text is from a ${x-word} outside of quotes, and is split as the value would be. */
static void expand_parts(struct expander *x, const struct part *p, bool split_text)
{
    for (const struct part *first = p; p; p = p->next)
        switch (p->kind) {
        case PART_TEXT:
            if (p->quoted)
                emit(x, p->text, true, false);
            else if (p == first || x->assignment)
                emit_tilde(x, p->text, !p->next, split_text);
            else
                emit(x, p->text, false, split_text);
            break;
        case PART_PARAM: expand_param(x, p); break;
        case PART_COMMAND: expand_command(x, p); break;
        case PART_ARITH: expand_arith(x, p); break;
        }
}

/* ---- entries ---- */

static struct expander expander(void)
{
    const char *ifs = var_get("IFS");
    return (struct expander){.text = {.arena = sh.scratch}, .ifs = ifs ? ifs : " \t\n"};
}

char **expand_words(const struct word *words, int *count)
{
    struct expander x = expander();
    x.fields = true;
    x.words = arena_alloc(sh.scratch, sizeof *x.words);
    for (; words; words = words->next) {
        x.separator = SEP_NONE;
        expand_parts(&x, words->parts, false);
        end_field(&x);
    }
    *count = x.count;
    return x.words;
}

static char *expand_one(const struct part *parts, bool assignment)
{
    struct expander x = expander();
    x.assignment = assignment;
    expand_parts(&x, parts, false);
    return buf_end(&x.text);
}

char *expand_text(const struct part *parts)
{
    return unescape(sh.scratch, expand_one(parts, false));
}

char *expand_value(const struct part *parts)
{
    return unescape(sh.scratch, expand_one(parts, true));
}

char *expand_pattern(const struct part *parts)
{
    return expand_one(parts, false);
}
