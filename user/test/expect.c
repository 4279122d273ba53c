/*
 * expect.c: runs a program on a terminal of its own by a script of keys and of what must appear:
 *
 *   > text   types the text; \r \t \e \\ and ^X (a control character) are understood
 *   < text   waits until the text has appeared since the last such line, at most 20 s
 *   ? N      the program must have ended with status N
 *   # text   a comment
 *
 * expect SCRIPT PROGRAM [ARG]... ends with 0, or with 1 after a report.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

static char output[1 << 20];        /* all that the program wrote */
static size_t used, seen;           /* how much of it, and of that was waited for */

static void give_up(const char *script, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n--- output since the last match:\n%.*s\n", script, line, what, (int)(used - seen),
            output + seen);
    exit(1);
}

/* Takes in what the program writes within a time. Returns 0 at its end. */
static int take_output(int fd, int timeout)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (poll(&p, 1, timeout) <= 0)
        return 1;
    ssize_t n = read(fd, output + used, sizeof output - used - 1);
    if (n <= 0)
        return 0;
    used += (size_t)n;
    output[used] = '\0';
    return 1;
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int wait_for(int fd, const char *text)
{
    for (long end = now_ms() + PATIENCE_MS; now_ms() < end;) {
        char *at = memmem(output + seen, used - seen, text, strlen(text));
        if (at) {
            seen = (size_t)(at - output) + strlen(text);
            return 1;
        }
        if (!take_output(fd, 100))
            return 0;
    }
    return 0;
}

static void type(int fd, const char *p)
{
    for (; *p; p++) {
        char c = *p;
        if (c == '\\' && p[1])
            c = *++p == 'r' ? '\r' : *p == 't' ? '\t' : *p == 'e' ? '\033' : *p;
        else if (c == '^' && p[1])
            c = *++p & 31;
        if (write(fd, &c, 1) < 0)
            return;
    }
}

static int ended_with(int fd, pid_t pid, int wanted)
{
    int status;
    for (long end = now_ms() + PATIENCE_MS; now_ms() < end && take_output(fd, 100);)
        continue;
    if (waitpid(pid, &status, WNOHANG) != pid)
        for (long end = now_ms() + PATIENCE_MS; waitpid(pid, &status, WNOHANG) != pid;)
            if (now_ms() > end)
                return 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == wanted;
}

int main(int argc, char **argv)
{
    char line[512];
    int fd, number = 0;
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    FILE *script = argc > 2 ? fopen(argv[1], "r") : NULL;
    if (!script) {
        fprintf(stderr, "usage: expect SCRIPT PROGRAM [ARG]...\n");
        return 2;
    }
    pid_t pid = forkpty(&fd, NULL, NULL, &size);
    if (pid == 0) {
        signal(SIGPIPE, SIG_DFL);
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    while (fgets(line, sizeof line, script)) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        const char *text = line[0] && line[1] ? line + 2 : "";
        if (line[0] == '>')
            type(fd, text);
        else if (line[0] == '<' && !wait_for(fd, text))
            give_up(argv[1], number, text);
        else if (line[0] == '?' && !ended_with(fd, pid, atoi(text)))
            give_up(argv[1], number, "did not end with this status");
    }
    return 0;
}
