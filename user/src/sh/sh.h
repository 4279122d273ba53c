/*
 * sh.h: what the parts of the shell share.
 *
 *   text -> lex.c (tokens; a word is a list of parts) -> parse.c (tree of nodes) -> exec.c (walks it)
 *   exec.c asks expand.c for the words of a command, jobs.c for processes, builtin.c for builtins.
 *   main.c decides where text comes from: a string, a file, or a terminal through edit.c.
 *
 * Memory: a tree lives in the arena of the line that was parsed (a function holds on to its arena);
 * what expansion makes lives in sh.scratch, and is given back when the command ends.
 */
#ifndef SH_H
#define SH_H

#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdnoreturn.h>
#include <sys/types.h>

/* ---- mem.c: memory that is given back all at once ---- */

struct arena {
    struct chunk *top;
    int holders;
};

struct mark {
    struct chunk *chunk;
    size_t used;
};

struct arena *arena_new(void);              /* held once */
void arena_hold(struct arena *a);
void arena_drop(struct arena *a);           /* the last one frees it */
void *arena_alloc(struct arena *a, size_t size);    /* zeroed */
char *arena_copy(struct arena *a, const char *s, size_t n);
struct mark arena_mark(const struct arena *a);
void arena_release(struct arena *a, struct mark m); /* frees what was allocated since */

/* Text that grows, in an arena. */
struct buf {
    struct arena *arena;
    char *s;
    size_t len, room;
};

void buf_char(struct buf *b, char c);
void buf_add(struct buf *b, const char *s, size_t n);
void buf_text(struct buf *b, const char *s);
char *buf_end(struct buf *b);               /* NUL-terminates; the text is the arena's */

/* ---- the tree ---- */

enum part_kind { PART_TEXT, PART_PARAM, PART_COMMAND, PART_ARITH };

enum param_op {
    OP_NONE,            /* $x ${x} */
    OP_LENGTH,          /* ${#x} */
    OP_DEFAULT,         /* ${x-w} */
    OP_ASSIGN,          /* ${x=w} */
    OP_ERROR,           /* ${x?w} */
    OP_ALTERNATIVE,     /* ${x+w} */
    OP_PREFIX,          /* ${x#p} */
    OP_LONG_PREFIX,     /* ${x##p} */
    OP_SUFFIX,          /* ${x%p} */
    OP_LONG_SUFFIX,     /* ${x%%p} */
};

struct part {
    struct part *next;
    enum part_kind kind;
    bool quoted;
    bool or_null;           /* the colon of ${x:-w} */
    enum param_op op;
    char *text;             /* PART_TEXT: the text; PART_PARAM: the name */
    struct part *arg;       /* the word of an operator; the expression of PART_ARITH */
    struct node *command;   /* PART_COMMAND */
};

struct word {
    struct word *next;
    struct part *parts;
};

struct assign {
    struct assign *next;
    char *name;
    struct part *value;
};

enum redir_kind { REDIR_IN, REDIR_OUT, REDIR_CLOBBER, REDIR_APPEND, REDIR_BOTH, REDIR_DUP, REDIR_HERE };

struct redir {
    struct redir *next;
    struct redir *next_pending;     /* the next here-document whose body is not read yet */
    enum redir_kind kind;
    int fd;
    struct part *target;    /* file name, digits of REDIR_DUP, body of REDIR_HERE */
    char *delimiter;        /* of a here-document */
    bool strip_tabs, literal;
};

struct arm {
    struct arm *next;
    struct word *patterns;
    struct node *body;
};

enum node_kind {
    NODE_SIMPLE,        /* assigns, words, redirs */
    NODE_PIPE,          /* first, and its next ones */
    NODE_LIST,          /* first, and its next ones */
    NODE_AND, NODE_OR,  /* first, second */
    NODE_NOT,           /* first */
    NODE_BACKGROUND,    /* first */
    NODE_SUBSHELL,      /* first, redirs */
    NODE_GROUP,         /* first, redirs */
    NODE_IF,            /* first, second, third (or null), redirs */
    NODE_WHILE, NODE_UNTIL, /* first, second, redirs */
    NODE_FOR,           /* name, words, has_words, first, redirs */
    NODE_CASE,          /* words (the one subject), arms, redirs */
    NODE_FUNCTION,      /* name, first */
};

struct node {
    struct node *next;
    enum node_kind kind;
    struct node *first, *second, *third;
    struct assign *assigns;
    struct word *words;
    struct redir *redirs;
    struct arm *arms;
    char *name;
    char *text;             /* the source, for the job table; pipelines and simple commands */
    struct arena *arena;    /* where a function's tree lives */
    bool has_words;
};

/* ---- lex.c ---- */

enum token_kind {
    TOK_END, TOK_NEWLINE, TOK_WORD, TOK_AND, TOK_OR, TOK_DSEMI, TOK_AMP, TOK_SEMI, TOK_PIPE, TOK_LPAREN,
    TOK_RPAREN, TOK_REDIR
};

struct token {
    enum token_kind kind;
    struct part *parts;     /* TOK_WORD */
    const char *plain;      /* its text if nothing in it is quoted or expanded, or null */
    enum redir_kind redir;  /* TOK_REDIR */
    int fd;
    bool here, strip_tabs;
    size_t start, end;      /* where its text is in lexer.text */
};

struct lexer {
    bool (*more)(struct lexer *);   /* sets p and end to the next text; false at the end of it */
    const char *p, *end;
    int fd;                         /* where more() reads */
    char byte;                      /* what it read */
    bool started;                   /* inside a command: more() shows the second prompt */
    bool at_end;
    int line;                       /* newlines read, for messages */
    int back[4], nback;             /* characters given back */
    struct arena *arena;            /* of the line being parsed */
    struct buf text;                /* what was read of it */
    struct token token;             /* one token of lookahead */
    bool peeked;
    struct redir *pending;          /* here-documents whose bodies follow the newline */
};

void lex_string(struct lexer *lx, const char *text);
void lex_line(struct lexer *lx, struct arena *a);   /* begins a line; what was peeked is gone */
struct token *lex_peek(struct lexer *lx);
struct token lex_next(struct lexer *lx);
void lex_pend_here(struct lexer *lx, struct redir *r);
struct part *lex_prompt(struct arena *a, const char *text);     /* $-expansions of PS1 and PS4 */
noreturn void syntax_error(struct lexer *lx, const char *what);
bool is_name(const char *s, size_t n);

/* ---- parse.c ---- */

struct node *parse_line(struct lexer *lx, struct arena *a);     /* null for an empty line and at the end */
struct node *parse_substitution(struct lexer *lx);              /* the rest of $( up to its ) */
struct node *parse_all(struct lexer *lx);                       /* to the end of text, in lx->arena */

/* ---- expand.c, arith.c, glob.c: results live in sh.scratch ---- */

char **expand_words(const struct word *words, int *count);      /* null-terminated */
char *expand_text(const struct part *parts);            /* one string, quotes gone */
char *expand_value(const struct part *parts);           /* the same with ~ after : */
char *expand_pattern(const struct part *parts);         /* for fnmatch; what was quoted is escaped */
intmax_t arith(const char *expression);
int glob_expand(const char *pattern, void (*found)(void *context, const char *path), void *context);
bool has_wildcard(const char *pattern);
char *unescape(struct arena *a, const char *pattern);

/* ---- var.c ---- */

enum { VAR_EXPORT = 1, VAR_READONLY = 2 };

void vars_init(char **environment);
const char *var_get(const char *name);          /* null if unset */
void var_set(const char *name, const char *value, unsigned flags);      /* flags are added */
bool var_unset(const char *name);
void var_flag(const char *name, unsigned flags);
char **var_environment(struct arena *a);
void vars_print(unsigned flags, const char *prefix);    /* those with all the flags, sorted, as input */
void print_quoted(const char *value);
void frame_push(void);                          /* saves $1... and, from here on, what is localized */
void frame_pop(void);                           /* all that has its old value again */
bool var_localize(const char *name);            /* false outside of any frame */
void frames_unwind(void);                       /* pops all of them */

/* ---- exec.c ---- */

struct builtin;

enum { EXEC_LAST = 1 };         /* nothing follows: the process may become the command */

int exec_node(const struct node *n, int flags);
int run_source(struct lexer *lx, int flags);    /* parses and runs to the end of text */
int run_string(const char *text);
int capture(const struct node *n, struct buf *out);     /* $(n) */
struct function *find_function(const char *name);
bool unset_function(const char *name);
char *find_command(const char *name);           /* its path, in sh.scratch, or null */

int run_program(int argc, char **argv);         /* forks, and waits for it */
noreturn void become(int argc, char **argv);    /* execs a program found by PATH, or ends with 126 or 127 */
int run_builtin(const struct builtin *b, int argc, char **argv);

/* ---- redir.c: redirections of the shell itself, and how they are undone ---- */

struct saved_fd;
struct saved_fd *redirect_mark(void);
bool redirect(const struct redir *r);           /* false if one failed: said so already */
void redirect_undo(struct saved_fd *mark);
void redirect_keep(struct saved_fd *mark);      /* what `exec >file` does: they stay */

/* ---- jobs.c ---- */

struct job;

void jobs_init(void);
struct job *job_new(const char *text);
/* With job control a child belongs to its job's process group, but for INSIDE, which stays in the shell's. */
enum place { FRONT, BACK, INSIDE };
pid_t job_fork(struct job *j, enum place place);    /* 0 in the child, which is set up as a subshell */
int job_foreground(struct job *j);              /* waits; its status */
void job_background(struct job *j);
void job_forget(struct job *j);                 /* nobody will wait for it */
void jobs_reap(bool report);                    /* takes news in; says which jobs ended */
int jobs_main(int argc, char **argv);
int fg_main(int argc, char **argv);
int bg_main(int argc, char **argv);
int wait_main(int argc, char **argv);
int job_kill_main(int argc, char **argv);
int jobs_stopped(void);                         /* how many there are */

/* ---- trap.c ---- */

int trap_main(int argc, char **argv);
void traps_run(void);                           /* those of signals that came */
int trap_pending(void);                         /* a signal that came and has a trap, or 0 */
bool traps_set(void);                           /* there is a trap of any kind */
void traps_reset(void);                         /* in a subshell */
noreturn void shell_exit(int status);           /* runs the EXIT trap */
void interactive_signals(void);
void child_signals(bool interactive, bool job_control, bool background);

/* ---- builtin.c, read.c ---- */

struct builtin {
    const char *name;
    int (*main)(int argc, char **argv);
    bool special;       /* its assignments stay, an error ends a script */
};

const struct builtin *find_builtin(const char *name);
const struct builtin *all_builtins(void);       /* ends with a null name */
void args_set(char **args, int count);          /* new $1...; copies them */
bool set_options(const char *letters, bool on); /* false at an unknown letter */
bool set_option(const char *name, bool on);
int set_main(int argc, char **argv);
int shift_main(int argc, char **argv);
int read_main(int argc, char **argv);
int getopts_main(int argc, char **argv);

/* ---- edit.c, complete.c ---- */

char *edit_line(const char *prompt);            /* malloced, with its newline; null at the end of input */
void history_add(const char *line);
int history_main(int argc, char **argv);
struct completion { char **words; int count; size_t start; };
void complete(const char *line, size_t cursor, struct completion *out);
void completion_free(struct completion *c);

/* ---- main.c ---- */

char *prompt_text(const char *variable, const char *otherwise);
void read_script(const char *path);             /* runs a file if it is there */
/* Ends the command being run: back to the prompt, or the end of a shell that has none. */
noreturn void abort_command(int status);
/* Complains, then abort_command. */
noreturn void fail(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

enum shell_option {
    OPT_ALLEXPORT = 1 << 0, OPT_NOCLOBBER = 1 << 1, OPT_ERREXIT = 1 << 2, OPT_NOGLOB = 1 << 3,
    OPT_INTERACTIVE = 1 << 4, OPT_MONITOR = 1 << 5, OPT_NOEXEC = 1 << 6, OPT_NOUNSET = 1 << 7,
    OPT_VERBOSE = 1 << 8, OPT_XTRACE = 1 << 9, OPT_PIPEFAIL = 1 << 10,
};

enum skip { SKIP_NONE, SKIP_BREAK, SKIP_CONTINUE, SKIP_RETURN };

/* The state of this shell. One process is one shell, so there is one of it. */
struct shell {
    struct arena *scratch;
    unsigned options;
    int status;                 /* $? */
    int substituted;            /* status of the last command substitution of a command without a name */
    pid_t pid;                  /* $$ */
    pid_t last_background;      /* $! */
    const char *name;           /* $0 */
    char **args;                /* $1... */
    int nargs;
    struct arena *args_arena;   /* that `set --` copied them to, or null */
    bool subshell;
    bool exiting;
    int tested;                 /* > 0: a failure is looked at by somebody, set -e does not count */
    int loops;                  /* loops around the command being run */
    int functions;              /* functions, and files read by `.`, around it */
    enum skip skip;             /* set by break, continue, return until the one meant takes it */
    int skip_levels;
    int option_index;           /* of getopts, inside an argument */
    jmp_buf *top;               /* where an error goes in an interactive shell, or null */
    volatile sig_atomic_t interrupted;
};

extern struct shell sh;

static inline bool option(enum shell_option o)
{
    return sh.options & o;
}

#endif
