/*
 * bytes.c: tools that look at bytes: hexdump (xxd), cmp, strings, sha256sum.
 */
#include "box.h"

#include <ctype.h>
#include <err.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* ---- hexdump ---- */

struct dump {
    unsigned long long at, left;
};

static void print_dump_line(unsigned long long at, const unsigned char *p, size_t n)
{
    printf("%08llx ", at);
    for (size_t i = 0; i < 16; i++) {
        if (i == 8)
            putchar(' ');
        if (i < n)
            printf(" %02x", p[i]);
        else
            printf("   ");
    }
    printf("  |");
    for (size_t i = 0; i < n; i++)
        putchar(p[i] >= ' ' && p[i] < 127 ? p[i] : '.');
    puts("|");
}

static int dump_file(FILE *in, const char *name, void *context)
{
    struct dump *d = context;
    unsigned char line[16], last[16];
    bool has_last = false, starred = false;
    (void)name;
    while (d->left > 0) {
        size_t n = fread(line, 1, d->left < 16 ? (size_t)d->left : 16, in);
        if (n == 0)
            break;
        if (n == 16 && has_last && memcmp(line, last, 16) == 0) {
            if (!starred)
                puts("*");
            starred = true;
        } else {
            print_dump_line(d->at, line, n);
            starred = false;
        }
        memcpy(last, line, 16);
        has_last = n == 16;
        d->at += n;
        d->left -= n;
    }
    return 0;
}

/* As `hexdump -C`; repeated lines are a star. */
int hexdump_main(int argc, char **argv)
{
    struct dump d = {.left = ~0ull};
    for (int c; (c = getopt(argc, argv, "Cn:")) != -1;) {
        if (c == '?')
            return usage("hexdump");
        if (c == 'n')
            d.left = strtoull(optarg, NULL, 0);
    }
    int failed = each_input(argv + optind, dump_file, &d);
    if (d.at > 0)
        printf("%08llx\n", d.at);
    return failed;
}

/* ---- cmp ---- */

int cmp_main(int argc, char **argv)
{
    bool silent = false, all = false, differ = false;
    for (int c; (c = getopt(argc, argv, "sl")) != -1;) {
        if (c == '?')
            return usage("cmp");
        silent |= c == 's';
        all |= c == 'l';
    }
    if (argc - optind != 2)
        return usage("cmp");
    const char *names[] = {argv[optind], argv[optind + 1]};
    FILE *a = open_input(names[0]), *b = open_input(names[1]);
    if (!a || !b)
        return 2;
    for (unsigned long long byte = 1, line = 1;; byte++) {
        int x = getc(a), y = getc(b);
        if (x == EOF && y == EOF)
            return differ;
        if (x == EOF || y == EOF) {
            if (!silent)
                fprintf(stderr, "cmp: EOF on %s after byte %llu\n", names[x == EOF ? 0 : 1], byte - 1);
            return 1;
        }
        if (x != y) {
            differ = true;
            if (!silent && all)
                printf("%llu %3o %3o\n", byte, (unsigned)x, (unsigned)y);
            else if (!silent)
                printf("%s %s differ: char %llu, line %llu\n", names[0], names[1], byte, line);
            if (!all)
                return 1;
        }
        line += x == '\n';
    }
}

/* ---- strings ---- */

static int strings_file(FILE *in, const char *name, void *context)
{
    size_t least = *(size_t *)context, n = 0, room = 256;
    char *text = xmalloc(room);
    (void)name;
    for (int c = 0; c != EOF;) {
        c = getc(in);
        if (c != EOF && (isprint(c) || c == '\t')) {
            if (n + 1 >= room)
                text = xrealloc(text, room *= 2);
            text[n++] = (char)c;
            continue;
        }
        if (n >= least)
            printf("%.*s\n", (int)n, text);
        n = 0;
    }
    free(text);
    return 0;
}

int strings_main(int argc, char **argv)
{
    size_t least = 4;
    for (int c; (c = getopt(argc, argv, "n:a")) != -1;) {
        if (c == '?')
            return usage("strings");
        if (c == 'n')
            least = (size_t)atol(optarg);
    }
    return each_input(argv + optind, strings_file, &least);
}

/* ---- sha256sum (FIPS 180-4) ---- */

struct sha256 {
    uint32_t h[8];
    uint64_t bytes;
    unsigned char block[64];
};

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

/* The first 32 bits of the fractional parts of a root of the first primes (4.2.2, 5.3.3). */
static void round_constants(uint32_t k[64], uint32_t h[8])
{
    static const unsigned char primes[64] = {
        2,   3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,  73,  79,
        83,  89,  97,  101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193,
        197, 199, 211, 223, 227, 229, 233, 239, 241, 251, 1,   7,   13,  15,  21,  25,  27,  37,  51,  55};
    for (int i = 0; i < 64; i++) {
        unsigned __int128 p = i < 54 ? primes[i] : 256u + primes[i], cube = 0, square = 0;
        for (int bit = 34; bit >= 0; bit--) {       /* the cube root of p, times 2^32 */
            unsigned __int128 c = cube | (unsigned __int128)1 << bit;
            if (c * c * c <= p << 96)
                cube = c;
        }
        for (int bit = 36; bit >= 0; bit--) {       /* the square root of p, times 2^32 */
            unsigned __int128 s = square | (unsigned __int128)1 << bit;
            if (s * s <= p << 64)
                square = s;
        }
        k[i] = (uint32_t)cube;
        if (i < 8)
            h[i] = (uint32_t)square;
    }
}

static uint32_t constants[64], initial[8];

static void sha256_block(struct sha256 *s)
{
    uint32_t w[64], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)s->block[i * 4] << 24 | (uint32_t)s->block[i * 4 + 1] << 16
             | (uint32_t)s->block[i * 4 + 2] << 8 | s->block[i * 4 + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    memcpy(v, s->h, sizeof v);
    for (int i = 0; i < 64; i++) {
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        uint32_t t = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) + choice + constants[i] + w[i];
        uint32_t u = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) + majority;
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t;
        v[0] = t + u;
    }
    for (int i = 0; i < 8; i++)
        s->h[i] += v[i];
}

static int sha256_file(FILE *in, const char *name, void *context)
{
    struct sha256 s = {.bytes = 0};
    size_t n;
    (void)context;
    memcpy(s.h, initial, sizeof s.h);
    while ((n = fread(s.block, 1, 64, in)) == 64) {
        s.bytes += 64;
        sha256_block(&s);
    }
    s.bytes += n;
    s.block[n++] = 0x80;
    if (n > 56) {
        memset(s.block + n, 0, 64 - n);
        sha256_block(&s);
        n = 0;
    }
    memset(s.block + n, 0, 56 - n);
    for (int i = 0; i < 8; i++)
        s.block[56 + i] = (unsigned char)(s.bytes * 8 >> (56 - 8 * i));
    sha256_block(&s);
    for (int i = 0; i < 8; i++)
        printf("%08x", s.h[i]);
    printf("  %s\n", name);
    return 0;
}

int sha256sum_main(int argc, char **argv)
{
    round_constants(constants, initial);
    return argc < 1 ? 2 : each_input(argv + 1, sha256_file, NULL);
}
