/*
 * exec.c: walks the tree.
 *
 * break, continue and return do not unwind C frames: they set sh.skip, and whoever runs a list looks
 * at it after each command. Errors (fail) do unwind, by longjmp to main.c or by the end of the process.
 */
#include "sh.h"

#include "../box.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct function {
    struct function *next;
    char *name;
    const struct node *body;
    struct arena *arena;
};

static struct function *functions;

/* ---- functions ---- */

static struct function **function_slot(const char *name)
{
    struct function **f = &functions;
    while (*f && strcmp((*f)->name, name) != 0)
        f = &(*f)->next;
    return f;
}

struct function *find_function(const char *name)
{
    return *function_slot(name);
}

bool unset_function(const char *name)
{
    struct function **place = function_slot(name), *f = *place;
    if (!f)
        return false;
    *place = f->next;
    arena_drop(f->arena);
    free(f->name);
    free(f);
    return true;
}

static int define_function(const struct node *n)
{
    unset_function(n->name);
    struct function *f = xmalloc(sizeof *f);
    *f = (struct function){.next = functions, .name = xstrdup(n->name), .body = n->first, .arena = n->arena};
    arena_hold(n->arena);
    functions = f;
    return 0;
}

/* Within a frame, which has $1... back in the end. */
static int call_function(const struct function *f, int argc, char **argv)
{
    struct arena *body_arena = f->arena;    /* the function may be redefined while it runs */
    int loops = sh.loops;
    arena_hold(body_arena);
    sh.args = argv + 1;
    sh.nargs = argc - 1;
    sh.loops = 0;
    sh.functions++;
    int status = exec_node(f->body, 0);
    if (sh.skip == SKIP_RETURN) {
        sh.skip = SKIP_NONE;
        status = sh.status;
    }
    sh.functions--;
    sh.loops = loops;
    arena_drop(body_arena);
    return status;
}

/* ---- external commands ---- */

static bool is_program(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISREG(s.st_mode) && access(path, X_OK) == 0;
}

/* The next directory of PATH joined with a name; *path moves on, to null at the end. */
static char *next_candidate(const char **path, const char *name)
{
    struct buf b = {.arena = sh.scratch};
    size_t n = strcspn(*path, ":");
    buf_add(&b, *path, n);
    if (n > 0 && b.s[n - 1] != '/')
        buf_char(&b, '/');
    buf_text(&b, name);
    *path = (*path)[n] ? *path + n + 1 : NULL;
    return buf_end(&b);
}

char *find_command(const char *name)
{
    if (strchr(name, '/'))
        return is_program(name) ? arena_copy(sh.scratch, name, strlen(name)) : NULL;
    for (const char *path = var_get("PATH"); path;) {
        char *candidate = next_candidate(&path, name);
        if (is_program(candidate))
            return candidate;
    }
    return NULL;
}

/* Whether the first line of a file could be a script's: a binary is never run as one (as in bash, not dash). */
static bool is_text(const char *path)
{
    char head[128];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof head);
    close(fd);
    errno = ENOEXEC;
    if (n >= 4 && memcmp(head, "\177ELF", 4) == 0)
        return false;
    const char *end = n > 0 ? memchr(head, '\n', (size_t)n) : NULL;
    return n >= 0 && (n == 0 || !memchr(head, 0, end ? (size_t)(end - head) : (size_t)n));
}

/* A file without #! that the kernel does not know is a script of ours. */
static void run_as_script(const char *path, int argc, char **argv, char **environment)
{
    char **args = arena_alloc(sh.scratch, (size_t)(argc + 2) * sizeof *args);
    args[0] = "sh";
    args[1] = arena_copy(sh.scratch, path, strlen(path));
    memcpy(args + 2, argv + 1, (size_t)argc * sizeof *args);
    execve("/proc/self/exe", args, environment);
}

noreturn void become(int argc, char **argv)
{
    const char *path = find_command(argv[0]);
    struct stat s;
    if (!path && strchr(argv[0], '/') && stat(argv[0], &s) == 0) {
        complain("%s: %s", argv[0], S_ISDIR(s.st_mode) ? "is a directory" : "permission denied");
        _exit(126);
    }
    if (!path) {
        complain("%s: not found", argv[0]);
        _exit(127);
    }
    char **environment = var_environment(sh.scratch);
    execve(path, argv, environment);
    if (errno == ENOEXEC && is_text(path))
        run_as_script(path, argc, argv, environment);
    complain("%s: %s", argv[0], strerror(errno));
    _exit(errno == ENOENT || errno == ENOTDIR ? 127 : 126);
}

/* ---- simple commands ---- */

/* Prints what is run, for set -x. */
static void trace(const char *before, char *const *words)
{
    struct buf b = {.arena = sh.scratch};
    const char *prefix = var_get("PS4");
    buf_text(&b, prefix ? prefix : "+ ");
    buf_text(&b, before);
    for (; *words; words++) {
        buf_text(&b, *words);
        if (words[1])
            buf_char(&b, ' ');
    }
    buf_char(&b, '\n');
    if (write(2, b.s, b.len) < 0)
        return;                 /* a trace that cannot be written is no reason to stop */
}

static void trace_assignment(const char *name, char *value)
{
    struct buf b = {.arena = sh.scratch};
    buf_text(&b, name);
    buf_char(&b, '=');
    trace(buf_end(&b), (char *[]){value, NULL});
}

/* Assigns in order, each seeing those before it. */
static void assign_all(const struct assign *a, unsigned flags, bool local)
{
    for (; a; a = a->next) {
        char *value = expand_value(a->value);
        if (option(OPT_XTRACE))
            trace_assignment(a->name, value);
        if (local)
            var_localize(a->name);
        var_set(a->name, value, flags);
    }
}

int run_builtin(const struct builtin *b, int argc, char **argv)
{
    optind = 0;
    int status = b->main(argc, argv);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == 0) {
        complain("%s: write error: %s", argv[0], strerror(errno));
        status = 1;
    }
    clearerr(stdout);
    return status;
}

/* A builtin or a function: redirections and assignments are for the time of its run. */
static int run_inside(const struct node *n, const struct builtin *b, const struct function *f, int argc,
                      char **argv)
{
    struct saved_fd *mark = redirect_mark();
    bool stay = b && b->special, framed = f || (!stay && n->assigns);
    int status = 1;
    if (framed)
        frame_push();
    if (redirect(n->redirs)) {
        assign_all(n->assigns, stay ? 0 : VAR_EXPORT, !stay);
        status = f ? call_function(f, argc, argv) : run_builtin(b, argc, argv);
    } else if (stay) {
        abort_command(2);
    }
    if (b && strcmp(b->name, "exec") == 0)
        redirect_keep(mark);
    else
        redirect_undo(mark);
    if (framed)
        frame_pop();
    return status;
}

int run_program(int argc, char **argv)
{
    struct job *j = job_new(argv[0]);
    pid_t pid = job_fork(j, FRONT);
    if (pid == 0)
        become(argc, argv);
    return pid < 0 ? 126 : job_foreground(j);
}

noreturn static void become_external(const struct node *n, int argc, char **argv)
{
    if (!redirect(n->redirs))
        _exit(1);
    assign_all(n->assigns, VAR_EXPORT, false);
    become(argc, argv);
}

static int run_external(const struct node *n, int flags, int argc, char **argv)
{
    if (flags & EXEC_LAST && !traps_set())
        become_external(n, argc, argv);
    struct job *j = job_new(n->text);
    pid_t pid = job_fork(j, FRONT);
    if (pid == 0)
        become_external(n, argc, argv);
    return pid < 0 ? 126 : job_foreground(j);
}

/* No command: the assignments stay; redirections are made, and undone. */
static int run_assignments(const struct node *n)
{
    struct saved_fd *mark = redirect_mark();
    bool done = redirect(n->redirs);
    redirect_undo(mark);
    if (!done)
        return 1;
    assign_all(n->assigns, 0, false);
    return sh.substituted;
}

static int exec_simple(const struct node *n, int flags)
{
    int argc;
    sh.substituted = 0;
    char **argv = expand_words(n->words, &argc);
    if (argc == 0)
        return run_assignments(n);
    if (option(OPT_XTRACE))
        trace("", argv);
    const struct builtin *b = find_builtin(argv[0]);
    const struct function *f = b && b->special ? NULL : find_function(argv[0]);
    if (f || b)
        return run_inside(n, f ? NULL : b, f, argc, argv);
    return run_external(n, flags, argc, argv);
}

/* ---- processes ---- */

noreturn static void run_child(const struct node *n)
{
    shell_exit(exec_node(n, EXEC_LAST));
}

static bool open_pipe(int fds[2])
{
    if (pipe2(fds, O_CLOEXEC) == 0)
        return true;
    complain("pipe: %s", strerror(errno));
    return false;
}

static void move_fd(int from, int to)
{
    if (from < 0 || from == to)
        return;
    dup2(from, to);
    close(from);
}

/* Forks the commands of a pipeline into a job. */
static bool start_pipeline(const struct node *n, struct job *j, enum place place)
{
    int input = -1;
    for (const struct node *c = n->first; c; c = c->next) {
        int fds[2] = {-1, -1};
        if (c->next && !open_pipe(fds))
            return false;
        pid_t pid = job_fork(j, place);
        if (pid == 0) {
            move_fd(input, 0);
            move_fd(fds[1], 1);
            run_child(c);
        }
        if (input >= 0)
            close(input);
        if (fds[1] >= 0)
            close(fds[1]);
        input = fds[0];
        if (pid < 0)
            return false;
    }
    return true;
}

static int exec_pipe(const struct node *n)
{
    struct job *j = job_new(n->text);
    bool started = start_pipeline(n, j, FRONT);
    int status = job_foreground(j);
    return started ? status : 126;
}

static int exec_background(const struct node *n)
{
    struct job *j = job_new(n->text);
    if (n->first->kind == NODE_PIPE) {
        start_pipeline(n->first, j, BACK);
    } else if (job_fork(j, BACK) == 0) {
        run_child(n->first);
    }
    job_background(j);
    return 0;
}

static int exec_subshell(const struct node *n, int flags)
{
    if (flags & EXEC_LAST && !traps_set()) {
        traps_reset();
        sh.subshell = true;
        return exec_node(n->first, flags);
    }
    struct job *j = job_new(n->text);
    pid_t pid = job_fork(j, FRONT);
    if (pid == 0)
        run_child(n->first);
    return pid < 0 ? 126 : job_foreground(j);
}

int capture(const struct node *n, struct buf *out)
{
    int fds[2];
    char block[1024];
    ssize_t got;
    if (!n)
        return 0;
    if (!open_pipe(fds))
        return 126;
    struct job *j = job_new(n->text);
    pid_t pid = job_fork(j, INSIDE);
    if (pid == 0) {
        close(fds[0]);
        move_fd(fds[1], 1);
        run_child(n);
    }
    close(fds[1]);
    while ((got = read(fds[0], block, sizeof block)) > 0 || (got < 0 && errno == EINTR && !sh.interrupted))
        for (ssize_t i = 0; i < got; i++)
            if (block[i])
                buf_char(out, block[i]);
    close(fds[0]);
    return pid < 0 ? 126 : job_foreground(j);
}

/* ---- control ---- */

static int exec_tested(const struct node *n)
{
    sh.tested++;
    int status = exec_node(n, 0);
    sh.tested--;
    return status;
}

/* After a command inside of a loop: whether the loop ends, be it for an outer one. */
static bool leaves_loop(void)
{
    if (sh.skip == SKIP_NONE)
        return false;
    if (sh.skip == SKIP_RETURN || --sh.skip_levels > 0)
        return true;
    bool leaves = sh.skip == SKIP_BREAK;
    sh.skip = SKIP_NONE;
    return leaves;
}

static int exec_while(const struct node *n)
{
    int status = 0;
    sh.loops++;
    for (;;) {
        bool holds = exec_tested(n->first) == 0;
        if (sh.skip != SKIP_NONE) {
            if (leaves_loop())
                break;
            continue;
        }
        if (holds == (n->kind == NODE_UNTIL))
            break;
        status = exec_node(n->second, 0);
        if (leaves_loop())
            break;
    }
    sh.loops--;
    return sh.skip == SKIP_RETURN ? sh.status : status;
}

/* The arguments as they are now, whatever the body does to them. */
static char **copied_args(int *count)
{
    char **copy = arena_alloc(sh.scratch, (size_t)(sh.nargs + 1) * sizeof *copy);
    for (int i = 0; i < sh.nargs; i++)
        copy[i] = arena_copy(sh.scratch, sh.args[i], strlen(sh.args[i]));
    *count = sh.nargs;
    return copy;
}

static int exec_for(const struct node *n)
{
    int count, status = 0;
    char **words = n->has_words ? expand_words(n->words, &count) : copied_args(&count);
    sh.loops++;
    for (int i = 0; i < count; i++) {
        var_set(n->name, words[i], 0);
        status = exec_node(n->first, 0);
        if (leaves_loop())
            break;
    }
    sh.loops--;
    return status;
}

static bool arm_matches(const struct arm *arm, const char *subject)
{
    for (const struct word *w = arm->patterns; w; w = w->next)
        if (fnmatch(expand_pattern(w->parts), subject, 0) == 0)
            return true;
    return false;
}

static int exec_case(const struct node *n, int flags)
{
    const char *subject = expand_text(n->words->parts);
    for (const struct arm *arm = n->arms; arm; arm = arm->next)
        if (arm_matches(arm, subject))
            return arm->body ? exec_node(arm->body, flags) : 0;
    return 0;
}

static int exec_if(const struct node *n, int flags)
{
    bool holds = exec_tested(n->first) == 0;
    if (sh.skip != SKIP_NONE)
        return sh.status;
    const struct node *chosen = holds ? n->second : n->third;
    return chosen ? exec_node(chosen, flags) : 0;
}

static int exec_list(const struct node *n, int flags)
{
    int status = 0;
    for (const struct node *c = n->first; c && sh.skip == SKIP_NONE; c = c->next)
        status = exec_node(c, c->next ? 0 : flags);
    return status;
}

static int exec_and_or(const struct node *n, int flags)
{
    int status = exec_tested(n->first);
    if (sh.skip != SKIP_NONE || (status == 0) != (n->kind == NODE_AND))
        return status;
    return exec_node(n->second, flags);
}

static int exec_kind(const struct node *n, int flags)
{
    switch (n->kind) {
    case NODE_SIMPLE: return exec_simple(n, flags);
    case NODE_PIPE: return exec_pipe(n);
    case NODE_LIST: return exec_list(n, flags);
    case NODE_AND: case NODE_OR: return exec_and_or(n, flags);
    case NODE_NOT: return !exec_tested(n->first);
    case NODE_BACKGROUND: return exec_background(n);
    case NODE_SUBSHELL: return exec_subshell(n, flags);
    case NODE_GROUP: return exec_node(n->first, flags);
    case NODE_IF: return exec_if(n, flags);
    case NODE_WHILE: case NODE_UNTIL: return exec_while(n);
    case NODE_FOR: return exec_for(n);
    case NODE_CASE: return exec_case(n, flags);
    case NODE_FUNCTION: return define_function(n);
    }
    return 0;
}

/* A compound command with redirections of its own. */
static int exec_redirected(const struct node *n, int flags)
{
    struct saved_fd *mark = redirect_mark();
    int status = redirect(n->redirs) ? exec_kind(n, flags & ~EXEC_LAST) : 1;
    redirect_undo(mark);
    return status;
}

/* Kinds whose own failure counts for set -e; in the others a command within has counted already. */
static bool counts(enum node_kind kind)
{
    return kind == NODE_SIMPLE || kind == NODE_PIPE || kind == NODE_SUBSHELL;
}

int exec_node(const struct node *n, int flags)
{
    if (sh.interrupted)
        abort_command(130);
    if (option(OPT_NOEXEC) && !option(OPT_INTERACTIVE))
        return 0;
    struct mark m = arena_mark(sh.scratch);
    if (n->kind == NODE_SIMPLE || !n->redirs)
        sh.status = exec_kind(n, flags);
    else
        sh.status = exec_redirected(n, flags);
    arena_release(sh.scratch, m);
    traps_run();
    if (sh.status != 0 && option(OPT_ERREXIT) && !sh.tested && counts(n->kind))
        shell_exit(sh.status);
    return sh.status;
}

int run_source(struct lexer *lx, int flags)
{
    int status = 0;
    while (!lx->at_end && sh.skip == SKIP_NONE) {
        struct arena *a = arena_new();
        const struct node *n = parse_line(lx, a);
        bool last = lx->at_end || (!lx->more && lx->p == lx->end);
        if (n)
            status = exec_node(n, last ? flags : 0);
        arena_drop(a);
    }
    return status;
}

int run_string(const char *text)
{
    struct lexer lx;
    lex_string(&lx, text);
    return run_source(&lx, 0);
}
