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
