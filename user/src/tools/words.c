/*
 * words.c: the tools that are about strings: echo, printf, basename, dirname, seq, yes, expr's smaller kin.
 * The shell calls echo_main, printf_main, true_main and false_main as builtins: they must return, not exit.
 */
#include "box.h"

#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
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
