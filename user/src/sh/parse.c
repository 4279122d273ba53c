/*
 * parse.c: tokens to a tree, by recursive descent along the grammar of POSIX (XCU 2.10).
 */
#include "sh.h"

#include <stdio.h>
#include <string.h>

static struct node *and_or(struct lexer *lx);

static struct node *new_node(struct lexer *lx, enum node_kind kind)
{
    struct node *n = arena_alloc(lx->arena, sizeof *n);
    n->kind = kind;
    return n;
}

static noreturn void unexpected(struct lexer *lx)
{
    static const char *const names[] = {
        [TOK_END] = "end of text", [TOK_NEWLINE] = "newline", [TOK_WORD] = "word", [TOK_AND] = "&&",
        [TOK_OR] = "||", [TOK_DSEMI] = ";;", [TOK_AMP] = "&", [TOK_SEMI] = ";", [TOK_PIPE] = "|",
        [TOK_LPAREN] = "(", [TOK_RPAREN] = ")", [TOK_REDIR] = "redirection",
    };
    char what[64];
    struct token *t = lex_peek(lx);
    snprintf(what, sizeof what, "unexpected %s", t->plain ? t->plain : names[t->kind]);
    syntax_error(lx, what);
}

/* ---- tokens and reserved words ---- */

static bool at(struct lexer *lx, enum token_kind kind)
{
    return lex_peek(lx)->kind == kind;
}

static bool take(struct lexer *lx, enum token_kind kind)
{
    if (!at(lx, kind))
        return false;
    lex_next(lx);
    return true;
}

static void expect(struct lexer *lx, enum token_kind kind)
{
    if (!take(lx, kind))
        unexpected(lx);
}

static bool at_word(struct lexer *lx, const char *reserved)
{
    const struct token *t = lex_peek(lx);
    return t->kind == TOK_WORD && t->plain && strcmp(t->plain, reserved) == 0;
}

static bool take_word(struct lexer *lx, const char *reserved)
{
    if (!at_word(lx, reserved))
        return false;
    lex_next(lx);
    return true;
}

static void expect_word(struct lexer *lx, const char *reserved)
{
    if (!take_word(lx, reserved))
        unexpected(lx);
}

static void skip_newlines(struct lexer *lx)
{
    while (take(lx, TOK_NEWLINE))
        continue;
}

/* Words that end a list where a command could begin. */
static bool at_list_end(struct lexer *lx)
{
    static const char *const closing[] = {"then", "else", "elif", "fi", "do", "done", "esac", "}"};
    const struct token *t = lex_peek(lx);
    if (t->kind != TOK_WORD)
        return t->kind == TOK_END || t->kind == TOK_RPAREN || t->kind == TOK_DSEMI;
    for (size_t i = 0; t->plain && i < sizeof closing / sizeof *closing; i++)
        if (strcmp(t->plain, closing[i]) == 0)
            return true;
    return false;
}

/* The source from a token's start to the last token taken, for the job table. */
static char *text_since(struct lexer *lx, size_t start)
{
    size_t end = lx->peeked ? lx->token.start : lx->text.len;
    while (end > start && strchr(" \t\n", lx->text.s[end - 1]))
        end--;
    return arena_copy(lx->arena, lx->text.s + start, end - start);
}

/* ---- lists ---- */

static struct node *background(struct lexer *lx, struct node *n)
{
    struct node *b = new_node(lx, NODE_BACKGROUND);
    b->first = n;
    b->text = n->text;
    return b;
}

/* Commands up to what ends the list: newlines separate (if they may), as ; and & do. */
static struct node *list(struct lexer *lx, bool newlines)
{
    struct node *head = NULL, **tail = &head;
    if (newlines)
        skip_newlines(lx);
    while (!at_list_end(lx) && !at(lx, TOK_NEWLINE)) {
        struct node *n = and_or(lx);
        if (take(lx, TOK_AMP))
            n = background(lx, n);
        else if (!take(lx, TOK_SEMI) && !at(lx, TOK_NEWLINE) && !at_list_end(lx))
            unexpected(lx);
        *tail = n;
        tail = &n->next;
        if (newlines)
            skip_newlines(lx);
    }
    if (!head || !head->next)
        return head;
    struct node *l = new_node(lx, NODE_LIST);
    l->first = head;
    return l;
}

/* A list that must not be empty, as in `if list; then`. */
static struct node *some_list(struct lexer *lx)
{
    struct node *n = list(lx, true);
    if (!n)
        unexpected(lx);
    return n;
}

/* ---- compound commands ---- */

static struct part *expect_parts(struct lexer *lx)
{
    if (!at(lx, TOK_WORD))
        unexpected(lx);
    return lex_next(lx).parts;
}

static struct word *new_word(struct lexer *lx, struct part *parts)
{
    struct word *w = arena_alloc(lx->arena, sizeof *w);
    w->parts = parts;
    return w;
}

/* After `if` or `elif`, up to and with `fi`. */
static struct node *parse_if(struct lexer *lx)
{
    struct node *n = new_node(lx, NODE_IF);
    n->first = some_list(lx);
    expect_word(lx, "then");
    n->second = some_list(lx);
    if (take_word(lx, "elif")) {
        n->third = parse_if(lx);
        return n;
    }
    if (take_word(lx, "else"))
        n->third = some_list(lx);
    expect_word(lx, "fi");
    return n;
}

static struct node *parse_do(struct lexer *lx)
{
    expect_word(lx, "do");
    struct node *body = some_list(lx);
    expect_word(lx, "done");
    return body;
}

static struct node *parse_while(struct lexer *lx, enum node_kind kind)
{
    struct node *n = new_node(lx, kind);
    n->first = some_list(lx);
    n->second = parse_do(lx);
    return n;
}

static struct node *parse_for(struct lexer *lx)
{
    struct node *n = new_node(lx, NODE_FOR);
    struct word **tail = &n->words;
    const char *name = lex_peek(lx)->plain;
    if (!name || !is_name(name, strlen(name)))
        unexpected(lx);
    n->name = arena_copy(lx->arena, name, strlen(name));
    lex_next(lx);
    bool separated = take(lx, TOK_SEMI);
    skip_newlines(lx);
    if (!separated && take_word(lx, "in")) {
        n->has_words = true;
        for (; at(lx, TOK_WORD); tail = &(*tail)->next)
            *tail = new_word(lx, lex_next(lx).parts);
        if (!take(lx, TOK_SEMI) && !at(lx, TOK_NEWLINE))
            unexpected(lx);
    }
    skip_newlines(lx);
    n->first = parse_do(lx);
    return n;
}

static struct arm *parse_arm(struct lexer *lx)
{
    struct arm *arm = arena_alloc(lx->arena, sizeof *arm);
    struct word **tail = &arm->patterns;
    take(lx, TOK_LPAREN);
    do {
        *tail = new_word(lx, expect_parts(lx));
        tail = &(*tail)->next;
    } while (take(lx, TOK_PIPE));
    expect(lx, TOK_RPAREN);
    arm->body = list(lx, true);
    if (!take(lx, TOK_DSEMI) && !at_word(lx, "esac"))
        unexpected(lx);
    skip_newlines(lx);
    return arm;
}

static struct node *parse_case(struct lexer *lx)
{
    struct node *n = new_node(lx, NODE_CASE);
    struct arm **tail = &n->arms;
    n->words = new_word(lx, expect_parts(lx));
    skip_newlines(lx);
    expect_word(lx, "in");
    skip_newlines(lx);
    for (; !take_word(lx, "esac"); tail = &(*tail)->next)
        *tail = parse_arm(lx);
    return n;
}

static struct node *parse_subshell(struct lexer *lx)
{
    struct node *n = new_node(lx, NODE_SUBSHELL);
    n->first = some_list(lx);
    expect(lx, TOK_RPAREN);
    return n;
}

static struct node *parse_group(struct lexer *lx)
{
    struct node *n = new_node(lx, NODE_GROUP);
    n->first = some_list(lx);
    expect_word(lx, "}");
    return n;
}

/* ---- simple commands ---- */

static void add_redirection(struct lexer *lx, struct redir ***tail)
{
    struct token t = lex_next(lx);
    struct redir *r = arena_alloc(lx->arena, sizeof *r);
    *r = (struct redir){.kind = t.redir, .fd = t.fd, .strip_tabs = t.strip_tabs};
    r->target = expect_parts(lx);
    if (t.here) {
        struct buf delimiter = {.arena = lx->arena};
        for (const struct part *p = r->target; p; p = p->next) {
            r->literal |= p->quoted;
            buf_text(&delimiter, p->kind == PART_TEXT ? p->text : "$");
        }
        r->delimiter = buf_end(&delimiter);
        lex_pend_here(lx, r);
    }
    **tail = r;
    *tail = &r->next;
}

/* NAME=... at the start of a word. */
static struct assign *assignment(struct lexer *lx, struct part *parts)
{
    if (!parts || parts->kind != PART_TEXT || parts->quoted)
        return NULL;
    const char *equals = strchr(parts->text, '=');
    if (!equals || !is_name(parts->text, (size_t)(equals - parts->text)))
        return NULL;
    struct assign *a = arena_alloc(lx->arena, sizeof *a);
    a->name = arena_copy(lx->arena, parts->text, (size_t)(equals - parts->text));
    a->value = parts->next;
    if (equals[1]) {
        a->value = arena_alloc(lx->arena, sizeof *a->value);
        *a->value = *parts;
        a->value->text = arena_copy(lx->arena, equals + 1, strlen(equals + 1));
    }
    return a;
}

static struct node *command(struct lexer *lx);

static struct node *parse_function(struct lexer *lx, const char *name)
{
    struct node *n = new_node(lx, NODE_FUNCTION);
    n->name = arena_copy(lx->arena, name, strlen(name));
    n->arena = lx->arena;
    expect(lx, TOK_LPAREN);
    expect(lx, TOK_RPAREN);
    skip_newlines(lx);
    n->first = command(lx);
    return n;
}

static struct node *parse_simple(struct lexer *lx)
{
    struct node *n = new_node(lx, NODE_SIMPLE);
    struct assign *a, **assigns = &n->assigns;
    struct word **words = &n->words;
    struct redir **redirs = &n->redirs;
    while (at(lx, TOK_WORD) || at(lx, TOK_REDIR)) {
        if (at(lx, TOK_REDIR)) {
            add_redirection(lx, &redirs);
            continue;
        }
        struct token t = lex_next(lx);
        if (!n->words && (a = assignment(lx, t.parts))) {
            *assigns = a;
            assigns = &a->next;
            continue;
        }
        if (!n->words && t.plain && is_name(t.plain, strlen(t.plain)) && at(lx, TOK_LPAREN))
            return parse_function(lx, t.plain);
        *words = new_word(lx, t.parts);
        words = &(*words)->next;
    }
    if (!n->words && !n->assigns && !n->redirs)
        unexpected(lx);
    return n;
}

static struct node *compound(struct lexer *lx)
{
    if (take(lx, TOK_LPAREN))
        return parse_subshell(lx);
    if (take_word(lx, "{"))
        return parse_group(lx);
    if (take_word(lx, "if"))
        return parse_if(lx);
    if (take_word(lx, "while"))
        return parse_while(lx, NODE_WHILE);
    if (take_word(lx, "until"))
        return parse_while(lx, NODE_UNTIL);
    if (take_word(lx, "for"))
        return parse_for(lx);
    if (take_word(lx, "case"))
        return parse_case(lx);
    return NULL;
}

static struct node *command(struct lexer *lx)
{
    if (at_list_end(lx))
        unexpected(lx);
    size_t start = lex_peek(lx)->start;
    struct node *n = compound(lx);
    if (n) {
        struct redir **tail = &n->redirs;
        while (at(lx, TOK_REDIR))
            add_redirection(lx, &tail);
    } else {
        n = parse_simple(lx);
    }
    n->text = text_since(lx, start);
    return n;
}

/* ---- pipelines, and-or lists ---- */

static struct node *pipeline(struct lexer *lx)
{
    size_t start = lex_peek(lx)->start;
    if (take_word(lx, "!")) {
        struct node *not = new_node(lx, NODE_NOT);
        not->first = pipeline(lx);
        not->text = text_since(lx, start);
        return not;
    }
    struct node *first = command(lx);
    if (!at(lx, TOK_PIPE))
        return first;
    struct node *pipe = new_node(lx, NODE_PIPE), **tail = &first->next;
    pipe->first = first;
    while (take(lx, TOK_PIPE)) {
        skip_newlines(lx);
        *tail = command(lx);
        tail = &(*tail)->next;
    }
    pipe->text = text_since(lx, start);
    return pipe;
}

static struct node *and_or(struct lexer *lx)
{
    size_t start = lex_peek(lx)->start;
    struct node *n = pipeline(lx);
    while (at(lx, TOK_AND) || at(lx, TOK_OR)) {
        struct node *both = new_node(lx, take(lx, TOK_AND) ? NODE_AND : NODE_OR);
        if (both->kind == NODE_OR)
            expect(lx, TOK_OR);
        skip_newlines(lx);
        both->first = n;
        both->second = pipeline(lx);
        both->text = text_since(lx, start);
        n = both;
    }
    return n;
}

/* ---- entries ---- */

struct node *parse_line(struct lexer *lx, struct arena *a)
{
    lex_line(lx, a);
    struct node *n = list(lx, false);
    if (!at(lx, TOK_NEWLINE) && !at(lx, TOK_END))
        unexpected(lx);
    lex_next(lx);
    return n;
}

struct node *parse_substitution(struct lexer *lx)
{
    struct node *n = list(lx, true);
    expect(lx, TOK_RPAREN);
    return n;
}

struct node *parse_all(struct lexer *lx)
{
    struct node *n = list(lx, true);
    if (!at(lx, TOK_END))
        unexpected(lx);
    return n;
}
