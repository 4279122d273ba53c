/*
 * edit.c: the line editor of an interactive shell, with a history.
 * The terminal is in raw mode only while a line is read. A line longer than the terminal is wide wraps.
 *
 * Keys: arrows, ^B ^F ^P ^N, Home, End, ^A ^E, Ctrl- or Alt-arrows and Alt-B Alt-F by words, Backspace, Delete, ^D,
 * ^W ^U ^K to delete, ^R to search the history for what is typed, ^L to clear, Tab to complete, ^C to give up.
 */
#include "sh.h"

#include "../box.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { HISTORY = 500 };

enum key {
    KEY_EOF = -1, CTRL_A = 1, CTRL_B, CTRL_C, CTRL_D, CTRL_E, CTRL_F, CTRL_H = 8, TAB = 9, NEWLINE = 10,
    CTRL_K = 11, CTRL_L = 12, RETURN = 13, CTRL_N = 14, CTRL_P = 16, CTRL_R = 18, CTRL_U = 21, CTRL_W = 23,
    ESCAPE = 27, BACKSPACE = 127,
    KEY_UP = 256, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END, KEY_DELETE, KEY_WORD_LEFT, KEY_WORD_RIGHT,
    KEY_NONE,
};

/* The line being edited. */
struct editor {
    const char *prompt;
    char *text;
    size_t len, cursor, room;
    int columns;
    int row;                    /* of the terminal's cursor, below the prompt's first */
    int recalled;               /* entry of the history shown; history_count: the line being typed */
    char *typed;                /* that line, while an entry is shown */
};

static char *history[HISTORY];
static int history_count;

/* ---- history ---- */

void history_add(const char *line)
{
    size_t n = strcspn(line, "\n");
    if (n == 0 || (history_count > 0 && strlen(history[history_count - 1]) == n
                   && strncmp(history[history_count - 1], line, n) == 0))
        return;
    if (history_count == HISTORY) {
        free(history[0]);
        memmove(history, history + 1, (HISTORY - 1) * sizeof *history);
        history_count--;
    }
    history[history_count++] = format("%.*s", (int)n, line);
}

int history_main(int argc, char **argv)
{
    int from = argc > 1 ? history_count - atoi(argv[1]) : 0;
    for (int i = from > 0 ? from : 0; i < history_count; i++)
        printf("%5d  %s\n", i + 1, history[i]);
    return 0;
}

/* ---- the terminal ---- */

static void put(const char *s, size_t n)
{
    while (n > 0) {
        ssize_t done = write(2, s, n);
        if (done < 0 && errno != EINTR)
            return;
        if (done > 0) {
            s += done;
            n -= (size_t)done;
        }
    }
}

static int width_of_terminal(void)
{
    struct winsize w;
    return ioctl(2, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 80;
}

static bool raw_mode(struct termios *before)
{
    struct termios raw;
    if (tcgetattr(0, before) < 0)
        return false;
    raw = *before;
    raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IXON);
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(0, TCSADRAIN, &raw) == 0;
}

static int read_byte(void)
{
    unsigned char c;
    for (;;) {
        ssize_t n = read(0, &c, 1);
        if (n == 1)
            return c;
        if (n == 0 || errno != EINTR)
            return KEY_EOF;
    }
}

/* ESC [ NUMBER ; NUMBER LETTER */
static int read_sequence(void)
{
    int c = read_byte(), numbers[2] = {0, 0}, n = 0;
    for (; (c >= '0' && c <= '9') || c == ';'; c = read_byte()) {
        if (c == ';')
            n = 1;
        else
            numbers[n] = numbers[n] * 10 + c - '0';
    }
    switch (c) {
    case 'A': return KEY_UP;
    case 'B': return KEY_DOWN;
    case 'C': return numbers[1] ? KEY_WORD_RIGHT : KEY_RIGHT;
    case 'D': return numbers[1] ? KEY_WORD_LEFT : KEY_LEFT;
    case 'H': return KEY_HOME;
    case 'F': return KEY_END;
    case '~':
        return numbers[0] == 1 || numbers[0] == 7 ? KEY_HOME
             : numbers[0] == 4 || numbers[0] == 8 ? KEY_END
             : numbers[0] == 3 ? KEY_DELETE : KEY_NONE;
    default: return KEY_NONE;
    }
}

/* The escape key alone means nothing here, so what follows it may take its time. */
static int read_key(void)
{
    int c = read_byte();
    if (c != ESCAPE)
        return c;
    c = read_byte();
    if (c == '[' || c == 'O')
        return read_sequence();
    return c == 'b' ? KEY_WORD_LEFT : c == 'f' ? KEY_WORD_RIGHT : KEY_NONE;
}

/* ---- showing the line ---- */

/* Columns that n bytes take: escape sequences and the tail bytes of UTF-8 take none. */
static int columns_of(const char *s, size_t n)
{
    int columns = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] == ESCAPE && i + 1 < n && s[i + 1] == '[') {
            for (i += 2; i < n && (s[i] < '@' || s[i] > '~'); i++)
                continue;
        } else if (((unsigned char)s[i] & 0xC0) != 0x80) {
            columns++;
        }
    }
    return columns;
}

/* The prompt's last line, which the text begins on. */
static const char *prompt_tail(const char *prompt)
{
    const char *newline = strrchr(prompt, '\n');
    return newline ? newline + 1 : prompt;
}

static void move_to(struct buf *out, int from_row, int row, int column)
{
    char code[32];
    if (row < from_row)
        buf_add(out, code, (size_t)snprintf(code, sizeof code, "\033[%dA", from_row - row));
    buf_char(out, '\r');
    if (column > 0)
        buf_add(out, code, (size_t)snprintf(code, sizeof code, "\033[%dC", column));
}

/* Writes the line again, in one write, and leaves the terminal's cursor where ours is. */
static void refresh(struct editor *e)
{
    struct arena *a = arena_new();
    struct buf out = {.arena = a};
    const char *prompt = prompt_tail(e->prompt);
    e->columns = width_of_terminal();
    int before = columns_of(prompt, strlen(prompt));
    int end = before + columns_of(e->text, e->len), cursor = before + columns_of(e->text, e->cursor);
    move_to(&out, e->row, 0, 0);
    buf_text(&out, "\033[J");
    buf_text(&out, prompt);
    buf_add(&out, e->text, e->len);
    if (end > 0 && end % e->columns == 0)
        buf_text(&out, "\r\n");         /* terminals wait with the wrap for the next character */
    move_to(&out, end / e->columns, cursor / e->columns, cursor % e->columns);
    e->row = cursor / e->columns;
    put(out.s, out.len);
    arena_drop(a);
}

/* ---- editing ---- */

static void insert(struct editor *e, const char *s, size_t n)
{
    if (e->len + n + 2 > e->room)
        e->text = xrealloc(e->text, e->room = (e->len + n + 2) * 2);
    memmove(e->text + e->cursor + n, e->text + e->cursor, e->len - e->cursor);
    memcpy(e->text + e->cursor, s, n);
    e->len += n;
    e->cursor += n;
}

/* A typed character at the end of a line that does not wrap is just written. */
static void insert_char(struct editor *e, char c)
{
    insert(e, &c, 1);
    const char *prompt = prompt_tail(e->prompt);
    int columns = columns_of(prompt, strlen(prompt)) + columns_of(e->text, e->len);
    if (e->cursor == e->len && columns < e->columns && (unsigned char)c < 0x80)
        put(&c, 1);
    else
        refresh(e);
}

static void delete_between(struct editor *e, size_t from, size_t to)
{
    memmove(e->text + from, e->text + to, e->len - to);
    e->len -= to - from;
    e->cursor = from;
    refresh(e);
}

static size_t left_of(const struct editor *e, size_t at)
{
    while (at > 0 && ((unsigned char)e->text[--at] & 0xC0) == 0x80)
        continue;
    return at;
}

static size_t right_of(const struct editor *e, size_t at)
{
    if (at < e->len)
        at++;
    while (at < e->len && ((unsigned char)e->text[at] & 0xC0) == 0x80)
        at++;
    return at;
}

static size_t word_left(const struct editor *e)
{
    size_t at = e->cursor;
    while (at > 0 && e->text[at - 1] == ' ')
        at--;
    while (at > 0 && e->text[at - 1] != ' ')
        at--;
    return at;
}

static size_t word_right(const struct editor *e)
{
    size_t at = e->cursor;
    while (at < e->len && e->text[at] == ' ')
        at++;
    while (at < e->len && e->text[at] != ' ')
        at++;
    return at;
}

static void move(struct editor *e, size_t to)
{
    e->cursor = to;
    refresh(e);
}

static void replace(struct editor *e, const char *text)
{
    e->len = e->cursor = 0;
    insert(e, text, strlen(text));
    refresh(e);
}

static void recall(struct editor *e, int step)
{
    int wanted = e->recalled + step;
    if (wanted < 0 || wanted > history_count)
        return;
    if (e->recalled == history_count) {
        free(e->typed);
        e->typed = format("%.*s", (int)e->len, e->text);
    }
    e->recalled = wanted;
    replace(e, wanted == history_count ? e->typed : history[wanted]);
}

/* ^R: the newest older entry that contains what is typed so far. */
static void search(struct editor *e)
{
    char *wanted = format("%.*s", (int)e->len, e->text);
    for (int i = e->recalled - 1; i >= 0; i--)
        if (strstr(history[i], wanted)) {
            recall(e, i - e->recalled);
            break;
        }
    free(wanted);
}

static size_t common_start(const struct completion *c)
{
    size_t n = strlen(c->words[0]);
    for (int i = 1; i < c->count; i++) {
        size_t same = 0;
        while (same < n && c->words[i][same] == c->words[0][same])
            same++;
        n = same;
    }
    return n;
}

static void list_completions(struct editor *e, const struct completion *c)
{
    size_t widest = 0, column = 0;
    for (int i = 0; i < c->count; i++)
        if (strlen(c->words[i]) > widest)
            widest = strlen(c->words[i]);
    put("\r\n", 2);
    for (int i = 0; i < c->count; i++) {
        char *cell = format("%-*s", (int)widest + 2, c->words[i]);
        if (column > 0 && column + widest + 2 > (size_t)e->columns) {
            put("\r\n", 2);
            column = 0;
        }
        put(cell, strlen(cell));
        column += widest + 2;
        free(cell);
    }
    put("\r\n", 2);
    e->row = 0;
    refresh(e);
}

static void complete_word(struct editor *e)
{
    struct completion c;
    char *line = format("%.*s", (int)e->len, e->text);
    complete(line, e->cursor, &c);
    free(line);
    if (c.count > 0) {
        size_t n = common_start(&c), have = e->cursor - c.start;
        const char *word = c.words[0];
        bool is_directory = n > 0 && word[n - 1] == '/';
        if (n > have || strncmp(word, e->text + c.start, n) != 0) {
            e->cursor = c.start;
            memmove(e->text + c.start, e->text + c.start + have, e->len - c.start - have);
            e->len -= have;
            insert(e, word, n);
        } else if (c.count > 1) {
            list_completions(e, &c);
        }
        if (c.count == 1 && !is_directory)
            insert(e, " ", 1);
        refresh(e);
    }
    completion_free(&c);
}

/* ---- the loop ---- */

enum outcome { EDITING, ACCEPTED, ABANDONED, ENDED };

static enum outcome handle(struct editor *e, int key)
{
    switch (key) {
    case KEY_EOF: return ENDED;
    case RETURN: case NEWLINE: return ACCEPTED;
    case CTRL_C: return ABANDONED;
    case CTRL_D:
        if (e->len == 0)
            return ENDED;
        delete_between(e, e->cursor, right_of(e, e->cursor));
        break;
    case KEY_DELETE: delete_between(e, e->cursor, right_of(e, e->cursor)); break;
    case BACKSPACE: case CTRL_H: delete_between(e, left_of(e, e->cursor), e->cursor); break;
    case CTRL_W: delete_between(e, word_left(e), e->cursor); break;
    case CTRL_U: delete_between(e, 0, e->cursor); break;
    case CTRL_K: delete_between(e, e->cursor, e->len); break;
    case CTRL_A: case KEY_HOME: move(e, 0); break;
    case CTRL_E: case KEY_END: move(e, e->len); break;
    case CTRL_B: case KEY_LEFT: move(e, left_of(e, e->cursor)); break;
    case CTRL_F: case KEY_RIGHT: move(e, right_of(e, e->cursor)); break;
    case KEY_WORD_LEFT: move(e, word_left(e)); break;
    case KEY_WORD_RIGHT: move(e, word_right(e)); break;
    case CTRL_P: case KEY_UP: recall(e, -1); break;
    case CTRL_N: case KEY_DOWN: recall(e, 1); break;
    case CTRL_R: search(e); break;
    case TAB: complete_word(e); break;
    case CTRL_L:
        put("\033[H\033[2J", 7);
        e->row = 0;
        refresh(e);
        break;
    default:
        if (key >= ' ' && key < 256)
            insert_char(e, (char)key);
    }
    return EDITING;
}

/* Without a terminal that can be raw: what is typed comes line by line. */
static char *plain_line(const char *prompt)
{
    size_t used = 0;
    char *line = xmalloc(1);
    put(prompt, strlen(prompt));
    for (int c; (c = read_byte()) != KEY_EOF;) {
        line = xrealloc(line, used + 2);
        line[used++] = (char)c;
        if (c == '\n')
            break;
    }
    line[used] = '\0';
    if (used > 0)
        return line;
    free(line);
    return NULL;
}

char *edit_line(const char *prompt)
{
    struct termios before;
    struct editor e = {.prompt = prompt, .recalled = history_count, .columns = width_of_terminal()};
    enum outcome outcome = EDITING;
    if (!raw_mode(&before))
        return plain_line(prompt);
    insert(&e, "", 0);
    put(prompt, (size_t)(prompt_tail(prompt) - prompt));
    refresh(&e);
    while (outcome == EDITING)
        outcome = handle(&e, read_key());
    move(&e, e.len);
    if (outcome == ABANDONED)
        put("^C", 2);
    if (outcome != ENDED)
        put("\r\n", 2);
    tcsetattr(0, TCSADRAIN, &before);
    free(e.typed);
    if (outcome == ACCEPTED) {
        memcpy(e.text + e.len, "\n", 2);
        history_add(e.text);
        return e.text;
    }
    free(e.text);
    if (outcome == ABANDONED)
        abort_command(130);
    return NULL;
}
