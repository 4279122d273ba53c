/*
 * trap.c: signals: what the user's traps do, what an interactive shell ignores, what children get back.
 * A handler only notes the signal; the action runs between two commands.
 */
#include "sh.h"

#include "../box.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ON_EXIT = 0 };

static char *actions[NSIG];                     /* null: none; "": ignored */
static volatile sig_atomic_t came[NSIG], any_came;

static void note(int signal)
{
    came[signal] = 1;
    any_came = 1;
}

static void note_interrupt(int signal)
{
    (void)signal;
    sh.interrupted = 1;
}

static void set_handler(int signal, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

/* What a signal does that has no trap. */
static void set_untrapped(int signal)
{
    bool interactive = option(OPT_INTERACTIVE), control = option(OPT_MONITOR);
    if (interactive && signal == SIGINT)
        set_handler(signal, note_interrupt);
    else if (interactive && (signal == SIGQUIT || signal == SIGTERM))
        set_handler(signal, SIG_IGN);
    else if (control && (signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU))
        set_handler(signal, SIG_IGN);
    else
        set_handler(signal, SIG_DFL);
}

void interactive_signals(void)
{
    static const int signals[] = {SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (!actions[signals[i]])
            set_untrapped(signals[i]);
}

void child_signals(bool interactive, bool job_control, bool background)
{
    static const int ours[] = {SIGINT, SIGQUIT, SIGTERM}, control[] = {SIGTSTP, SIGTTIN, SIGTTOU};
    for (int i = 0; interactive && i < 3; i++)
        if (!actions[ours[i]])
            set_handler(ours[i], SIG_DFL);
    for (int i = 0; job_control && i < 3; i++)
        if (!actions[control[i]])
            set_handler(control[i], SIG_DFL);
    if (background && !job_control) {
        set_handler(SIGINT, SIG_IGN);
        set_handler(SIGQUIT, SIG_IGN);
    }
    if (interactive && !background && sh.interrupted && !actions[SIGINT])
        raise(SIGINT);      /* it came since the fork, and only the shell's own handler saw it */
}

static void clear_action(int signal)
{
    free(actions[signal]);
    actions[signal] = NULL;
    came[signal] = 0;
}

static void set_action(int signal, const char *action)
{
    clear_action(signal);
    if (action)
        actions[signal] = xstrdup(action);
    if (signal == ON_EXIT || signal == SIGKILL || signal == SIGSTOP)
        return;
    if (!action)
        set_untrapped(signal);
    else
        set_handler(signal, *action ? note : SIG_IGN);
}

void traps_reset(void)
{
    for (int i = 0; i < NSIG; i++) {
        if (!actions[i] || (i != ON_EXIT && !*actions[i]))
            continue;
        clear_action(i);
        if (i != ON_EXIT)
            set_handler(i, SIG_DFL);
    }
    any_came = 0;
}

bool traps_set(void)
{
    for (int i = 0; i < NSIG; i++)
        if (actions[i] && *actions[i])
            return true;
    return false;
}

int trap_pending(void)
{
    for (int i = 1; any_came && i < NSIG; i++)
        if (came[i])
            return i;
    return 0;
}

/* Runs an action; $? after it is what it was before. */
static void run_action(const char *action)
{
    int status = sh.status;
    enum skip skip = sh.skip;
    char *text = xstrdup(action);   /* it may change its own trap */
    sh.skip = SKIP_NONE;
    run_string(text);
    if (sh.skip == SKIP_NONE) {
        sh.skip = skip;
        sh.status = status;
    }
    free(text);
}

void traps_run(void)
{
    while (any_came) {
        any_came = 0;
        for (int i = 1; i < NSIG; i++) {
            if (!came[i])
                continue;
            came[i] = 0;
            if (actions[i] && *actions[i])
                run_action(actions[i]);
        }
    }
}

noreturn void shell_exit(int status)
{
    sh.status = status;
    if (actions[ON_EXIT] && !sh.exiting) {
        sh.exiting = true;
        char *action = actions[ON_EXIT];
        actions[ON_EXIT] = NULL;
        run_action(action);
    }
    fflush(stdout);
    _exit(sh.status & 255);
}

static int condition(const char *name)
{
    return strcasecmp(name, "EXIT") == 0 ? ON_EXIT : signal_number(name);
}

static int print_traps(void)
{
    for (int i = 0; i < NSIG; i++) {
        if (!actions[i])
            continue;
        fputs("trap -- ", stdout);
        print_quoted(actions[i]);
        printf(" %s\n", i == ON_EXIT ? "EXIT" : signal_name(i) ? signal_name(i) : "?");
    }
    return 0;
}

int trap_main(int argc, char **argv)
{
    int i = 1, status = 0;
    if (i < argc && strcmp(argv[i], "--") == 0)
        i++;
    if (i >= argc)
        return print_traps();
    const char *action = NULL;
    if (!isdigit((unsigned char)argv[i][0]) && i + 1 < argc) {
        action = strcmp(argv[i], "-") == 0 ? NULL : argv[i];
        i++;
    }
    for (; i < argc; i++) {
        int signal = condition(argv[i]);
        if (signal >= 0) {
            set_action(signal, action);
        } else {
            complain("trap: %s: no such signal", argv[i]);
            status = 1;
        }
    }
    return status;
}
