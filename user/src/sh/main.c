/*
 * main.c: the shell's entry: options, where text comes from, prompts, errors.
 */
#include "sh.h"

#include "../box.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct shell sh;

/* ---- errors ---- */

static void complain_v(const char *fmt, va_list args)
{
    const char *slash = strrchr(sh.name, '/'), *name = slash ? slash + 1 : sh.name;
    fflush(stdout);
    fprintf(stderr, "%s: ", name + (*name == '-'));
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
}

void complain(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    complain_v(fmt, args);
    va_end(args);
}

noreturn void abort_command(int status)
{
    sh.interrupted = 0;
    if (!sh.top)
        shell_exit(status);
    sh.status = status;
    longjmp(*sh.top, 1);
}

noreturn void fail(int status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    complain_v(fmt, args);
    va_end(args);
    abort_command(status);
}

/* ---- prompts ---- */

static void prompt_directory(struct buf *b, bool last)
{
    const char *home = var_get("HOME"), *pwd = var_get("PWD");
    size_t n = home ? strlen(home) : 0;
    pwd = pwd ? pwd : "?";
    if (n > 1 && strncmp(pwd, home, n) == 0 && (pwd[n] == '/' || !pwd[n])) {
        pwd += n;
        if (!last || !*pwd)
            buf_char(b, '~');
    }
    const char *slash = last ? strrchr(pwd, '/') : NULL;
    buf_text(b, slash && slash[1] ? slash + 1 : pwd);
}

static void prompt_escape(struct buf *b, char c)
{
    char host[HOST_NAME_MAX + 1];
    switch (c) {
    case 'u': buf_text(b, user_name(geteuid())); break;
    case 'h':
        if (gethostname(host, sizeof host) == 0)
            buf_add(b, host, strcspn(host, "."));
        break;
    case 'w': prompt_directory(b, false); break;
    case 'W': prompt_directory(b, true); break;
    case '$': buf_char(b, geteuid() == 0 ? '#' : '$'); break;
    case 'n': buf_char(b, '\n'); break;
    case 'e': buf_char(b, '\033'); break;
    case '[': case ']': break;          /* the editor sees for itself what has no width */
    default:
        buf_char(b, '\\');
        buf_char(b, c);
    }
}

/* PS1 with its $-expansions, then \u \h \w \W \$ \n \e. The text is sh.scratch's. */
char *prompt_text(const char *variable, const char *otherwise)
{
    const char *text = var_get(variable);
    struct buf b = {.arena = sh.scratch};
    for (const char *p = text ? text : otherwise; *p; p++)
        if (*p == '\\' && p[1])
            prompt_escape(&b, *++p);
        else
            buf_char(&b, *p);
    return buf_end(&b);
}

/* ---- where text comes from ---- */

/* Byte by byte, so that a command of the script finds standard input right behind its line. */
static bool more_from_fd(struct lexer *lx)
{
    ssize_t n;
    do
        n = read(lx->fd, &lx->byte, 1);
    while (n < 0 && errno == EINTR && !sh.interrupted);
    lx->p = &lx->byte;
    lx->end = lx->p + (n > 0);
    if (n > 0 && option(OPT_VERBOSE))
        n = write(2, lx->p, 1);
    return n > 0;
}

/* A line from the terminal. What it is in stays allocated until the next one. */
static bool more_from_terminal(struct lexer *lx)
{
    static char *line;
    free(line);
    line = NULL;                /* the editor may not return */
    struct mark m = arena_mark(sh.scratch);
    line = edit_line(lx->started ? prompt_text("PS2", "> ") : prompt_text("PS1", "\\w \\$ "));
    arena_release(sh.scratch, m);
    if (!line)
        return false;
    lx->p = line;
    lx->end = line + strlen(line);
    return *line;
}

static void run_interactively(void)
{
    static jmp_buf top;
    static struct lexer lx;
    static struct arena *arena;
    struct saved_fd *mark = redirect_mark();
    int ends = 0;
    lx = (struct lexer){.more = more_from_terminal, .fd = 0};
    if (setjmp(top) != 0) {             /* an error: all is as before the command, but for $? */
        redirect_undo(mark);
        frames_unwind();
        sh.tested = sh.loops = sh.functions = 0;
        sh.skip = SKIP_NONE;
        lx.p = lx.end;
        lx.nback = 0;
        lx.at_end = false;
    }
    sh.top = &top;
    while (ends < 10) {
        sh.skip = SKIP_NONE;
        sh.interrupted = 0;
        jobs_reap(true);
        arena_release(sh.scratch, (struct mark){0});
        if (arena)
            arena_drop(arena);
        arena = arena_new();
        const struct node *n = parse_line(&lx, arena);
        if (n)
            exec_node(n, 0);
        if (!lx.at_end) {
            ends = 0;
            continue;
        }
        if (jobs_stopped() == 0 || ends++ > 0)
            break;
        complain("there are stopped jobs");
        lx.at_end = false;
        lx.nback = 0;
    }
    fputs("\n", stderr);
}

static void run_file(const char *path)
{
    struct lexer lx;
    size_t size;
    char *text = read_file(path, &size);
    if (!text) {
        complain("cannot read %s: %s", path, strerror(errno));
        shell_exit(errno == ENOENT ? 127 : 126);
    }
    lex_string(&lx, text);
    run_source(&lx, 0);
}

static void run_standard_input(void)
{
    struct lexer lx = {.more = more_from_fd, .fd = 0};
    run_source(&lx, 0);
}

void read_script(const char *path)
{
    char *text = read_file(path, NULL);
    if (!text)
        return;
    sh.functions++;
    run_string(text);
    sh.functions--;
    sh.skip = SKIP_NONE;
    free(text);
}

/* ---- start ---- */

static void init_variables(void)
{
    extern char **environ;
    char cwd[PATH_MAX];
    char parent[16];
    struct stat here, there;
    vars_init(environ);
    const char *pwd = var_get("PWD");
    bool fits = pwd && *pwd == '/' && stat(pwd, &here) == 0 && stat(".", &there) == 0
                && here.st_ino == there.st_ino && here.st_dev == there.st_dev;
    if (!fits && getcwd(cwd, sizeof cwd))
        var_set("PWD", cwd, 0);
    var_set("IFS", " \t\n", 0);
    var_set("OPTIND", "1", 0);
    snprintf(parent, sizeof parent, "%d", (int)getppid());
    var_set("PPID", parent, 0);
    if (!var_get("PATH"))
        var_set("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 0);
}

static void start_interactive(void)
{
    sh.options |= OPT_INTERACTIVE;
    interactive_signals();
    jobs_init();
}

/* The options before the first operand; *command is that of -c. Returns the index of the first operand. */
static int parse_options(int argc, char **argv, bool *has_command, bool *from_input, bool *login)
{
    int i = 1;
    for (; i < argc && (argv[i][0] == '-' || argv[i][0] == '+') && argv[i][1]; i++) {
        bool on = argv[i][0] == '-';
        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        for (const char *p = argv[i] + 1; *p; p++) {
            const char letter[2] = {*p, '\0'};
            if (*p == 'c')
                *has_command = true;
            else if (*p == 's')
                *from_input = true;
            else if (*p == 'l')
                *login = true;
            else if (*p == 'o' && i + 1 < argc && set_option(argv[i + 1], on))
                i++;
            else if (*p == 'o' || !set_options(letter, on))
                exit(usage("sh"));
        }
    }
    return i;
}

int sh_main(int argc, char **argv)
{
    bool has_command = false, from_input = false, login = argv[0][0] == '-';
    struct lexer lx;
    sh = (struct shell){.scratch = arena_new(), .pid = getpid(), .name = argv[0]};
    init_variables();
    int i = parse_options(argc, argv, &has_command, &from_input, &login);
    const char *text = has_command && i < argc ? argv[i++] : NULL;
    const char *file = !has_command && !from_input && i < argc ? argv[i++] : NULL;
    if (has_command && !text)
        return usage("sh");
    if (file)
        sh.name = file;
    else if (has_command && i < argc)
        sh.name = argv[i++];
    args_set(argv + i, argc - i);
    bool interactive = option(OPT_INTERACTIVE) || (!text && !file && isatty(0) && isatty(2));
    if (interactive)
        start_interactive();
    if (login)
        read_script("/etc/profile");
    if (text) {
        lex_string(&lx, text);
        run_source(&lx, EXEC_LAST);
    } else if (file) {
        run_file(file);
    } else if (interactive) {
        run_interactively();
    } else {
        run_standard_input();
    }
    shell_exit(sh.status);
}
