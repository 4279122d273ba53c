/*
 * redir.c: redirections of the shell's own descriptors. What a descriptor was before is kept on a
 * stack, so that the redirections of a builtin, a function or a group can be undone, be it after an error.
 */
#include "sh.h"

#include "../box.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPIES = 10, PIPE_HOLDS = 4096 };    /* descriptors below 10 are the script's */

struct saved_fd {
    struct saved_fd *below;
    int fd, copy;               /* copy -1: it was closed */
};

static struct saved_fd *stack;

struct saved_fd *redirect_mark(void)
{
    return stack;
}

static void save(int fd)
{
    struct saved_fd *s = xmalloc(sizeof *s);
    *s = (struct saved_fd){.below = stack, .fd = fd, .copy = fcntl(fd, F_DUPFD_CLOEXEC, COPIES)};
    stack = s;
}

static void pop(void)
{
    struct saved_fd *s = stack;
    stack = s->below;
    if (s->copy >= 0)
        close(s->copy);
    free(s);
}

void redirect_undo(struct saved_fd *mark)
{
    while (stack != mark) {
        if (stack->copy >= 0)
            dup2(stack->copy, stack->fd);
        else
            close(stack->fd);
        pop();
    }
}

void redirect_keep(struct saved_fd *mark)
{
    while (stack != mark)
        pop();
}

/* A pipe that gives the text: written at once if a pipe holds it, else by a process. */
static int here_document(const char *text)
{
    int fds[2];
    size_t n = strlen(text);
    if (pipe2(fds, O_CLOEXEC) < 0)
        return -1;
    if (n > PIPE_HOLDS) {
        struct job *j = job_new(NULL);
        if (job_fork(j, INSIDE) == 0) {
            close(fds[0]);
            for (ssize_t done = 0; n > 0 && done >= 0; text += done, n -= (size_t)done)
                done = write(fds[1], text, n);
            _exit(0);
        }
        job_forget(j);
    } else if (n > 0 && write(fds[1], text, n) < 0) {
        complain("here-document: %s", strerror(errno));
    }
    close(fds[1]);
    return fds[0];
}

/* set -C: > does not overwrite a regular file. */
static int open_output(enum redir_kind kind, const char *path)
{
    struct stat s;
    if (kind == REDIR_OUT && option(OPT_NOCLOBBER) && stat(path, &s) == 0 && S_ISREG(s.st_mode)) {
        errno = EEXIST;
        return -1;
    }
    int how = kind == REDIR_APPEND ? O_APPEND : O_TRUNC;
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC | how, 0666);
}

static int open_target(const struct redir *r, const char *target)
{
    switch (r->kind) {
    case REDIR_IN: return open(target, O_RDONLY | O_CLOEXEC);
    case REDIR_BOTH: return open(target, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    case REDIR_HERE: return here_document(target);
    default: return open_output(r->kind, target);
    }
}

/* <&2, >&-: the target is digits or a dash. */
static bool duplicate(int fd, const char *target)
{
    if (strcmp(target, "-") == 0) {
        save(fd);
        close(fd);
        return true;
    }
    char *end;
    long from = strtol(target, &end, 10);
    if (!isdigit((unsigned char)*target) || *end) {
        complain("%s: not a descriptor", target);
        return false;
    }
    save(fd);
    if (fcntl((int)from, F_GETFD) < 0 || (from != fd && dup2((int)from, fd) < 0)) {
        complain("%s: %s", target, strerror(EBADF));
        return false;
    }
    return true;
}

static bool redirect_one(const struct redir *r)
{
    char *target = expand_text(r->target);
    if (r->kind == REDIR_DUP)
        return duplicate(r->fd, target);
    int fd = open_target(r, target);
    if (fd < 0) {
        bool creates = r->kind != REDIR_IN;
        complain("cannot %s %s: %s", creates ? "create" : "open", target, strerror(errno));
        return false;
    }
    if (fd == r->fd) {          /* it was closed, and so the lowest free one */
        fcntl(fd, F_SETFD, 0);
        struct saved_fd *s = xmalloc(sizeof *s);
        *s = (struct saved_fd){.below = stack, .fd = fd, .copy = -1};
        stack = s;
        return true;
    }
    save(r->fd);
    dup2(fd, r->fd);
    close(fd);
    return true;
}

bool redirect(const struct redir *r)
{
    for (; r; r = r->next)
        if (!redirect_one(r))
            return false;
    return true;
}
