/*
 * jobs.c: processes of the shell, in jobs. Every fork goes through here. With job control (set -m, which
 * an interactive shell has) each job is a process group, and the terminal belongs to the one in front.
 */
#include "sh.h"

#include "../box.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum state { RUNNING, STOPPED, DONE };

struct process {
    pid_t pid;
    int status;                 /* of wait(2) */
    enum state state;
};

struct job {
    struct job *next;           /* the most recent first */
    int number;                 /* of the job table; 0: not in it */
    pid_t group;                /* 0 without job control */
    struct process *processes;
    int count;
    char *text;
    bool unwanted;              /* nobody will ask for its status */
    struct termios modes;       /* the terminal's, when it stopped */
    bool has_modes;
};

static struct job *jobs;
static int terminal = -1;
static struct termios shell_modes;

/* ---- the table ---- */

struct job *job_new(const char *text)
{
    struct job *j = xmalloc(sizeof *j);
    *j = (struct job){.next = jobs, .text = xstrdup(text ? text : "")};
    return jobs = j;
}

static struct job **job_slot(const struct job *wanted)
{
    struct job **j = &jobs;
    while (*j && *j != wanted)
        j = &(*j)->next;
    return j;
}

static void job_free(struct job *j)
{
    *job_slot(j) = j->next;
    free(j->processes);
    free(j->text);
    free(j);
}

static void to_front(struct job *j)
{
    *job_slot(j) = j->next;
    j->next = jobs;
    jobs = j;
}

static enum state job_state(const struct job *j)
{
    enum state state = DONE;
    for (int i = 0; i < j->count; i++) {
        if (j->processes[i].state == RUNNING)
            return RUNNING;
        if (j->processes[i].state == STOPPED)
            state = STOPPED;
    }
    return state;
}

static int exit_status(int status)
{
    if (WIFSTOPPED(status))
        return 128 + WSTOPSIG(status);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What wait(2) said of the last process; with pipefail, of the last one that failed. */
static int last_status(const struct job *j)
{
    int last = j->count - 1;
    for (int i = last; option(OPT_PIPEFAIL) && i >= 0; i--)
        if (j->processes[i].status != 0)
            return j->processes[i].status;
    return last >= 0 ? j->processes[last].status : 0;
}

static void give_number(struct job *j)
{
    if (j->number)
        return;
    int highest = 0;
    for (const struct job *other = jobs; other; other = other->next)
        if (other->number > highest)
            highest = other->number;
    j->number = highest + 1;
}

void job_forget(struct job *j)
{
    j->unwanted = true;
}

/* ---- forking ---- */

static void give_terminal(pid_t group)
{
    if (terminal >= 0)
        tcsetpgrp(terminal, group);
}

static void forget_all(void)
{
    while (jobs)
        job_free(jobs);
}

static void become_subshell(const struct job *j, enum place place)
{
    bool interactive = option(OPT_INTERACTIVE), control = option(OPT_MONITOR) && place != INSIDE;
    bool first = j->count == 0;
    pid_t group = j->group;
    if (control) {
        setpgid(0, group);
        if (place == FRONT)
            give_terminal(group ? group : getpid());
    }
    traps_reset();
    child_signals(interactive, control, place == BACK);
    if (place == BACK && !control && first) {
        int null = open("/dev/null", O_RDONLY);
        if (null > 0) {
            dup2(null, 0);
            close(null);
        }
    }
    sh.options &= ~(unsigned)(OPT_INTERACTIVE | OPT_MONITOR);
    sh.subshell = true;
    sh.top = NULL;
    forget_all();
}

pid_t job_fork(struct job *j, enum place place)
{
    /* a signal for the child waits until the child no longer ignores what this shell ignores */
    sigset_t every, before;
    sigfillset(&every);
    sigprocmask(SIG_BLOCK, &every, &before);
    pid_t pid = fork();
    if (pid == 0)
        become_subshell(j, place);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (pid < 0) {
        complain("fork: %s", strerror(errno));
        return -1;
    }
    if (pid == 0)
        return 0;
    if (option(OPT_MONITOR) && place != INSIDE) {
        if (!j->group)
            j->group = pid;
        setpgid(pid, j->group);
        if (place == FRONT)
            give_terminal(j->group);
    }
    j->processes = xrealloc(j->processes, (size_t)(j->count + 1) * sizeof *j->processes);
    j->processes[j->count++] = (struct process){.pid = pid};
    return pid;
}

/* ---- waiting ---- */

static void record(pid_t pid, int status)
{
    for (struct job *j = jobs; j; j = j->next)
        for (int i = 0; i < j->count; i++)
            if (j->processes[i].pid == pid) {
                j->processes[i].status = status;
                j->processes[i].state = WIFSTOPPED(status) ? STOPPED : WIFCONTINUED(status) ? RUNNING : DONE;
                return;
            }
}

/* Takes in one piece of news. Returns the pid it is about, 0 for none, -1 with errno set. */
static pid_t take_news(int options)
{
    int status;
    pid_t pid = waitpid(-1, &status, options | (option(OPT_MONITOR) ? WUNTRACED | WCONTINUED : 0));
    if (pid > 0)
        record(pid, status);
    return pid;
}

static void say_job(const struct job *j, FILE *out)
{
    static const char *const names[] = {"Running", "Stopped", "Done"};
    enum state state = job_state(j);
    int status = last_status(j);
    char what[40];
    if (state == DONE && WIFSIGNALED(status))
        snprintf(what, sizeof what, "%s", strsignal(WTERMSIG(status)));
    else if (state == DONE && WEXITSTATUS(status) != 0)
        snprintf(what, sizeof what, "Done(%d)", WEXITSTATUS(status));
    else
        snprintf(what, sizeof what, "%s", names[state]);
    fprintf(out, "[%d]%c %-12s %s\n", j->number, j == jobs ? '+' : '-', what, j->text);
}

/* A job ended by a signal that its user did not send from the keyboard is worth a line. */
static void say_death(const struct job *j)
{
    int status = last_status(j), signal = WTERMSIG(status);
    if (!WIFSIGNALED(status))
        return;
    if (signal == SIGINT && option(OPT_INTERACTIVE))
        fputc('\n', stderr);
    else if (signal != SIGINT && signal != SIGPIPE && !sh.subshell)
        fprintf(stderr, "%s%s\n", strsignal(signal), WCOREDUMP(status) ? " (core dumped)" : "");
}

static void stopped_in_front(struct job *j)
{
    give_number(j);
    to_front(j);
    j->has_modes = terminal >= 0 && tcgetattr(terminal, &j->modes) == 0;
    fputc('\n', stderr);
    say_job(j, stderr);
}

int job_foreground(struct job *j)
{
    while (job_state(j) == RUNNING)
        if (take_news(0) < 0 && errno != EINTR)
            break;
    int status = last_status(j);
    bool stopped = job_state(j) == STOPPED;
    if (j->group) {
        give_terminal(getpgrp());
        if (stopped)
            stopped_in_front(j);
        if (stopped || WIFSIGNALED(status))
            tcsetattr(terminal, TCSADRAIN, &shell_modes);
        if (!stopped && WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)
            sh.interrupted = 1;     /* ^C ends the loop around the command too */
    }
    if (!stopped) {
        say_death(j);
        job_free(j);
    }
    return exit_status(status);
}

void job_background(struct job *j)
{
    if (j->count == 0) {
        job_free(j);
        return;
    }
    give_number(j);
    sh.last_background = j->processes[j->count - 1].pid;
    if (option(OPT_INTERACTIVE))
        fprintf(stderr, "[%d] %d\n", j->number, (int)sh.last_background);
}

void jobs_reap(bool report)
{
    while (take_news(WNOHANG) > 0)
        continue;
    for (struct job *j = jobs, *next; j; j = next) {
        next = j->next;
        if (job_state(j) != DONE || !(report || j->unwanted))
            continue;
        if (!j->unwanted)
            say_job(j, stderr);
        job_free(j);
    }
}

int jobs_stopped(void)
{
    int n = 0;
    for (const struct job *j = jobs; j; j = j->next)
        n += job_state(j) == STOPPED;
    return n;
}

/* ---- builtins ---- */

/* %n, %%, %+, %-, %text, or none for the current job. Complains if there is no such job. */
static struct job *find_job(const char *spec)
{
    struct job *j = jobs;
    const char *s = spec && *spec == '%' ? spec + 1 : spec ? spec : "%";
    while (j && !j->number)
        j = j->next;
    if (j && *s == '-') {
        do
            j = j->next;
        while (j && !j->number);
    } else if (isdigit((unsigned char)*s)) {
        for (int n = atoi(s); j && j->number != n;)
            j = j->next;
    } else if (*s && !strchr("%+", *s)) {
        while (j && (!j->number || strncmp(j->text, s, strlen(s)) != 0))
            j = j->next;
    }
    if (!j)
        complain("%s: no such job", spec ? spec : "current");
    return j;
}

int jobs_main(int argc, char **argv)
{
    bool pids = argc > 1 && strcmp(argv[1], "-p") == 0;
    int highest = 0;
    while (take_news(WNOHANG) > 0)
        continue;
    for (const struct job *j = jobs; j; j = j->next)
        if (j->number > highest)
            highest = j->number;
    for (int n = 1; n <= highest; n++)
        for (struct job *j = jobs, *next; j; j = next) {
            next = j->next;
            if (j->number != n)
                continue;
            if (pids)
                printf("%d\n", (int)(j->group ? j->group : j->processes[0].pid));
            else
                say_job(j, stdout);
            if (job_state(j) == DONE && !pids)
                job_free(j);
        }
    return 0;
}

static void continue_job(struct job *j)
{
    for (int i = 0; i < j->count; i++)
        if (j->processes[i].state == STOPPED)
            j->processes[i].state = RUNNING;
    kill(-j->group, SIGCONT);
}

int fg_main(int argc, char **argv)
{
    struct job *j = find_job(argc > 1 ? argv[1] : NULL);
    if (!j)
        return 1;
    if (!j->group) {
        complain("fg: no job control");
        return 1;
    }
    give_terminal(j->group);
    if (j->has_modes)
        tcsetattr(terminal, TCSADRAIN, &j->modes);
    puts(j->text);
    fflush(stdout);
    continue_job(j);
    return job_foreground(j);
}

int bg_main(int argc, char **argv)
{
    struct job *j = find_job(argc > 1 ? argv[1] : NULL);
    if (!j)
        return 1;
    if (!j->group) {
        complain("bg: no job control");
        return 1;
    }
    printf("[%d] %s &\n", j->number, j->text);
    continue_job(j);
    return 0;
}

static void nothing(int signal)
{
    (void)signal;
}

/*
 * Waits for a job, or for all with a null one. Signals are let in only inside of sigsuspend, so that one
 * with a trap cannot slip in between the look at it and the wait. Returns the trapped signal, or 0.
 */
static int wait_until_done(const struct job *wanted)
{
    struct sigaction note = {.sa_handler = nothing}, before;
    sigset_t all, normal;
    int came = 0;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &normal);
    sigaction(SIGCHLD, NULL, &before);
    if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN)
        sigaction(SIGCHLD, &note, NULL);
    for (;;) {
        bool running = false;
        pid_t news;
        while ((news = take_news(WNOHANG)) > 0)
            continue;
        for (const struct job *j = jobs; j; j = j->next)
            running |= (!wanted || j == wanted) && job_state(j) == RUNNING && !j->unwanted;
        if ((came = trap_pending()) || sh.interrupted || !running || news < 0)
            break;
        sigsuspend(&normal);
    }
    sigaction(SIGCHLD, &before, NULL);
    sigprocmask(SIG_SETMASK, &normal, NULL);
    return came;
}

static struct job *job_of(pid_t pid)
{
    for (struct job *j = jobs; j; j = j->next)
        for (int i = 0; i < j->count; i++)
            if (j->processes[i].pid == pid)
                return j;
    return NULL;
}

static int wait_for(const char *operand)
{
    struct job *j = *operand == '%' ? find_job(operand) : job_of((pid_t)atoi(operand));
    if (!j)
        return 127;
    int came = wait_until_done(j);
    if (came || job_state(j) == RUNNING)
        return 128 + (came ? came : SIGINT);
    int status = exit_status(last_status(j));
    if (job_state(j) == DONE)
        job_free(j);
    return status;
}

int wait_main(int argc, char **argv)
{
    int status = 0;
    if (argc > 1) {
        for (int i = 1; i < argc; i++)
            status = wait_for(argv[i]);
        return status;
    }
    int came = wait_until_done(NULL);
    if (came || sh.interrupted)
        return 128 + (came ? came : SIGINT);
    for (struct job *j = jobs, *next; j; j = next) {
        next = j->next;
        if (job_state(j) == DONE)
            job_free(j);
    }
    return 0;
}

/* How many words of kill's are the command and its signal: kill, kill -9, kill -s KILL. */
static int kill_operands(int argc, char **argv)
{
    if (argc < 2 || argv[1][0] != '-')
        return 1;
    return strcmp(argv[1], "-s") == 0 ? 3 : 2;
}

/* kill with %jobs: they become process groups, and the tool does the rest. A stopped job has to run to die. */
int job_kill_main(int argc, char **argv)
{
    int first = kill_operands(argc, argv), status;
    if (first >= argc || strcmp(argv[1], "-l") == 0)
        return kill_main(argc, argv);
    char **args = arena_alloc(sh.scratch, (size_t)(argc + 2) * sizeof *args);
    memcpy(args, argv, (size_t)first * sizeof *args);
    args[first] = "--";
    for (int i = first; i < argc; i++) {
        const struct job *j = argv[i][0] == '%' ? find_job(argv[i]) : NULL;
        args[i + 1] = argv[i];
        if (!j && argv[i][0] == '%')
            return 1;
        if (j)
            snprintf(args[i + 1] = arena_alloc(sh.scratch, 16), 16, "%d",
                     j->group ? -(int)j->group : (int)j->processes[0].pid);
    }
    status = kill_main(argc + 1, args);
    for (int i = first; i < argc; i++) {
        struct job *j = argv[i][0] == '%' ? find_job(argv[i]) : NULL;
        if (j && j->group && job_state(j) == STOPPED)
            continue_job(j);
    }
    return status;
}

/* Takes the terminal and a process group of our own, once we are in the foreground. */
void jobs_init(void)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (fd < 0)
        fd = dup(2);
    terminal = fcntl(fd, F_DUPFD_CLOEXEC, 10);
    close(fd);
    pid_t front = tcgetpgrp(terminal);
    if (front < 0) {
        complain("no job control: %s", strerror(errno));
        close(terminal);
        terminal = -1;
        return;
    }
    for (; front > 0 && front != getpgrp(); front = tcgetpgrp(terminal))
        kill(0, SIGTTIN);
    sh.options |= OPT_MONITOR;
    interactive_signals();
    setpgid(0, 0);              /* a session leader has its own already */
    give_terminal(getpgrp());
    tcgetattr(terminal, &shell_modes);
}
