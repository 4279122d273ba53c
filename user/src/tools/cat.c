/*
 * cat.c: tools that show a file from one end or the other: cat, head, tail, tee, tac, rev.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int number_lines(FILE *in, const char *name, void *context)
{
    long *number = context;
    bool at_start = true;
    (void)name;
    for (int c; (c = getc(in)) != EOF; at_start = c == '\n') {
        if (at_start)
            printf("%6ld\t", ++*number);
        putchar(c);
    }
    return 0;
}

static int copy_plain(const char *name)
{
    int fd = strcmp(name, "-") == 0 ? 0 : open(name, O_RDONLY);
    int failed = fd < 0 || copy_fd(fd, 1) < 0;
    if (failed)
        warn("%s", name);
    if (fd > 0)
        close(fd);
    return failed;
}

int cat_main(int argc, char **argv)
{
    bool numbers = false;
    long number = 0;
    int failed = 0;
    for (int c; (c = getopt(argc, argv, "nu")) != -1;) {
        if (c == '?')
            return usage("cat");
        numbers |= c == 'n';
    }
    if (numbers)
        return each_input(argv + optind, number_lines, &number);
    if (optind == argc)
        return copy_plain("-");
    for (int i = optind; i < argc; i++)
        failed |= copy_plain(argv[i]);
    return failed;
}

/* What of a file is wanted: so many lines or bytes of it, from which end. */
struct part {
    long long count;
    bool bytes, from_start;     /* from_start: tail -n +N */
    bool headers;
    int shown;
};

static void header(struct part *p, const char *name)
{
    if (p->headers)
        printf("%s==> %s <==\n", p->shown++ ? "\n" : "", strcmp(name, "-") == 0 ? "standard input" : name);
}

static int head_file(FILE *in, const char *name, void *context)
{
    struct part *p = context;
    header(p, name);
    long long left = p->count;
    for (int c; left > 0 && (c = getc(in)) != EOF;) {
        putchar(c);
        left -= p->bytes || c == '\n';
    }
    return 0;
}

/* -n N, -c N, or the old -N. Returns false after a usage message. */
static bool parse_part(int argc, char **argv, struct part *p, const char *letters, bool *follow)
{
    if (argc > 1 && argv[1][0] == '-' && strchr("0123456789", argv[1][1]) && argv[1][1]) {
        p->count = atoll(argv[1] + 1);
        optind = 2;
    }
    for (int c; (c = getopt(argc, argv, letters)) != -1;)
        switch (c) {
        case 'c': case 'n':
            p->bytes = c == 'c';
            p->from_start = *optarg == '+';
            if (!parse_size(optarg, &p->count)) {
                warnx("%s: not a number", optarg);
                return false;
            }
            break;
        case 'f': *follow = true; break;
        case 'q': p->headers = false; break;
        default:
            usage(argv[0]);
            return false;
        }
    if (p->count < 0)
        p->count = -p->count;
    p->headers = argc - optind > 1;
    return true;
}

int head_main(int argc, char **argv)
{
    struct part p = {.count = 10};
    bool follow;
    if (!parse_part(argc, argv, &p, "n:c:q", &follow))
        return 2;
    return each_input(argv + optind, head_file, &p);
}

/* ---- tail ---- */

/* The last lines or bytes of a text. */
static void print_end(const char *text, size_t size, const struct part *p)
{
    size_t from = size;
    if (p->bytes) {
        from = size > (size_t)p->count ? size - (size_t)p->count : 0;
    } else {
        long long lines = p->count;
        if (lines > 0 && size > 0)
            from--;             /* the newline at the very end begins no line */
        while (from > 0 && lines > 0 && (text[from - 1] != '\n' || --lines > 0))
            from--;
        from = p->count == 0 ? size : from;
    }
    fwrite(text + from, 1, size - from, stdout);
}

/* From line or byte number p->count on. */
static void print_from(const char *text, size_t size, const struct part *p)
{
    size_t from = 0;
    long long skip = p->count > 0 ? p->count - 1 : 0;
    for (; from < size && skip > 0; from++)
        skip -= p->bytes || text[from] == '\n';
    fwrite(text + from, 1, size - from, stdout);
}

static int tail_file(FILE *in, const char *name, void *context)
{
    struct part *p = context;
    size_t size;
    header(p, name);
    char *text = read_fd(fileno(in), &size);
    if (!text) {
        warn("%s", name);
        return 1;
    }
    if (p->from_start)
        print_from(text, size, p);
    else
        print_end(text, size, p);
    free(text);
    return 0;
}

/* Shows what is added to a file, for ever. A file that shrank is shown from its start. */
static int follow_file(const char *name)
{
    int fd = open(name, O_RDONLY);
    off_t at = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    struct stat s;
    while (at >= 0 && fstat(fd, &s) == 0) {
        if (s.st_size < at)
            lseek(fd, 0, SEEK_SET);
        if (copy_fd(fd, 1) < 0)
            break;
        at = lseek(fd, 0, SEEK_CUR);
        sleep_seconds(0.3);
    }
    warn("%s", name);
    return 1;
}

int tail_main(int argc, char **argv)
{
    struct part p = {.count = 10};
    bool follow = false;
    if (!parse_part(argc, argv, &p, "n:c:qf", &follow))
        return 2;
    int failed = each_input(argv + optind, tail_file, &p);
    fflush(stdout);
    return follow && optind < argc ? follow_file(argv[argc - 1]) : failed;
}

/* ---- tee, tac, rev ---- */

int tee_main(int argc, char **argv)
{
    int how = O_TRUNC, failed = 0;
    for (int c; (c = getopt(argc, argv, "ai")) != -1;) {
        if (c == '?')
            return usage("tee");
        how = c == 'a' ? O_APPEND : how;
    }
    int count = argc - optind + 1, fds[count];
    fds[0] = 1;
    for (int i = 1; i < count; i++)
        if ((fds[i] = open(argv[optind + i - 1], O_WRONLY | O_CREAT | how, 0666)) < 0) {
            warn("%s", argv[optind + i - 1]);
            failed = 1;
        }
    char block[4096];
    for (ssize_t n; (n = read(0, block, sizeof block)) > 0;)
        for (int i = 0; i < count; i++)
            if (fds[i] >= 0 && write(fds[i], block, (size_t)n) < 0)
                failed = 1;
    return failed;
}

static int tac_file(FILE *in, const char *name, void *context)
{
    size_t size;
    char *text = read_fd(fileno(in), &size);
    (void)name, (void)context;
    if (!text)
        return 1;
    for (size_t end = size; end > 0;) {
        size_t start = end - 1;
        while (start > 0 && text[start - 1] != '\n')
            start--;
        fwrite(text + start, 1, end - start, stdout);
        end = start;
    }
    free(text);
    return 0;
}

int tac_main(int argc, char **argv)
{
    return argc < 1 ? 2 : each_input(argv + 1, tac_file, NULL);
}

static int rev_file(FILE *in, const char *name, void *context)
{
    char *line = NULL;
    size_t room = 0;
    (void)name, (void)context;
    for (ssize_t n; (n = getline(&line, &room, in)) > 0;) {
        bool newline = line[n - 1] == '\n';
        for (ssize_t i = n - newline; i > 0; i--)
            putchar(line[i - 1]);
        if (newline)
            putchar('\n');
    }
    free(line);
    return 0;
}

int rev_main(int argc, char **argv)
{
    return argc < 1 ? 2 : each_input(argv + 1, rev_file, NULL);
}
