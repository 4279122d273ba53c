/*
 * proc.c: reads /proc (proc(5) describes the fields of stat).
 */
#include "proc.h"

#include "box.h"

#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static char *read_proc(const char *dir, const char *name, size_t *size)
{
    char *path = format("%s/%s", dir, name);
    char *text = read_file(path, size);
    free(path);
    return text;
}

/* The name stands in parentheses and may contain some, so the fields begin after the last one. */
static bool parse_stat(const char *text, struct process *p)
{
    const char *open = strchr(text, '('), *close = strrchr(text, ')');
    unsigned long user, system;
    unsigned long long start, size;
    long resident;
    if (!open || !close)
        return false;
    snprintf(p->name, sizeof p->name, "%.*s", (int)(close - open - 1), open + 1);
    p->pid = atoi(text);
    int n = sscanf(close + 1,
                   " %c %d %d %d %d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %ld %ld %*d %llu %llu %ld",
                   &p->state, &p->parent, &p->group, &p->session, &p->tty, &user, &system, &p->nice, &p->threads,
                   &start, &size, &resident);
    if (n < 12)
        return false;
    p->ticks = user + system;
    p->start = start;
    p->size = size;
    p->resident = (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
    return true;
}

static char *command_line(const char *dir, const char *name)
{
    size_t size = 0;
    char *text = read_proc(dir, "cmdline", &size);
    if (!text || size == 0) {
        free(text);
        return format("[%s]", name);
    }
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ')
            text[i] = i + 1 < size ? ' ' : '\0';
    return text;
}

/* False if the process ended meanwhile. */
static bool read_process(const char *pid, struct process *p)
{
    char *dir = format("/proc/%s", pid), *stat_text = read_proc(dir, "stat", NULL);
    struct stat s;
    bool ok = stat_text && parse_stat(stat_text, p) && stat(dir, &s) == 0;
    if (ok) {
        p->user = s.st_uid;
        p->command = command_line(dir, p->name);
    }
    free(stat_text);
    free(dir);
    return ok;
}

static int by_pid(const void *a, const void *b)
{
    return ((const struct process *)a)->pid - ((const struct process *)b)->pid;
}

bool read_processes(struct processes *list)
{
    *list = (struct processes){0};
    DIR *dir = opendir("/proc");
    struct dirent *e;
    if (!dir) {
        warn("/proc");
        return false;
    }
    while ((e = readdir(dir))) {
        if (!isdigit((unsigned char)e->d_name[0]))
            continue;
        list->v = xrealloc(list->v, (size_t)(list->n + 1) * sizeof *list->v);
        list->v[list->n] = (struct process){0};
        list->n += read_process(e->d_name, &list->v[list->n]);
    }
    closedir(dir);
    if (list->n > 0)
        qsort(list->v, (size_t)list->n, sizeof *list->v, by_pid);
    return true;
}

void free_processes(struct processes *list)
{
    for (int i = 0; i < list->n; i++)
        free(list->v[i].command);
    free(list->v);
}

uint64_t proc_number(const char *path, const char *key)
{
    char *text = read_file(path, NULL);
    size_t n = strlen(key);
    uint64_t value = 0;
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, n) == 0) {
            value = strtoull(line + n, NULL, 10);
            break;
        }
    }
    free(text);
    return value;
}

const char *tty_name(int device)
{
    static char name[16];
    unsigned type = major((dev_t)device), number = minor((dev_t)device);
    if (device == 0)
        return "?";
    if (type == 5)
        return number == 1 ? "console" : "tty";
    if (type >= 136 && type <= 143)
        snprintf(name, sizeof name, "pts/%u", number);
    else if (type == 4)
        snprintf(name, sizeof name, number < 64 ? "tty%u" : "ttyS%u", number < 64 ? number : number - 64);
    else
        snprintf(name, sizeof name, "%u:%u", type, number);
    return name;
}
