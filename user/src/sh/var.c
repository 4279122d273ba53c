/*
 * var.c: shell variables, the environment, and the frames that `local` and `X=1 command` need.
 */
#include "sh.h"

#include "../box.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 64 };

struct var {
    struct var *next;
    char *name;
    char *value;                /* null: unset, but flagged */
    unsigned flags;
};

/* The value that a name had before a frame localized it. */
struct saved {
    struct saved *next;
    char *name, *value;
    unsigned flags;
    bool existed;
};

/* What is put back at the end of a function, or of a builtin with assignments of its own. */
struct frame {
    struct frame *outer;
    struct saved *saved;
    char **args;
    int nargs;
    struct arena *args_arena;
};

static struct var *table[BUCKETS];
static struct frame *frames;

static struct var **slot(const char *name)
{
    unsigned hash = 0;
    for (const char *p = name; *p; p++)
        hash = hash * 31 + (unsigned char)*p;
    struct var **v = &table[hash % BUCKETS];
    while (*v && strcmp((*v)->name, name) != 0)
        v = &(*v)->next;
    return v;
}

static struct var *add(struct var **place, const char *name)
{
    *place = xmalloc(sizeof **place);
    **place = (struct var){.name = xstrdup(name)};
    return *place;
}

static void delete(struct var **place)
{
    struct var *v = *place;
    *place = v->next;
    free(v->name);
    free(v->value);
    free(v);
}

void vars_init(char **environment)
{
    for (char **e = environment; *e; e++) {
        const char *equals = strchr(*e, '=');
        if (!equals || !is_name(*e, (size_t)(equals - *e)))
            continue;
        char *name = format("%.*s", (int)(equals - *e), *e);
        var_set(name, equals + 1, VAR_EXPORT);
        free(name);
    }
}

const char *var_get(const char *name)
{
    struct var *v = *slot(name);
    return v ? v->value : NULL;
}

void var_set(const char *name, const char *value, unsigned flags)
{
    struct var **place = slot(name);
    struct var *v = *place ? *place : add(place, name);
    if (v->flags & VAR_READONLY)
        fail(2, "%s: is read only", name);
    char *copy = xstrdup(value);        /* value may be what is freed */
    free(v->value);
    v->value = copy;
    v->flags |= flags | (option(OPT_ALLEXPORT) ? VAR_EXPORT : 0);
    if (strcmp(name, "OPTIND") == 0)
        sh.option_index = 0;
}

bool var_unset(const char *name)
{
    struct var **place = slot(name);
    if (*place && (*place)->flags & VAR_READONLY) {
        complain("unset: %s: is read only", name);
        return false;
    }
    if (*place)
        delete(place);
    return true;
}

void var_flag(const char *name, unsigned flags)
{
    struct var **place = slot(name);
    struct var *v = *place ? *place : add(place, name);
    v->flags |= flags;
}

/* All variables with the flags, sorted by name, in an array of the arena's. */
static struct var **sorted(struct arena *a, unsigned flags, int *count);

static int by_name(const void *a, const void *b)
{
    return strcmp((*(struct var *const *)a)->name, (*(struct var *const *)b)->name);
}

static struct var **sorted(struct arena *a, unsigned flags, int *count)
{
    int n = 0;
    for (int i = 0; i < BUCKETS; i++)
        for (struct var *v = table[i]; v; v = v->next)
            n++;
    struct var **all = arena_alloc(a, (size_t)(n + 1) * sizeof *all);
    n = 0;
    for (int i = 0; i < BUCKETS; i++)
        for (struct var *v = table[i]; v; v = v->next)
            if ((v->flags & flags) == flags)
                all[n++] = v;
    qsort(all, (size_t)n, sizeof *all, by_name);
    *count = n;
    return all;
}

char **var_environment(struct arena *a)
{
    int n, used = 0;
    struct var **all = sorted(a, VAR_EXPORT, &n);
    char **environment = arena_alloc(a, (size_t)(n + 1) * sizeof *environment);
    for (int i = 0; i < n; i++) {
        if (!all[i]->value)
            continue;
        struct buf b = {.arena = a};
        buf_text(&b, all[i]->name);
        buf_char(&b, '=');
        buf_text(&b, all[i]->value);
        environment[used++] = buf_end(&b);
    }
    return environment;
}

void print_quoted(const char *value)
{
    putchar('\'');
    for (; *value; value++)
        if (*value == '\'')
            fputs("'\"'\"'", stdout);
        else
            putchar(*value);
    putchar('\'');
}

void vars_print(unsigned flags, const char *prefix)
{
    int n;
    struct var **all = sorted(sh.scratch, flags, &n);
    for (int i = 0; i < n; i++) {
        if (!all[i]->value && !flags)
            continue;
        printf("%s%s", prefix, all[i]->name);
        if (all[i]->value) {
            putchar('=');
            print_quoted(all[i]->value);
        }
        putchar('\n');
    }
}

void frame_push(void)
{
    struct frame *f = xmalloc(sizeof *f);
    *f = (struct frame){.outer = frames, .args = sh.args, .nargs = sh.nargs, .args_arena = sh.args_arena};
    sh.args_arena = NULL;
    frames = f;
}

static void put_back(struct saved *s)
{
    struct var **place = slot(s->name);
    if (!s->existed) {
        if (*place)
            delete(place);
    } else {
        struct var *v = *place ? *place : add(place, s->name);
        free(v->value);
        v->value = s->value;
        v->flags = s->flags;
    }
    free(s->name);
    free(s);
}

void frame_pop(void)
{
    struct frame *f = frames;
    if (!f)
        return;
    frames = f->outer;
    if (sh.args_arena)
        arena_drop(sh.args_arena);
    sh.args_arena = f->args_arena;
    sh.args = f->args;
    sh.nargs = f->nargs;
    while (f->saved) {
        struct saved *s = f->saved;
        f->saved = s->next;
        put_back(s);
    }
    free(f);
}

void frames_unwind(void)
{
    while (frames)
        frame_pop();
}

bool var_localize(const char *name)
{
    if (!frames)
        return false;
    struct var *v = *slot(name);
    for (struct saved *s = frames->saved; s; s = s->next)
        if (strcmp(s->name, name) == 0)
            return true;
    struct saved *s = xmalloc(sizeof *s);
    *s = (struct saved){.next = frames->saved, .name = xstrdup(name), .existed = v};
    if (v) {
        s->value = v->value ? xstrdup(v->value) : NULL;
        s->flags = v->flags;
    }
    frames->saved = s;
    return true;
}
