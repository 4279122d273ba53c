/*
 * test.c: test and [, by the grammar of POSIX with -a, -o and parentheses.
 * A builtin of the shell too: it must return, not exit.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct parser {
    char **next, **end;
    bool wrong;                 /* malformed; complained already */
};

static bool or_expression(struct parser *p);

static bool malformed(struct parser *p, const char *what)
{
    if (!p->wrong)
        warnx("test: %s", what);
    p->wrong = true;
    return false;
}

static long long number(struct parser *p, const char *text)
{
    char *end;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    while (*end == ' ' || *end == '\t')
        end++;
    if (end == text || *end || errno)
        malformed(p, "not a number");
    return n;
}

static bool file_test(char op, const char *path)
{
    struct stat s;
    if (op == 'h' || op == 'L')
        return lstat(path, &s) == 0 && S_ISLNK(s.st_mode);
    if (op == 'r' || op == 'w' || op == 'x')
        return faccessat(AT_FDCWD, path, op == 'r' ? R_OK : op == 'w' ? W_OK : X_OK, AT_EACCESS) == 0;
    if (stat(path, &s) < 0)
        return false;
    switch (op) {
    case 'b': return S_ISBLK(s.st_mode);
    case 'c': return S_ISCHR(s.st_mode);
    case 'd': return S_ISDIR(s.st_mode);
    case 'f': return S_ISREG(s.st_mode);
    case 'g': return s.st_mode & S_ISGID;
    case 'k': return s.st_mode & S_ISVTX;
    case 'p': return S_ISFIFO(s.st_mode);
    case 's': return s.st_size > 0;
    case 'S': return S_ISSOCK(s.st_mode);
    case 'u': return s.st_mode & S_ISUID;
    case 'G': return s.st_gid == getegid();
    case 'O': return s.st_uid == geteuid();
    default: return true;       /* -e */
    }
}

static bool is_unary(const char *s)
{
    return s[0] == '-' && s[1] && !s[2] && strchr("bcdefghknprstuwxzGLOS", s[1]);
}

static bool unary(struct parser *p, char op, const char *operand)
{
    if (op == 'n')
        return *operand;
    if (op == 'z')
        return !*operand;
    if (op == 't')
        return isatty((int)number(p, operand));
    return file_test(op, operand);
}

static bool newer(const char *a, const char *b)
{
    struct stat s, t;
    if (stat(a, &s) < 0)
        return false;
    if (stat(b, &t) < 0)
        return true;
    return s.st_mtim.tv_sec != t.st_mtim.tv_sec ? s.st_mtim.tv_sec > t.st_mtim.tv_sec
                                                : s.st_mtim.tv_nsec > t.st_mtim.tv_nsec;
}

static bool same_file(const char *a, const char *b)
{
    struct stat s, t;
    return stat(a, &s) == 0 && stat(b, &t) == 0 && s.st_dev == t.st_dev && s.st_ino == t.st_ino;
}

enum binary { NONE, EQUAL, UNEQUAL, BELOW, ABOVE, EQ, NE, LT, LE, GT, GE, NEWER, OLDER, SAME };

static enum binary binary_operator(const char *s)
{
    static const char *const names[] = {"",    "=",   "!=",  "<",   ">",   "-eq", "-ne",
                                        "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"};
    if (strcmp(s, "==") == 0)
        return EQUAL;
    for (enum binary b = EQUAL; b <= SAME; b++)
        if (strcmp(s, names[b]) == 0)
            return b;
    return NONE;
}

static bool binary(struct parser *p, const char *a, enum binary op, const char *b)
{
    switch (op) {
    case NONE: break;
    case EQUAL: return strcmp(a, b) == 0;
    case UNEQUAL: return strcmp(a, b) != 0;
    case BELOW: return strcmp(a, b) < 0;
    case ABOVE: return strcmp(a, b) > 0;
    case EQ: return number(p, a) == number(p, b);
    case NE: return number(p, a) != number(p, b);
    case LT: return number(p, a) < number(p, b);
    case LE: return number(p, a) <= number(p, b);
    case GT: return number(p, a) > number(p, b);
    case GE: return number(p, a) >= number(p, b);
    case NEWER: return newer(a, b);
    case OLDER: return newer(b, a);
    case SAME: return same_file(a, b);
    }
    return false;
}

static bool primary(struct parser *p)
{
    long left = p->end - p->next;
    if (left <= 0)
        return malformed(p, "an operand is missing");
    enum binary op = left >= 3 ? binary_operator(p->next[1]) : NONE;
    if (op != NONE) {
        p->next += 3;
        return binary(p, p->next[-3], op, p->next[-1]);
    }
    if (left >= 2 && strcmp(p->next[0], "!") == 0) {
        p->next++;
        return !primary(p);
    }
    if (left >= 3 && strcmp(p->next[0], "(") == 0) {
        p->next++;
        bool value = or_expression(p);
        if (p->next >= p->end || strcmp(*p->next, ")") != 0)
            return malformed(p, "a ) is missing");
        p->next++;
        return value;
    }
    if (left >= 2 && is_unary(p->next[0])) {
        p->next += 2;
        return unary(p, p->next[-2][1], p->next[-1]);
    }
    return *p->next++[0] != '\0';
}

static bool accept(struct parser *p, const char *word)
{
    if (p->next >= p->end || strcmp(*p->next, word) != 0)
        return false;
    p->next++;
    return true;
}

static bool and_expression(struct parser *p)
{
    bool value = primary(p);
    while (accept(p, "-a"))
        value = primary(p) && value;
    return value;
}

static bool or_expression(struct parser *p)
{
    bool value = and_expression(p);
    while (accept(p, "-o"))
        value = and_expression(p) || value;
    return value;
}

int test_main(int argc, char **argv)
{
    struct parser p = {.next = argv + 1, .end = argv + argc};
    if (argv[0][strlen(argv[0]) - 1] == '[') {
        if (argc < 2 || strcmp(argv[argc - 1], "]") != 0)
            return malformed(&p, "a ] is missing") + 2;
        p.end--;
    }
    if (p.next == p.end)
        return 1;
    bool value = or_expression(&p);
    if (!p.wrong && p.next < p.end)
        malformed(&p, "too many words");
    return p.wrong ? 2 : !value;
}
