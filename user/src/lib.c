/*
 * lib.c: memory, files and numbers for the tools (box.h says what each function promises).
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void *xmalloc(size_t size)
{
    return xrealloc(NULL, size);
}

void *xrealloc(void *old, size_t size)
{
    void *p = realloc(old, size ? size : 1);
    if (!p)
        err(1, NULL);
    return p;
}

char *xstrdup(const char *s)
{
    size_t size = strlen(s) + 1;
    return memcpy(xmalloc(size), s, size);
}

char *format(const char *fmt, ...)
{
    va_list args;
    char *text;
    va_start(args, fmt);
    if (vasprintf(&text, fmt, args) < 0)
        err(1, NULL);
    va_end(args);
    return text;
}

FILE *open_input(const char *name)
{
    if (strcmp(name, "-") == 0)
        return stdin;
    FILE *in = fopen(name, "r");
    if (!in)
        warn("%s", name);
    return in;
}

int each_input(char **names, input_work *work, void *context)
{
    static char *standard_input[] = {"-", NULL};
    int failed = 0;
    for (char **name = *names ? names : standard_input; *name; name++) {
        FILE *in = open_input(*name);
        if (!in) {
            failed = 1;
            continue;
        }
        failed |= work(in, *name, context);
        if (ferror(in)) {
            warn("%s", *name);
            failed = 1;
        }
        if (in != stdin)
            fclose(in);
    }
    return failed;
}

static int write_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno != EINTR)
            return -1;
        if (done > 0) {
            p += done;
            n -= done;
        }
    }
    return 0;
}

int copy_fd(int in, int out)
{
    static char block[64 * 1024];
    for (;;) {
        ssize_t n = read(in, block, sizeof block);
        if (n == 0)
            return 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || write_all(out, block, n) < 0)
            return -1;
    }
}

char *read_fd(int fd, size_t *size)
{
    size_t used = 0, room = 4096;
    char *text = xmalloc(room);
    for (;;) {
        if (room - used < 2)
            text = xrealloc(text, room *= 2);
        ssize_t n = read(fd, text + used, room - used - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            free(text);
            return NULL;
        }
        if (n == 0)
            break;
        used += n;
    }
    text[used] = '\0';
    if (size)
        *size = used;
    return text;
}

char *read_file(const char *path, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    char *text = read_fd(fd, size);
    int error = errno;
    close(fd);
    errno = error;
    return text;
}

char *last_part(const char *path)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    if (start == end && end > 0)
        start--;                /* the root itself */
    return format("%.*s", (int)(end - start), path + start);
}

char *join_path(const char *dir, const char *name)
{
    size_t n = strlen(dir);
    return format("%s%s%s", dir, n > 0 && dir[n - 1] == '/' ? "" : "/", name);
}

const char *human_size(uint64_t bytes, char text[8])
{
    static const char units[] = "BKMGTPE";
    double value = (double)bytes;
    int unit = 0;
    while (value >= 1023.5 && unit < 6) {
        value /= 1024;
        unit++;
    }
    if (unit == 0)
        snprintf(text, 8, "%u", (unsigned)bytes & 1023);
    else
        snprintf(text, 8, value < 9.95 ? "%.1f%c" : "%.0f%c", value, units[unit]);
    return text;
}

bool parse_size(const char *text, long long *value)
{
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    if (end == text || errno)
        return false;
    int shift = *end == 'k' || *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
    *value *= 1LL << shift;
    return end[shift ? 1 : 0] == '\0';
}

bool parse_seconds(const char *text, double *seconds)
{
    static const char units[] = "smhd";
    static const double worth[] = {1, 60, 3600, 86400};
    char *end;
    *seconds = strtod(text, &end);
    if (end == text || !(*seconds >= 0))
        return false;
    const char *unit = *end ? strchr(units, *end) : units;
    if (!unit || (*end && end[1]))
        return false;
    *seconds *= worth[unit - units];
    return true;
}

void sleep_seconds(double seconds)
{
    struct timespec left;
    left.tv_sec = seconds < 1e15 ? (time_t)seconds : (time_t)1e15;
    left.tv_nsec = seconds < 1e15 ? (long)((seconds - (double)left.tv_sec) * 1e9) : 0;
    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        continue;
}
