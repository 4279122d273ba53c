/*
 * arith.c: the expressions of $(( )): C's operators on intmax_t, by precedence climbing.
 * What is not evaluated (the other side of && || ?:) is parsed with `off` counted up.
 */
#include "sh.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct scanner {
    const char *p;
    const char *whole;
    int off;
};

struct operator {
    char name[3];
    int precedence;             /* higher binds tighter */
};

/* Longer names first, so that the first match is the right one. */
static const struct operator operators[] = {
    {"<<", 8}, {">>", 8}, {"<=", 7}, {">=", 7}, {"==", 6}, {"!=", 6}, {"&&", 2}, {"||", 1},
    {"*", 10}, {"/", 10}, {"%", 10}, {"+", 9}, {"-", 9}, {"<", 7}, {">", 7}, {"&", 5}, {"^", 4}, {"|", 3},
};

static intmax_t assignment(struct scanner *s);

static noreturn void bad(const struct scanner *s, const char *what)
{
    fail(2, "arithmetic: %s in \"%s\"", what, s->whole);
}

static void blanks(struct scanner *s)
{
    while (isspace((unsigned char)*s->p))
        s->p++;
}

static bool take(struct scanner *s, const char *text)
{
    blanks(s);
    size_t n = strlen(text);
    if (strncmp(s->p, text, n) != 0)
        return false;
    s->p += n;
    return true;
}

static intmax_t value_of(const char *name)
{
    static int depth;
    const char *value = var_get(name);
    if (!value && option(OPT_NOUNSET))
        fail(2, "%s: is not set", name);
    if (!value || !*value)
        return 0;
    char *end;
    intmax_t n = strtoimax(value, &end, 0);
    if (!*end)
        return n;
    if (depth > 20)
        fail(2, "arithmetic: %s refers to itself", name);
    depth++;
    n = arith(value);
    depth--;
    return n;
}

static char *name(struct scanner *s)
{
    const char *start = s->p;
    while (isalnum((unsigned char)*s->p) || *s->p == '_')
        s->p++;
    return arena_copy(sh.scratch, start, (size_t)(s->p - start));
}

static intmax_t primary(struct scanner *s)
{
    blanks(s);
    if (take(s, "(")) {
        intmax_t n = assignment(s);
        if (!take(s, ")"))
            bad(s, "a ) is missing");
        return n;
    }
    if (isdigit((unsigned char)*s->p)) {
        char *end;
        intmax_t n = (intmax_t)strtoumax(s->p, &end, 0);
        if (isalnum((unsigned char)*end) || *end == '_')
            bad(s, "not a number");
        s->p = end;
        return n;
    }
    if (isalpha((unsigned char)*s->p) || *s->p == '_') {
        char *variable = name(s);
        return s->off ? 0 : value_of(variable);
    }
    bad(s, *s->p ? "unexpected character" : "something is missing");
}

static intmax_t unary(struct scanner *s)
{
    blanks(s);
    if (take(s, "-"))
        return (intmax_t)-(uintmax_t)unary(s);
    if (take(s, "+"))
        return unary(s);
    if (take(s, "~"))
        return ~unary(s);
    if (s->p[0] == '!' && s->p[1] != '=' && take(s, "!"))
        return !unary(s);
    return primary(s);
}

/* The operator at the scanner, or null. */
static const struct operator *peek(struct scanner *s)
{
    blanks(s);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strncmp(s->p, operators[i].name, strlen(operators[i].name)) == 0)
            return &operators[i];
    return NULL;
}

/* Wraps around as the machine does; a shift uses the low six bits of its count. */
static intmax_t apply(struct scanner *s, const char *op, intmax_t a, intmax_t b)
{
    uintmax_t x = (uintmax_t)a, y = (uintmax_t)b;
    if ((*op == '/' || *op == '%') && b == 0) {
        if (s->off)
            return 0;
        bad(s, "division by zero");
    }
    switch (*op) {
    case '*': return (intmax_t)(x * y);
    case '/': return b == -1 ? (intmax_t)-x : a / b;
    case '%': return b == -1 ? 0 : a % b;
    case '+': return (intmax_t)(x + y);
    case '-': return (intmax_t)(x - y);
    case '^': return a ^ b;
    case '=': return a == b;
    case '!': return a != b;
    case '&': return a & b;
    case '|': return a | b;
    case '<': return op[1] == '<' ? (intmax_t)(x << (y & 63)) : op[1] == '=' ? a <= b : a < b;
    default: return op[1] == '>' ? a >> (y & 63) : op[1] == '=' ? a >= b : a > b;
    }
}

static intmax_t binary(struct scanner *s, int least)
{
    intmax_t left = unary(s);
    const struct operator *o;
    while ((o = peek(s)) && o->precedence >= least) {
        s->p += strlen(o->name);
        bool lazy = o->precedence <= 2;
        bool decided = lazy && (o->name[0] == '&') == !left;
        s->off += decided;
        intmax_t right = binary(s, o->precedence + 1);
        s->off -= decided;
        left = !lazy ? apply(s, o->name, left, right) : decided ? left != 0 : right != 0;
    }
    return left;
}

static intmax_t conditional(struct scanner *s)
{
    intmax_t condition = binary(s, 1);
    if (!take(s, "?"))
        return condition;
    s->off += !condition;
    intmax_t yes = assignment(s);
    s->off -= !condition;
    if (!take(s, ":"))
        bad(s, "a : is missing");
    s->off += condition != 0;
    intmax_t no = conditional(s);
    s->off -= condition != 0;
    return condition ? yes : no;
}

/* "=" or OP= after a variable: the operator's text, "" for plain assignment, null if there is none. */
static const char *assigning(struct scanner *s)
{
    static const char *const names[] = {"<<", ">>", "*", "/", "%", "+", "-", "&", "^", "|"};
    blanks(s);
    if (s->p[0] == '=' && s->p[1] != '=') {
        s->p++;
        return "";
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncmp(s->p, names[i], n) == 0 && s->p[n] == '=') {
            s->p += n + 1;
            return names[i];
        }
    }
    return NULL;
}

static intmax_t assignment(struct scanner *s)
{
    blanks(s);
    const char *start = s->p, *op;
    if (!isalpha((unsigned char)*s->p) && *s->p != '_')
        return conditional(s);
    char *variable = name(s);
    if (!(op = assigning(s))) {
        s->p = start;
        return conditional(s);
    }
    intmax_t right = assignment(s);
    if (s->off)
        return 0;
    intmax_t n = *op ? apply(s, op, value_of(variable), right) : right;
    char digits[24];
    snprintf(digits, sizeof digits, "%jd", n);
    var_set(variable, digits, 0);
    return n;
}

intmax_t arith(const char *expression)
{
    struct scanner s = {.p = expression, .whole = expression};
    blanks(&s);
    if (!*s.p)
        return 0;
    intmax_t n = assignment(&s);
    blanks(&s);
    if (*s.p)
        bad(&s, "unexpected text");
    return n;
}
