/*
 * complete.c: what Tab offers: commands for the first word of a command, else names of files.
 */
#include "sh.h"

#include "../box.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void add(struct completion *c, char *word)
{
    for (int i = 0; i < c->count; i++)
        if (strcmp(c->words[i], word) == 0) {
            free(word);
            return;
        }
    c->words = xrealloc(c->words, (size_t)(c->count + 1) * sizeof *c->words);
    c->words[c->count++] = word;
}

static bool is_directory(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* Adds the entries of a directory that begin as the name does, each after the typed part of the path. */
static void add_entries(struct completion *c, const char *dir, const char *typed, const char *name)
{
    size_t n = strlen(name);
    DIR *d = opendir(dir);
    struct dirent *e;
    while (d && (e = readdir(d))) {
        if (strncmp(e->d_name, name, n) != 0 || (e->d_name[0] == '.' && name[0] != '.'))
            continue;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        char *path = join_path(dir, e->d_name);
        add(c, format("%s%s%s", typed, e->d_name, is_directory(path) ? "/" : ""));
        free(path);
    }
    if (d)
        closedir(d);
}

static void complete_file(const char *word, struct completion *c)
{
    const char *slash = strrchr(word, '/'), *home = var_get("HOME");
    char *typed = format("%.*s", slash ? (int)(slash + 1 - word) : 0, word);
    char *dir = typed[0] == '~' && typed[1] == '/' && home ? format("%s%s", home, typed + 1)
              : format("%s", *typed ? typed : ".");
    add_entries(c, dir, typed, slash ? slash + 1 : word);
    free(dir);
    free(typed);
}

static void complete_command(const char *word, struct completion *c)
{
    for (const struct builtin *b = all_builtins(); b->name; b++)
        if (strncmp(b->name, word, strlen(word)) == 0)
            add(c, xstrdup(b->name));
    for (const char *path = var_get("PATH"); path && *path;) {
        size_t n = strcspn(path, ":");
        char *dir = format("%.*s", (int)n, path);
        add_entries(c, dir, "", word);
        free(dir);
        path += path[n] ? n + 1 : n;
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void complete(const char *line, size_t cursor, struct completion *out)
{
    size_t start = cursor;
    *out = (struct completion){0};
    while (start > 0 && !strchr(" \t;&|<>()=`", line[start - 1]))
        start--;
    size_t before = start;
    while (before > 0 && line[before - 1] == ' ')
        before--;
    bool first = before == 0 || strchr(";&|(`", line[before - 1]);
    char *word = format("%.*s", (int)(cursor - start), line + start);
    out->start = start;
    if (first && !strchr(word, '/'))
        complete_command(word, out);
    else
        complete_file(word, out);
    if (out->count > 1)
        qsort(out->words, (size_t)out->count, sizeof *out->words, by_text);
    free(word);
}

void completion_free(struct completion *c)
{
    for (int i = 0; i < c->count; i++)
        free(c->words[i]);
    free(c->words);
}
