/*
 * words.c: the tools that are about strings: echo, printf, basename, dirname, seq, yes, expr.
 * The shell calls echo_main, printf_main, true_main and false_main as builtins: they must return, not exit.
 */
#include "box.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <regex.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>

int true_main(int argc, char **argv)
{
    (void)argc, (void)argv;
    return 0;
}

int false_main(int argc, char **argv)
{
    (void)argc, (void)argv;
    return 1;
}

/*
 * Prints the escape sequence after a backslash at *p and moves *p behind it. Octal is \ooo in a
 * printf format and \0ooo in echo and %b. Returns false at \c, which ends all output.
 */
static bool put_escape(const char **p, bool leading_zero)
{
    static const char names[] = "abefnrtv\\", values[] = "\a\b\033\f\n\r\t\v\\";
    const char *s = *p;
    const char *name = *s ? strchr(names, *s) : NULL;
    if (*s == 'c')
        return false;
    if (name) {
        putchar(values[name - names]);
        s++;
    } else if (*s >= '0' && *s <= '7' && (!leading_zero || *s == '0')) {
        int value = 0, most = leading_zero ? 4 : 3;
        for (; most > 0 && *s >= '0' && *s <= '7'; most--)
            value = value * 8 + *s++ - '0';
        putchar(value);
    } else if (*s == 'x' && isxdigit((unsigned char)s[1])) {
        char hex[3] = {s[1], isxdigit((unsigned char)s[2]) ? s[2] : '\0', '\0'};
        putchar((int)strtol(hex, NULL, 16));
        s += 1 + strlen(hex);
    } else {
        putchar('\\');
    }
    *p = s;
    return true;
}

/* Prints text with its escape sequences. Returns false if \c ended it. */
static bool put_escaped(const char *s)
{
    while (*s) {
        char c = *s++;
        if (c != '\\')
            putchar(c);
        else if (!put_escape(&s, true))
            return false;
    }
    return true;
}

/* -n and -e are known; escapes are left alone without -e, as bash and coreutils do. */
int echo_main(int argc, char **argv)
{
    bool newline = true, escapes = false;
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1] && !argv[i][1 + strspn(argv[i] + 1, "neE")]; i++)
        for (const char *p = argv[i] + 1; *p; p++) {
            newline = newline && *p != 'n';
            escapes = *p == 'e' || (*p != 'E' && escapes);
        }
    for (; i < argc; i++) {
        if (!escapes)
            fputs(argv[i], stdout);
        else if (!put_escaped(argv[i]))
            return 0;
        if (i + 1 < argc)
            putchar(' ');
    }
    if (newline)
        putchar('\n');
    return 0;
}

/* The arguments that a format is still to consume. */
struct operands {
    char **next;
    int status;
    bool stopped;               /* \c was met */
};

static const char *next_text(struct operands *o)
{
    return *o->next ? *o->next++ : "";
}

static void check_number(struct operands *o, const char *text, const char *end)
{
    if (errno == ERANGE)
        warnx("%s: out of range", text);
    else if (end == text && *text)
        warnx("%s: not a number", text);
    else if (*end)
        warnx("%s: not all of it is a number", text);
    else
        return;
    o->status = 1;
}

static intmax_t next_integer(struct operands *o)
{
    const char *text = next_text(o);
    char *end;
    if (*text == '"' || *text == '\'')
        return (unsigned char)text[1];
    errno = 0;
    intmax_t value = *text == '-' ? strtoimax(text, &end, 0) : (intmax_t)strtoumax(text, &end, 0);
    check_number(o, text, end);
    return value;
}

static double next_real(struct operands *o)
{
    const char *text = next_text(o);
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    check_number(o, text, end);
    return value;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* Prints one argument by a directive, which ends in its conversion letter. */
static void put_directive(struct operands *o, const char *directive, size_t length)
{
    char conversion = directive[length - 1];
    char fmt[64];
    snprintf(fmt, sizeof fmt, "%.*s%s%c", (int)length - 1, directive, strchr("diouxX", conversion) ? "j" : "",
             conversion);
    switch (conversion) {
    case 'd': case 'i': case 'o': case 'u': case 'x': case 'X':
        printf(fmt, next_integer(o));
        break;
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case 'a': case 'A':
        printf(fmt, next_real(o));
        break;
    case 'c': {
        const char one[2] = {next_text(o)[0], '\0'};
        fmt[strlen(fmt) - 1] = 's';
        printf(fmt, one);
        break;
    }
    case 's':
        printf(fmt, next_text(o));
        break;
    }
}

#pragma GCC diagnostic pop

/* Copies flags, width and precision, with arguments for '*', and returns what follows them. */
static const char *read_directive(struct operands *o, const char *p, char *out, size_t room)
{
    size_t n = 0;
    out[n++] = '%';
    for (; *p && strchr("-+ #0123456789.*", *p) && n + 16 < room; p++)
        if (*p == '*')
            n += (size_t)snprintf(out + n, room - n, "%d", (int)next_integer(o));
        else
            out[n++] = *p;
    out[n++] = *p;
    out[n] = '\0';
    return *p ? p + 1 : p;
}

/* Prints a format once. */
static void put_format(struct operands *o, const char *p)
{
    while (*p && !o->stopped) {
        char directive[48];
        char c = *p++;
        if (c == '\\') {
            o->stopped = !put_escape(&p, false);
        } else if (c != '%') {
            putchar(c);
        } else if (*p == '%') {
            putchar(*p++);
        } else {
            p = read_directive(o, p, directive, sizeof directive);
            size_t n = strlen(directive);
            if (directive[n - 1] == 'b') {
                o->stopped = !put_escaped(next_text(o));
            } else if (strchr("diouxXeEfFgGaAcs", directive[n - 1])) {
                put_directive(o, directive, n);
            } else {
                warnx("%s: unknown directive", directive);
                o->status = 1;
                o->stopped = true;
            }
        }
    }
}

/* The format is used again as long as it consumes arguments. */
int printf_main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--") == 0)
        argc--, argv++;
    if (argc < 2)
        return usage("printf");
    struct operands o = {.next = argv + 2};
    char **before;
    do {
        before = o.next;
        put_format(&o, argv[1]);
    } while (*o.next && o.next > before && !o.stopped);
    return o.status;
}

int basename_main(int argc, char **argv)
{
    if (argc < 2 || argc > 3)
        return usage("basename");
    char *name = last_part(argv[1]);
    size_t n = strlen(name), s = argc > 2 ? strlen(argv[2]) : 0;
    if (s > 0 && s < n && strcmp(name + n - s, argv[2]) == 0)
        name[n - s] = '\0';
    puts(name);
    return 0;
}

int dirname_main(int argc, char **argv)
{
    if (argc != 2)
        return usage("dirname");
    size_t n = strlen(argv[1]);
    while (n > 1 && argv[1][n - 1] == '/')
        n--;
    while (n > 0 && argv[1][n - 1] != '/')
        n--;
    while (n > 1 && argv[1][n - 1] == '/')
        n--;
    if (n == 0)
        puts(".");
    else
        printf("%.*s\n", (int)n, argv[1]);
    return 0;
}

int yes_main(int argc, char **argv)
{
    char *line = xstrdup(argc > 1 ? argv[1] : "y");
    for (int i = 2; i < argc; i++)
        line = format("%s %s", line, argv[i]);
    while (puts(line) >= 0)
        continue;
    return 1;
}

/* Digits behind the point. */
static int precision(const char *text)
{
    const char *point = strchr(text, '.');
    return point ? (int)strlen(point + 1) : 0;
}

/* seq [FIRST [STEP]] LAST */
int seq_main(int argc, char **argv)
{
    const char *separator = "\n";
    bool pad = false;
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && isalpha((unsigned char)argv[i][1]); i++) {
        if (strcmp(argv[i], "-s") == 0 && i + 1 < argc)
            separator = argv[++i];
        else if (strcmp(argv[i], "-w") == 0)
            pad = true;
        else
            return usage("seq");
    }
    int count = argc - i, digits = 0;
    if (count < 1 || count > 3)
        return usage("seq");
    double n[3];
    for (int k = 0; k < count; k++) {
        char *end;
        n[k] = strtod(argv[i + k], &end);
        if (*end || end == argv[i + k])
            return usage("seq");
        if (k < 2 && precision(argv[i + k]) > digits)
            digits = precision(argv[i + k]);
    }
    double first = count > 1 ? n[0] : 1, step = count > 2 ? n[1] : 1, last = n[count - 1];
    if (step == 0)
        return usage("seq");
    int width = pad ? snprintf(NULL, 0, "%.*f", digits, last > first ? last : first) : 0;
    bool any = false;
    for (long k = 0;; k++) {
        double value = first + (double)k * step;
        if (step > 0 ? value > last + step * 1e-9 : value < last + step * 1e-9)
            break;
        printf("%s%0*.*f", any ? separator : "", width, digits, value);
        any = true;
    }
    if (any)
        putchar('\n');
    return 0;
}

/* ---- expr ---- */

struct expression {
    char **next, **end;
};

static const char *expr_or(struct expression *e);

static noreturn void expr_wrong(void)
{
    errx(2, "malformed expression");
}

static bool expr_accept(struct expression *e, const char *word)
{
    if (e->next >= e->end || strcmp(*e->next, word) != 0)
        return false;
    e->next++;
    return true;
}

static bool expr_number(const char *text, long long *n)
{
    char *end;
    *n = strtoll(text, &end, 10);
    return end > text && !*end;
}

static long long expr_integer(const char *text)
{
    long long n;
    if (!expr_number(text, &n))
        errx(2, "%s: not a number", text);
    return n;
}

static const char *expr_primary(struct expression *e)
{
    if (expr_accept(e, "(")) {
        const char *value = expr_or(e);
        if (!expr_accept(e, ")"))
            expr_wrong();
        return value;
    }
    if (e->next >= e->end)
        expr_wrong();
    if (e->next + 1 < e->end && expr_accept(e, "length"))
        return format("%zu", strlen(expr_primary(e)));
    return *e->next++;
}

/* TEXT : REGEX, anchored at the start: its first group, or the length matched. */
static const char *expr_match(struct expression *e)
{
    const char *text = expr_primary(e);
    while (expr_accept(e, ":")) {
        char *pattern = format("^%s", expr_primary(e));
        regex_t re;
        regmatch_t m[2] = {{-1, -1}, {-1, -1}};
        if (regcomp(&re, pattern, 0) != 0)
            expr_wrong();
        bool found = regexec(&re, text, 2, m, 0) == 0;
        if (re.re_nsub > 0)
            text = found && m[1].rm_so >= 0 ? format("%.*s", (int)(m[1].rm_eo - m[1].rm_so), text + m[1].rm_so) : "";
        else
            text = format("%d", found ? (int)m[0].rm_eo : 0);
        regfree(&re);
        free(pattern);
    }
    return text;
}

static const char *expr_product(struct expression *e)
{
    const char *left = expr_match(e);
    for (;;) {
        char op = expr_accept(e, "*") ? '*' : expr_accept(e, "/") ? '/' : expr_accept(e, "%") ? '%' : '\0';
        if (!op)
            return left;
        long long a = expr_integer(left), b = expr_integer(expr_match(e));
        if (op != '*' && b == 0)
            errx(2, "division by zero");
        left = format("%lld", op == '*' ? a * b : op == '/' ? a / b : a % b);
    }
}

static const char *expr_sum(struct expression *e)
{
    const char *left = expr_product(e);
    for (;;) {
        int sign = expr_accept(e, "+") ? 1 : expr_accept(e, "-") ? -1 : 0;
        if (!sign)
            return left;
        long long a = expr_integer(left);
        left = format("%lld", a + sign * expr_integer(expr_product(e)));
    }
}

static const char *expr_comparison(struct expression *e)
{
    static const char *const names[] = {"<=", ">=", "!=", "=", "<", ">"};
    const char *left = expr_sum(e);
    for (int i = 0; i < 6; i++) {
        long long a, b;
        if (!expr_accept(e, names[i]))
            continue;
        const char *right = expr_sum(e);
        int order = expr_number(left, &a) && expr_number(right, &b) ? (a > b) - (a < b) : strcmp(left, right);
        bool holds = i == 0 ? order <= 0 : i == 1 ? order >= 0 : i == 2 ? order != 0 : i == 3 ? order == 0
                   : i == 4 ? order < 0 : order > 0;
        left = holds ? "1" : "0";
        i = -1;
    }
    return left;
}

static bool expr_true(const char *value)
{
    return *value && strcmp(value, "0") != 0;
}

static const char *expr_and(struct expression *e)
{
    const char *left = expr_comparison(e);
    while (expr_accept(e, "&")) {
        const char *right = expr_comparison(e);
        left = expr_true(left) && expr_true(right) ? left : "0";
    }
    return left;
}

static const char *expr_or(struct expression *e)
{
    const char *left = expr_and(e);
    while (expr_accept(e, "|")) {
        const char *right = expr_and(e);
        left = expr_true(left) ? left : right;
    }
    return left;
}

int expr_main(int argc, char **argv)
{
    struct expression e = {.next = argv + 1, .end = argv + argc};
    const char *value = expr_or(&e);
    if (e.next < e.end)
        expr_wrong();
    puts(value);
    return !expr_true(value);
}
