/*
 * mem.c: arenas and growing text.
 */
#include "sh.h"

#include "../box.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 2000, ALIGN = 16 };

struct chunk {
    struct chunk *below;
    size_t used, size;
    _Alignas(ALIGN) char data[];
};

struct arena *arena_new(void)
{
    struct arena *a = xmalloc(sizeof *a);
    *a = (struct arena){.holders = 1};
    return a;
}

void arena_hold(struct arena *a)
{
    a->holders++;
}

void arena_drop(struct arena *a)
{
    if (--a->holders > 0)
        return;
    arena_release(a, (struct mark){0});
    free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
    size = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (!a->top || a->top->size - a->top->used < size) {
        size_t room = size > CHUNK ? size : CHUNK;
        struct chunk *c = xmalloc(sizeof *c + room);
        *c = (struct chunk){.below = a->top, .size = room};
        a->top = c;
    }
    void *p = a->top->data + a->top->used;
    a->top->used += size;
    return memset(p, 0, size);
}

char *arena_copy(struct arena *a, const char *s, size_t n)
{
    return memcpy(arena_alloc(a, n + 1), s, n);
}

struct mark arena_mark(const struct arena *a)
{
    return (struct mark){a->top, a->top ? a->top->used : 0};
}

void arena_release(struct arena *a, struct mark m)
{
    while (a->top && a->top != m.chunk) {
        struct chunk *below = a->top->below;
        free(a->top);
        a->top = below;
    }
    if (a->top)
        a->top->used = m.used;
}

void buf_add(struct buf *b, const char *s, size_t n)
{
    if (b->room - b->len < n) {
        size_t room = (b->len + n) * 2 + 16;
        char *bigger = arena_alloc(b->arena, room);
        if (b->len > 0)
            memcpy(bigger, b->s, b->len);
        b->s = bigger;
        b->room = room;
    }
    if (n > 0)
        memcpy(b->s + b->len, s, n);
    b->len += n;
}

void buf_char(struct buf *b, char c)
{
    if (b->len < b->room)
        b->s[b->len++] = c;
    else
        buf_add(b, &c, 1);
}

void buf_text(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

char *buf_end(struct buf *b)
{
    buf_char(b, '\0');
    b->len--;
    return b->s;
}
