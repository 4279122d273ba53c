/*
 * lex.c: text to tokens. A word becomes a list of parts: text (quoted or not), parameters, command
 * substitutions (parsed here and now, by the parser), arithmetic. Here-documents are read when the
 * newline after their operator is.
 */
#include "sh.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Where parts are read, which decides what is special and what ends them. */
enum context {
    IN_WORD,            /* to a blank or an operator */
    IN_QUOTES,          /* to " */
    IN_BRACE,           /* to }, unquoted */
    IN_QUOTED_BRACE,    /* to }, within quotes */
    IN_ARITH,           /* to )) */
    IN_HERE,            /* to the end of text */
};

/* Parts being put together. */
struct collector {
    struct lexer *lx;
    struct part *head, **tail;
    struct buf text;            /* of a PART_TEXT not yet added */
    bool text_quoted;
};

static void read_parts(struct collector *k, enum context cx);

/* ---- characters ---- */

static int raw_char(struct lexer *lx)
{
    int c;
    if (lx->nback > 0)
        c = lx->back[--lx->nback];
    else if (lx->p < lx->end || (!lx->at_end && lx->more && lx->more(lx)))
        c = (unsigned char)*lx->p++;
    else
        c = EOF;
    if (c == EOF) {
        lx->at_end = true;
        return c;
    }
    lx->started = true;
    lx->line += c == '\n';
    buf_char(&lx->text, (char)c);
    return c;
}

static void unget(struct lexer *lx, int c)
{
    if (c != EOF)
        lx->text.len--;
    lx->line -= c == '\n';
    lx->back[lx->nback++] = c;
}

/* The next character, a line ending in a backslash being continued. */
static int next_char(struct lexer *lx)
{
    int c;
    while ((c = raw_char(lx)) == '\\') {
        int d = raw_char(lx);
        if (d != '\n') {
            unget(lx, d);
            break;
        }
    }
    return c;
}

static bool accept(struct lexer *lx, int wanted)
{
    int c = next_char(lx);
    if (c == wanted)
        return true;
    unget(lx, c);
    return false;
}

bool is_name(const char *s, size_t n)
{
    if (n == 0 || isdigit((unsigned char)*s))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)s[i]) && s[i] != '_')
            return false;
    return true;
}

/* ---- parts ---- */

static struct part *add_part(struct collector *k, enum part_kind kind, bool quoted)
{
    struct part *p = arena_alloc(k->lx->arena, sizeof *p);
    p->kind = kind;
    p->quoted = quoted;
    *k->tail = p;
    k->tail = &p->next;
    return p;
}

static void flush_text(struct collector *k)
{
    if (k->text.len == 0)
        return;
    struct part *p = add_part(k, PART_TEXT, k->text_quoted);
    p->text = arena_copy(k->lx->arena, k->text.s, k->text.len);
    k->text.len = 0;
}

static void add_char(struct collector *k, int c, bool quoted)
{
    if (k->text_quoted != quoted)
        flush_text(k);
    k->text_quoted = quoted;
    buf_char(&k->text, (char)c);
}

/* Quotes around nothing still make a word. */
static void add_empty(struct collector *k)
{
    flush_text(k);
    add_part(k, PART_TEXT, true)->text = arena_copy(k->lx->arena, "", 0);
}

static struct collector collector(struct lexer *lx)
{
    return (struct collector){.lx = lx, .text = {.arena = lx->arena}};
}

static struct part *collect(struct lexer *lx, enum context cx)
{
    struct collector k = collector(lx);
    k.tail = &k.head;
    read_parts(&k, cx);
    flush_text(&k);
    return k.head;
}

static void read_single_quotes(struct collector *k)
{
    int c = raw_char(k->lx);
    if (c == '\'')
        add_empty(k);
    for (; c != '\''; c = raw_char(k->lx)) {
        if (c == EOF)
            syntax_error(k->lx, "a ' is not closed");
        add_char(k, c, true);
    }
}

static void read_double_quotes(struct collector *k)
{
    int c = next_char(k->lx);
    if (c == '"') {
        add_empty(k);
        return;
    }
    unget(k->lx, c);
    read_parts(k, IN_QUOTES);
}

static void read_backslash(struct collector *k, enum context cx)
{
    int c = raw_char(k->lx);
    const char *escapable = cx == IN_QUOTES ? "$`\"\\" : cx == IN_QUOTED_BRACE ? "$`\"\\}" : "$`\\";
    if (c == EOF) {
        add_char(k, '\\', true);
    } else if (cx == IN_WORD || cx == IN_BRACE || strchr(escapable, c)) {
        add_char(k, c, true);
    } else {
        add_char(k, '\\', true);
        unget(k->lx, c);
    }
}

/* The text between backquotes is a program of its own, once its escapes are gone. */
static void read_backquotes(struct collector *k, bool in_quotes)
{
    struct lexer *lx = k->lx, inner;
    struct buf text = {.arena = lx->arena};
    int c;
    while ((c = raw_char(lx)) != '`') {
        if (c == '\\') {
            c = raw_char(lx);
            if (c != EOF && !strchr(in_quotes ? "$`\\\"" : "$`\\", c))
                buf_char(&text, '\\');
        }
        if (c == EOF)
            syntax_error(lx, "a ` is not closed");
        buf_char(&text, (char)c);
    }
    lex_string(&inner, buf_end(&text));
    lex_line(&inner, lx->arena);
    flush_text(k);
    add_part(k, PART_COMMAND, in_quotes)->command = parse_all(&inner);
}

static void read_command(struct collector *k, bool quoted)
{
    struct lexer *lx = k->lx;
    flush_text(k);
    struct part *p = add_part(k, PART_COMMAND, quoted);
    p->command = parse_substitution(lx);
}

static void read_arith(struct collector *k, bool quoted)
{
    flush_text(k);
    struct part *p = add_part(k, PART_ARITH, quoted);
    p->arg = collect(k->lx, IN_ARITH);
}

static bool is_special(int c)
{
    return c != EOF && c != '\0' && strchr("@*#?-$!", c);
}

/* A parameter's name: a name, digits (one only, outside of braces), or a special character. */
static char *read_name(struct lexer *lx, bool braces)
{
    struct buf name = {.arena = lx->arena};
    int c = next_char(lx);
    if (isdigit(c) || is_special(c)) {
        buf_char(&name, (char)c);
        while (braces && isdigit(c) && isdigit(c = next_char(lx)))
            buf_char(&name, (char)c);
        if (braces && !isdigit(c) && !is_special(c))
            unget(lx, c);
        else if (braces && is_special(c) && !is_special(name.s[0]))
            unget(lx, c);
        return buf_end(&name);
    }
    for (; isalnum(c) || c == '_'; c = next_char(lx))
        buf_char(&name, (char)c);
    unget(lx, c);
    return name.len > 0 ? buf_end(&name) : NULL;
}

static enum param_op read_operator(struct lexer *lx, struct part *p)
{
    int c = next_char(lx);
    if (c == '#')
        return accept(lx, '#') ? OP_LONG_PREFIX : OP_PREFIX;
    if (c == '%')
        return accept(lx, '%') ? OP_LONG_SUFFIX : OP_SUFFIX;
    if (c == ':') {
        p->or_null = true;
        c = next_char(lx);
    }
    switch (c) {
    case '-': return OP_DEFAULT;
    case '=': return OP_ASSIGN;
    case '?': return OP_ERROR;
    case '+': return OP_ALTERNATIVE;
    default: syntax_error(lx, "bad substitution");
    }
}

/* ${#x} and ${##}, but not ${#}, ${#-x}, ${##x}: there the first # is the parameter. */
static bool read_length(struct lexer *lx)
{
    if (!accept(lx, '#'))
        return false;
    int c = next_char(lx);
    if (c == '#' && accept(lx, '}')) {
        unget(lx, '}');
        unget(lx, c);
        return true;
    }
    unget(lx, c);
    if (isalnum(c) || c == '_' || c == '@' || c == '*' || c == '?' || c == '$' || c == '!')
        return true;
    unget(lx, '#');
    return false;
}

static void read_brace(struct collector *k, bool quoted)
{
    struct lexer *lx = k->lx;
    flush_text(k);
    struct part *p = add_part(k, PART_PARAM, quoted);
    bool length = read_length(lx);
    p->text = read_name(lx, true);
    if (!p->text)
        syntax_error(lx, "bad substitution");
    if (accept(lx, '}')) {
        p->op = length ? OP_LENGTH : OP_NONE;
        return;
    }
    if (length)
        syntax_error(lx, "bad substitution");
    p->op = read_operator(lx, p);
    p->arg = collect(lx, quoted && p->op < OP_PREFIX ? IN_QUOTED_BRACE : IN_BRACE);
}

static void read_dollar(struct collector *k, bool quoted)
{
    struct lexer *lx = k->lx;
    int c = next_char(lx);
    if (c == '(') {
        if (accept(lx, '('))
            read_arith(k, quoted);
        else
            read_command(k, quoted);
    } else if (c == '{') {
        read_brace(k, quoted);
    } else if (isalnum(c) || c == '_' || is_special(c)) {
        unget(lx, c);
        flush_text(k);
        struct part *p = add_part(k, PART_PARAM, quoted);
        p->text = read_name(lx, false);
    } else {
        unget(lx, c);
        add_char(k, '$', quoted);
    }
}

/* Whether c ends the parts of a context; depth counts the parentheses of an expression. */
static bool at_end(struct collector *k, enum context cx, int c, int *depth)
{
    switch (cx) {
    case IN_WORD:
        if (c != EOF && !strchr(" \t\n;&|<>()", c))
            return false;
        unget(k->lx, c);
        return true;
    case IN_QUOTES:
        if (c == EOF)
            syntax_error(k->lx, "a \" is not closed");
        return c == '"';
    case IN_BRACE: case IN_QUOTED_BRACE:
        if (c == EOF)
            syntax_error(k->lx, "a ${ is not closed");
        return c == '}';
    case IN_ARITH:
        if (c == EOF)
            syntax_error(k->lx, "a $(( is not closed");
        *depth += c == '(';
        if (c != ')' || (*depth)-- > 0)
            return false;
        if (!accept(k->lx, ')'))
            syntax_error(k->lx, "a $(( is not closed");
        return true;
    case IN_HERE:
        return c == EOF;
    }
    return true;
}

static void read_parts(struct collector *k, enum context cx)
{
    bool quoted = cx != IN_WORD && cx != IN_BRACE;
    int depth = 0;
    for (;;) {
        int c = next_char(k->lx);
        if (at_end(k, cx, c, &depth))
            return;
        if (c == '\\')
            read_backslash(k, cx);
        else if (c == '\'' && !quoted)
            read_single_quotes(k);
        else if (c == '"' && (!quoted || cx == IN_QUOTED_BRACE))
            read_double_quotes(k);
        else if (c == '$')
            read_dollar(k, quoted);
        else if (c == '`')
            read_backquotes(k, quoted);
        else if (c != '"' || cx != IN_ARITH)
            add_char(k, c, quoted);
    }
}

struct part *lex_prompt(struct arena *a, const char *text)
{
    struct lexer lx;
    lex_string(&lx, text);
    lex_line(&lx, a);
    return collect(&lx, IN_HERE);
}

/* ---- here-documents ---- */

void lex_pend_here(struct lexer *lx, struct redir *r)
{
    struct redir **last = &lx->pending;
    while (*last)
        last = &(*last)->next_pending;
    *last = r;
}

/* One line with its newline. Returns false at the end of text. */
static bool here_line(struct lexer *lx, struct buf *line, bool strip_tabs)
{
    int c = raw_char(lx);
    line->len = 0;
    while (strip_tabs && c == '\t')
        c = raw_char(lx);
    for (; c != EOF; c = raw_char(lx)) {
        buf_char(line, (char)c);
        if (c == '\n')
            return true;
    }
    return line->len > 0;
}

static void read_here(struct lexer *lx, struct redir *r)
{
    struct buf body = {.arena = lx->arena}, line = {.arena = lx->arena};
    size_t n = strlen(r->delimiter);
    while (here_line(lx, &line, r->strip_tabs)) {
        size_t text = line.len - (line.s[line.len - 1] == '\n');
        if (text == n && memcmp(line.s, r->delimiter, n) == 0)
            break;
        buf_add(&body, line.s, line.len);
    }
    char *text = buf_end(&body);
    if (r->literal) {
        struct part *p = arena_alloc(lx->arena, sizeof *p);
        *p = (struct part){.kind = PART_TEXT, .quoted = true, .text = text};
        r->target = p;
    } else {
        r->target = lex_prompt(lx->arena, text);
    }
}

static void read_pending(struct lexer *lx)
{
    while (lx->pending) {
        struct redir *r = lx->pending;
        lx->pending = r->next_pending;
        read_here(lx, r);
    }
}

/* ---- tokens ---- */

static void skip_blanks(struct lexer *lx)
{
    int c;
    do
        c = next_char(lx);
    while (c == ' ' || c == '\t');
    if (c == '#')
        while ((c = raw_char(lx)) != '\n' && c != EOF)
            continue;
    unget(lx, c);
}

static struct token redirection(struct lexer *lx, int c, int fd)
{
    struct token t = {.kind = TOK_REDIR, .fd = fd >= 0 ? fd : c == '>'};
    if (c == '>') {
        t.redir = accept(lx, '>') ? REDIR_APPEND
                : accept(lx, '&') ? REDIR_DUP
                : accept(lx, '|') ? REDIR_CLOBBER
                : REDIR_OUT;
    } else if (accept(lx, '<')) {
        t.redir = REDIR_HERE;
        t.here = true;
        t.strip_tabs = accept(lx, '-');
    } else {
        t.redir = accept(lx, '&') ? REDIR_DUP : accept(lx, '>') ? REDIR_BOTH : REDIR_IN;
    }
    return t;
}

static const char *plain_text(const struct part *p)
{
    return p && !p->next && p->kind == PART_TEXT && !p->quoted ? p->text : NULL;
}

/* A word; if it is digits right before < or >, the redirection of that descriptor. */
static struct token word(struct lexer *lx)
{
    struct token t = {.kind = TOK_WORD, .parts = collect(lx, IN_WORD)};
    t.plain = plain_text(t.parts);
    if (t.plain && strspn(t.plain, "0123456789") == strlen(t.plain) && strlen(t.plain) < 4) {
        int c = next_char(lx), fd = 0;
        if (c == '<' || c == '>') {
            for (const char *p = t.plain; *p; p++)
                fd = fd * 10 + *p - '0';
            return redirection(lx, c, fd);
        }
        unget(lx, c);
    }
    return t;
}

static struct token read_token(struct lexer *lx)
{
    int c = next_char(lx);
    switch (c) {
    case EOF:
        read_pending(lx);
        return (struct token){.kind = TOK_END};
    case '\n':
        read_pending(lx);
        return (struct token){.kind = TOK_NEWLINE};
    case '&': return (struct token){.kind = accept(lx, '&') ? TOK_AND : TOK_AMP};
    case '|': return (struct token){.kind = accept(lx, '|') ? TOK_OR : TOK_PIPE};
    case ';': return (struct token){.kind = accept(lx, ';') ? TOK_DSEMI : TOK_SEMI};
    case '(': return (struct token){.kind = TOK_LPAREN};
    case ')': return (struct token){.kind = TOK_RPAREN};
    case '<': case '>': return redirection(lx, c, -1);
    default:
        unget(lx, c);
        return word(lx);
    }
}

struct token *lex_peek(struct lexer *lx)
{
    if (!lx->peeked) {
        skip_blanks(lx);
        size_t start = lx->text.len;
        lx->token = read_token(lx);
        lx->token.start = start;
        lx->token.end = lx->text.len;
        lx->peeked = true;
    }
    return &lx->token;
}

struct token lex_next(struct lexer *lx)
{
    struct token t = *lex_peek(lx);
    lx->peeked = false;
    return t;
}

void lex_string(struct lexer *lx, const char *text)
{
    *lx = (struct lexer){.p = text, .end = text + strlen(text), .fd = -1};
}

void lex_line(struct lexer *lx, struct arena *a)
{
    lx->arena = a;
    lx->text = (struct buf){.arena = a};
    lx->peeked = false;
    lx->started = false;
    lx->pending = NULL;
}

noreturn void syntax_error(struct lexer *lx, const char *what)
{
    if (option(OPT_INTERACTIVE))
        fail(2, "syntax error: %s", what);
    fail(2, "line %d: syntax error: %s", lx->line + 1, what);
}
