/*
 * run.c: tools that run another, or wait: time, nice, timeout, nohup, setsid, chroot, watch, sleep.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Becomes a program. Returns the status for a failure, after a warning. */
static int become(char **argv)
{
    execvp(argv[0], argv);
    warn("%s", argv[0]);
    return errno == ENOENT ? 127 : 126;
}

static int exit_status(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void print_duration(const char *name, double s)
{
    fprintf(stderr, "%s\t%dm%.3fs\n", name, (int)(s / 60), s - 60 * (int)(s / 60));
}

int time_main(int argc, char **argv)
{
    struct timespec start, end;
    struct rusage used;
    int status;
    int first = argc > 1 && strcmp(argv[1], "-p") == 0 ? 2 : 1;
    if (first >= argc)
        return usage("time");
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t pid = fork();
    if (pid == 0)
        _exit(become(argv + first));
    if (pid < 0 || wait4(pid, &status, 0, &used) < 0)
        err(1, NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    fputc('\n', stderr);
    print_duration("real", (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);
    print_duration("user", seconds(used.ru_utime));
    print_duration("sys", seconds(used.ru_stime));
    return exit_status(status);
}

int nice_main(int argc, char **argv)
{
    int by = 10;
    for (int c; (c = getopt(argc, argv, "+n:")) != -1; by = atoi(optarg))
        if (c == '?')
            return usage("nice");
    if (optind == argc) {
        printf("%d\n", getpriority(PRIO_PROCESS, 0));
        return 0;
    }
    errno = 0;
    if (nice(by) == -1 && errno)
        warn(NULL);
    return become(argv + optind);
}

int renice_main(int argc, char **argv)
{
    int failed = 0, first = argc > 1 && strcmp(argv[1], "-n") == 0 ? 2 : 1;
    if (argc - first < 2)
        return usage("renice");
    for (int i = first + 1; i < argc; i++)
        if (setpriority(PRIO_PROCESS, (id_t)atoi(argv[i]), atoi(argv[first])) < 0) {
            warn("%s", argv[i]);
            failed = 1;
        }
    return failed;
}

static volatile sig_atomic_t expired;

static void note_alarm(int signal)
{
    (void)signal;
    expired = 1;
}

int timeout_main(int argc, char **argv)
{
    int signal = SIGTERM, status;
    double limit;
    for (int c; (c = getopt(argc, argv, "+s:")) != -1;)
        if (c == '?' || (signal = signal_number(optarg)) < 0)
            return usage("timeout");
    if (argc - optind < 2 || !parse_seconds(argv[optind], &limit))
        return usage("timeout");
    pid_t pid = fork();
    if (pid == 0)
        _exit(become(argv + optind + 1));
    struct sigaction action = {.sa_handler = note_alarm};
    struct itimerval timer = {.it_value = {(time_t)limit, (suseconds_t)((limit - (double)(time_t)limit) * 1e6)}};
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &timer, NULL);
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR)
            err(125, NULL);
        if (expired)
            kill(pid, signal);
    }
    return expired && signal != SIGKILL ? 124 : exit_status(status);
}

int nohup_main(int argc, char **argv)
{
    if (argc < 2)
        return usage("nohup");
    signal(SIGHUP, SIG_IGN);
    if (isatty(1)) {
        int fd = open("nohup.out", O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (fd < 0)
            err(127, "nohup.out");
        warnx("output goes to nohup.out");
        dup2(fd, 1);
    }
    if (isatty(2))
        dup2(1, 2);
    return become(argv + 1);
}

int setsid_main(int argc, char **argv)
{
    if (argc < 2)
        return usage("setsid");
    if (getpgrp() == getpid()) {        /* a group leader cannot; its child can */
        pid_t pid = fork();
        if (pid != 0)
            return pid < 0;
    }
    if (setsid() < 0)
        err(1, NULL);
    return become(argv + 1);
}

int chroot_main(int argc, char **argv)
{
    static char *shell[] = {"/bin/sh", NULL};
    if (argc < 2)
        return usage("chroot");
    if (chroot(argv[1]) < 0 || chdir("/") < 0)
        err(125, "%s", argv[1]);
    return become(argc > 2 ? argv + 2 : shell);
}

static char *join_words(char **words)
{
    char *text = xstrdup(*words);
    while (*++words)
        text = format("%s %s", text, *words);
    return text;
}

int watch_main(int argc, char **argv)
{
    double every = 2;
    for (int c; (c = getopt(argc, argv, "+n:t")) != -1;)
        if (c == '?' || (c == 'n' && !parse_seconds(optarg, &every)))
            return usage("watch");
    if (optind == argc)
        return usage("watch");
    char *command = join_words(argv + optind);
    for (;;) {
        printf("\033[H\033[2JEvery %.1fs: %s\n\n", every, command);
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0)
            _exit(become((char *[]){"sh", "-c", command, NULL}));
        if (pid < 0 || waitpid(pid, NULL, 0) < 0)
            err(1, NULL);
        sleep_seconds(every);
    }
}

int sleep_main(int argc, char **argv)
{
    double all = 0, one;
    if (argc < 2)
        return usage("sleep");
    for (int i = 1; i < argc; i++) {
        if (!parse_seconds(argv[i], &one)) {
            if (strcmp(argv[i], "infinity") != 0)
                return usage("sleep");
            one = 1e15;
        }
        all += one;
    }
    sleep_seconds(all);
    return 0;
}
