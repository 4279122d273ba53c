/*
 * terminal.c: tools about the terminal: clear, reset, tty, stty, and the pager more (less).
 */
#include "box.h"

#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int clear_main(int argc, char **argv)
{
    (void)argc, (void)argv;
    fputs("\033[H\033[2J", stdout);
    return 0;
}

static void make_sane(struct termios *t)
{
    t->c_iflag = ICRNL | IXON;
    t->c_oflag = OPOST | ONLCR;
    t->c_cflag = (t->c_cflag & CBAUD) | CS8 | CREAD;
    t->c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
    t->c_cc[VINTR] = 3;
    t->c_cc[VQUIT] = 28;
    t->c_cc[VERASE] = 127;
    t->c_cc[VKILL] = 21;
    t->c_cc[VEOF] = 4;
    t->c_cc[VSUSP] = 26;
    t->c_cc[VSTART] = 17;
    t->c_cc[VSTOP] = 19;
    t->c_cc[VMIN] = 1;
    t->c_cc[VTIME] = 0;
}

int reset_main(int argc, char **argv)
{
    struct termios t;
    (void)argc, (void)argv;
    fputs("\033c", stdout);
    if (tcgetattr(0, &t) < 0)
        err(1, NULL);
    make_sane(&t);
    return tcsetattr(0, TCSADRAIN, &t) < 0;
}

int tty_main(int argc, char **argv)
{
    const char *name = ttyname(0);
    (void)argv;
    if (argc == 1)
        puts(name ? name : "not a tty");
    return !name;
}

/* ---- stty ---- */

static const struct mode {
    const char *name;
    char group;                 /* of c_iflag, c_oflag, c_lflag */
    tcflag_t bit;
} modes[] = {
    {"icrnl", 'i', ICRNL},   {"inlcr", 'i', INLCR},     {"igncr", 'i', IGNCR}, {"ixon", 'i', IXON},
    {"istrip", 'i', ISTRIP}, {"opost", 'o', OPOST},     {"onlcr", 'o', ONLCR}, {"isig", 'l', ISIG},
    {"icanon", 'l', ICANON}, {"iexten", 'l', IEXTEN},   {"echo", 'l', ECHO},   {"echoe", 'l', ECHOE},
    {"echok", 'l', ECHOK},   {"echoctl", 'l', ECHOCTL}, {"echoke", 'l', ECHOKE}, {"noflsh", 'l', NOFLSH},
    {"tostop", 'l', TOSTOP},
};

static const struct {
    const char *name;
    int index;
} characters[] = {
    {"intr", VINTR}, {"quit", VQUIT}, {"erase", VERASE}, {"kill", VKILL},
    {"eof", VEOF},   {"susp", VSUSP}, {"start", VSTART}, {"stop", VSTOP},
};

static tcflag_t *flags_of(struct termios *t, char group)
{
    return group == 'i' ? &t->c_iflag : group == 'o' ? &t->c_oflag : &t->c_lflag;
}

static void print_character(const char *name, unsigned char c)
{
    if (c == 127)
        printf("%s = ^?; ", name);
    else if (c < ' ')
        printf("%s = ^%c; ", name, c + '@');
    else
        printf("%s = %c; ", name, c);
}

static void print_modes(struct termios *t)
{
    struct winsize w = {0};
    ioctl(0, TIOCGWINSZ, &w);
    printf("rows %u; columns %u\n", w.ws_row, w.ws_col);
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
        print_character(characters[i].name, t->c_cc[characters[i].index]);
    putchar('\n');
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        printf("%s%s ", *flags_of(t, modes[i].group) & modes[i].bit ? "" : "-", modes[i].name);
    putchar('\n');
}

static bool set_mode(struct termios *t, const char *name)
{
    bool off = *name == '-';
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i].name, name + off) == 0) {
            tcflag_t *flags = flags_of(t, modes[i].group);
            *flags = off ? *flags & ~modes[i].bit : *flags | modes[i].bit;
            return true;
        }
    return false;
}

/* INTR ^C and the like. */
static bool set_character(struct termios *t, const char *name, const char *value)
{
    for (size_t i = 0; value && i < sizeof characters / sizeof *characters; i++)
        if (strcmp(characters[i].name, name) == 0) {
            int c = value[0] != '^' || !value[1] ? value[0] : value[1] == '?' ? 127 : toupper(value[1]) ^ '@';
            t->c_cc[characters[i].index] = (cc_t)c;
            return true;
        }
    return false;
}

static bool set_size(const char *name, const char *value)
{
    struct winsize w = {0};
    if (!value || (strcmp(name, "rows") != 0 && strcmp(name, "cols") != 0 && strcmp(name, "columns") != 0))
        return false;
    ioctl(0, TIOCGWINSZ, &w);
    if (*name == 'r')
        w.ws_row = (unsigned short)atoi(value);
    else
        w.ws_col = (unsigned short)atoi(value);
    return ioctl(0, TIOCSWINSZ, &w) == 0;
}

int stty_main(int argc, char **argv)
{
    struct termios t;
    struct winsize w = {0};
    if (tcgetattr(0, &t) < 0)
        err(1, NULL);
    if (argc == 1 || strcmp(argv[1], "-a") == 0) {
        print_modes(&t);
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(name, "size") == 0) {
            ioctl(0, TIOCGWINSZ, &w);
            printf("%u %u\n", w.ws_row, w.ws_col);
        } else if (strcmp(name, "sane") == 0 || strcmp(name, "-raw") == 0) {
            make_sane(&t);
        } else if (strcmp(name, "raw") == 0) {
            cfmakeraw(&t);
        } else if (set_character(&t, name, value) || set_size(name, value)) {
            i++;
        } else if (!set_mode(&t, name)) {
            errx(1, "%s: unknown", name);
        }
    }
    if (tcsetattr(0, TCSADRAIN, &t) < 0)
        err(1, NULL);
    return 0;
}

/* ---- more ---- */

/* A text, its lines, and what of it is on the screen. */
struct pager {
    char *text;
    char **lines;
    size_t count, top, rows, columns;
    int keys;                   /* descriptor of the terminal */
};

static void split_lines(struct pager *p, char *text)
{
    size_t room = 0;
    for (char *line; *text && (line = strsep(&text, "\n")) && (text || *line);) {
        if (p->count == room)
            p->lines = xrealloc(p->lines, (room = room * 2 + 256) * sizeof *p->lines);
        p->lines[p->count++] = line;
        if (!text)
            break;
    }
}

static void draw(struct pager *p)
{
    printf("\033[H\033[2J");
    for (size_t i = p->top; i < p->top + p->rows; i++)
        if (i < p->count)
            printf("%.*s\n", (int)p->columns, p->lines[i]);
        else
            puts("~");
    size_t shown = p->top + p->rows < p->count ? p->top + p->rows : p->count;
    printf("\033[7m%zu%%  space b up down / n g G q\033[0m", p->count ? shown * 100 / p->count : 100);
    fflush(stdout);
}

static int read_key(struct pager *p)
{
    char c;
    if (read(p->keys, &c, 1) != 1)
        return 'q';
    if (c != '\033')
        return c;
    if (read(p->keys, &c, 1) != 1 || (c != '[' && c != 'O') || read(p->keys, &c, 1) != 1)
        return 0;
    if (c == '5' || c == '6') {
        char tilde;
        return read(p->keys, &tilde, 1) == 1 && c == '5' ? 'b' : ' ';
    }
    return c == 'A' ? 'k' : c == 'B' ? 'j' : c == 'H' ? 'g' : c == 'F' ? 'G' : 0;
}

static void read_search(struct pager *p, char text[80])
{
    size_t n = 0;
    char c;
    printf("\r\033[K/");
    fflush(stdout);
    while (read(p->keys, &c, 1) == 1 && c != '\n' && c != '\r') {
        if ((c == 127 || c == 8) && n > 0) {
            n--;
            printf("\b \b");
        } else if (c >= ' ' && c != 127 && n < 79) {
            text[n++] = c;
            putchar(c);
        }
        fflush(stdout);
    }
    text[n] = '\0';
}

static void search(struct pager *p, const char *text)
{
    for (size_t i = p->top + 1; *text && i < p->count; i++)
        if (strstr(p->lines[i], text)) {
            p->top = i;
            return;
        }
}

static void scroll(struct pager *p, long by)
{
    size_t last = p->count > p->rows ? p->count - p->rows : 0;
    long top = (long)p->top + by;
    p->top = top < 0 ? 0 : (size_t)top > last ? last : (size_t)top;
}

static void page(struct pager *p)
{
    char wanted[80] = "";
    for (;;) {
        draw(p);
        switch (read_key(p)) {
        case 'q': case 3: return;
        case ' ': case 'f': scroll(p, (long)p->rows); break;
        case 'b': scroll(p, -(long)p->rows); break;
        case 'j': case '\n': case '\r': scroll(p, 1); break;
        case 'k': scroll(p, -1); break;
        case 'g': p->top = 0; break;
        case 'G': scroll(p, (long)p->count); break;
        case '/':
            read_search(p, wanted);
            search(p, wanted);
            break;
        case 'n': search(p, wanted); break;
        }
    }
}

static void page_text(char *text)
{
    struct pager p = {.text = text, .keys = open("/dev/tty", O_RDONLY)};
    struct winsize w = {0};
    struct termios before, raw;
    split_lines(&p, text);
    if (p.keys < 0 || tcgetattr(p.keys, &before) < 0)
        err(1, "/dev/tty");
    ioctl(1, TIOCGWINSZ, &w);
    p.rows = w.ws_row > 2 ? w.ws_row - 1u : 23;
    p.columns = w.ws_col > 0 ? w.ws_col : 80;
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    tcsetattr(p.keys, TCSADRAIN, &raw);
    page(&p);
    tcsetattr(p.keys, TCSADRAIN, &before);
    printf("\r\033[K");
    free(p.lines);
    close(p.keys);
}

static int more_file(FILE *in, const char *name, void *context)
{
    (void)context;
    char *text = read_fd(fileno(in), NULL);
    if (!text) {
        warn("%s", name);
        return 1;
    }
    if (isatty(1))
        page_text(text);
    else
        fputs(text, stdout);
    free(text);
    return 0;
}

int more_main(int argc, char **argv)
{
    return argc < 1 ? 2 : each_input(argv + 1, more_file, NULL);
}
