/*
 * glob.c: path names for patterns. A pattern is what expand.c makes: a backslash quotes the next character.
 */
#include "sh.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct matches {
    struct arena *arena;
    char **v;
    int n, room;
};

bool has_wildcard(const char *pattern)
{
    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1])
            pattern++;
        else if (*pattern == '*' || *pattern == '?' || (*pattern == '[' && strchr(pattern + 1, ']')))
            return true;
    }
    return false;
}

char *unescape(struct arena *a, const char *pattern)
{
    struct buf text = {.arena = a};
    for (; *pattern; pattern++) {
        if (*pattern == '\\' && pattern[1])
            pattern++;
        buf_char(&text, *pattern);
    }
    return buf_end(&text);
}

static void add_match(struct matches *m, const char *path)
{
    if (m->n == m->room) {
        m->room = m->room * 2 + 16;
        char **bigger = arena_alloc(m->arena, (size_t)m->room * sizeof *bigger);
        if (m->n > 0)
            memcpy(bigger, m->v, (size_t)m->n * sizeof *bigger);
        m->v = bigger;
    }
    m->v[m->n++] = arena_copy(m->arena, path, strlen(path));
}

static void match(struct matches *m, struct buf path, const char *pattern);

/* The rest of the pattern below a path that is a directory, or the path itself if nothing is left. */
static void descend(struct matches *m, struct buf path, const char *rest)
{
    struct stat s;
    if (!*rest) {
        if (lstat(buf_end(&path), &s) == 0)
            add_match(m, path.s);
        return;
    }
    for (; *rest == '/'; rest++)
        buf_char(&path, '/');
    if (stat(buf_end(&path), &s) == 0 && S_ISDIR(s.st_mode)) {
        if (*rest)
            match(m, path, rest);
        else
            add_match(m, path.s);
    }
}

static void match_entries(struct matches *m, struct buf path, const char *part, const char *rest)
{
    DIR *dir = opendir(path.len > 0 ? buf_end(&path) : ".");
    struct dirent *e;
    while (dir && (e = readdir(dir))) {
        if (fnmatch(part, e->d_name, FNM_PERIOD) != 0)
            continue;
        struct buf below = {.arena = m->arena};
        buf_add(&below, path.s, path.len);
        buf_text(&below, e->d_name);
        descend(m, below, rest);
    }
    if (dir)
        closedir(dir);
}

/* path is empty or ends in a slash; pattern has no leading slash. */
static void match(struct matches *m, struct buf path, const char *pattern)
{
    size_t n = strcspn(pattern, "/");
    char *part = arena_copy(m->arena, pattern, n);
    if (has_wildcard(part)) {
        match_entries(m, path, part, pattern + n);
        return;
    }
    struct buf below = {.arena = m->arena};
    buf_add(&below, path.s, path.len);
    buf_text(&below, unescape(m->arena, part));
    descend(m, below, pattern + n);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int glob_expand(const char *pattern, void (*found)(void *context, const char *path), void *context)
{
    struct arena *a = arena_new();
    struct matches m = {.arena = a};
    struct buf path = {.arena = a};
    if (*pattern == '/')
        descend(&m, path, pattern);
    else
        match(&m, path, pattern);
    if (m.n > 0)
        qsort(m.v, (size_t)m.n, sizeof *m.v, by_bytes);
    for (int i = 0; i < m.n; i++)
        found(context, m.v[i]);
    arena_drop(a);
    return m.n;
}
