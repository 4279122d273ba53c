/*
 * names.c: names for numbers: users, groups, signals, file modes (box.h has the contracts).
 * /etc/passwd and /etc/group are read directly: libc's getpwnam(3) would load name service modules,
 * which a static program has not.
 */
#include "box.h"

#include <ctype.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Calls of these end with the entry found or NULL at the end of the file. */
static struct passwd *find_user(const char *name, uid_t uid)
{
    FILE *in = fopen("/etc/passwd", "re");
    struct passwd *p = NULL;
    while (in && (p = fgetpwent(in)))
        if (name ? strcmp(p->pw_name, name) == 0 : p->pw_uid == uid)
            break;
    if (in)
        fclose(in);
    return p;
}

static struct group *find_group(const char *name, gid_t gid)
{
    FILE *in = fopen("/etc/group", "re");
    struct group *g = NULL;
    while (in && (g = fgetgrent(in)))
        if (name ? strcmp(g->gr_name, name) == 0 : g->gr_gid == gid)
            break;
    if (in)
        fclose(in);
    return g;
}

const char *user_name(uid_t uid)
{
    static char text[32];
    static uid_t last;
    if (text[0] && last == uid)
        return text;
    struct passwd *p = find_user(NULL, uid);
    last = uid;
    if (p)
        snprintf(text, sizeof text, "%s", p->pw_name);
    else
        snprintf(text, sizeof text, "%u", uid);
    return text;
}

const char *group_name(gid_t gid)
{
    static char text[32];
    static gid_t last;
    if (text[0] && last == gid)
        return text;
    struct group *g = find_group(NULL, gid);
    last = gid;
    if (g)
        snprintf(text, sizeof text, "%s", g->gr_name);
    else
        snprintf(text, sizeof text, "%u", gid);
    return text;
}

static long digits(const char *s)
{
    char *end;
    long n = strtol(s, &end, 10);
    return isdigit((unsigned char)*s) && !*end ? n : -1;
}

long user_number(const char *name)
{
    struct passwd *p = find_user(name, 0);
    return p ? (long)p->pw_uid : digits(name);
}

long group_number(const char *name)
{
    struct group *g = find_group(name, 0);
    return g ? (long)g->gr_gid : digits(name);
}

static char type_letter(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFCHR: return 'c';
    case S_IFBLK: return 'b';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    default: return '-';
    }
}

void mode_string(mode_t mode, char text[11])
{
    text[0] = type_letter(mode);
    for (int i = 0; i < 9; i++)
        text[1 + i] = mode >> (8 - i) & 1 ? "rwx"[i % 3] : '-';
    if (mode & S_ISUID)
        text[3] = mode & S_IXUSR ? 's' : 'S';
    if (mode & S_ISGID)
        text[6] = mode & S_IXGRP ? 's' : 'S';
    if (mode & S_ISVTX)
        text[9] = mode & S_IXOTH ? 't' : 'T';
    text[10] = '\0';
}

static mode_t who_mask(const char **text)
{
    mode_t who = 0;
    for (;; (*text)++)
        switch (**text) {
        case 'u': who |= S_ISUID | S_IRWXU; break;
        case 'g': who |= S_ISGID | S_IRWXG; break;
        case 'o': who |= S_IRWXO; break;
        case 'a': who |= 07777; break;
        default: return who;
        }
}

static mode_t permission_bits(const char **text, mode_t old)
{
    mode_t bits = 0;
    for (;; (*text)++)
        switch (**text) {
        case 'r': bits |= 0444; break;
        case 'w': bits |= 0222; break;
        case 'x': bits |= 0111; break;
        case 'X': bits |= S_ISDIR(old) || (old & 0111) ? 0111 : 0; break;
        case 's': bits |= S_ISUID | S_ISGID; break;
        case 't': bits |= S_ISVTX; break;
        case 'u': bits |= (old >> 6 & 7) * 0111; break;
        case 'g': bits |= (old >> 3 & 7) * 0111; break;
        case 'o': bits |= (old & 7) * 0111; break;
        default: return bits;
        }
}

/* One clause: [ugoa]*([-+=][rwxXstugo]*)+ */
static int change_clause(const char **text, mode_t mask, mode_t *mode)
{
    mode_t who = who_mask(text);
    mode_t affected = who ? who | S_ISVTX : 07777 & ~mask;
    if (!**text || !strchr("+-=", **text))
        return -1;
    while (**text && strchr("+-=", **text)) {
        char op = *(*text)++;
        mode_t bits = permission_bits(text, *mode) & affected;
        if (op == '=')
            *mode &= ~((who ? who : 07777) & ~(S_ISDIR(*mode) ? S_ISUID | S_ISGID : 0));
        *mode = op == '-' ? *mode & ~bits : *mode | bits;
    }
    return 0;
}

int change_mode(const char *text, mode_t old, mode_t mask, mode_t *result)
{
    mode_t mode = old;
    if (isdigit((unsigned char)*text)) {
        char *end;
        unsigned long octal = strtoul(text, &end, 8);
        *result = octal;
        return *end || octal > 07777 ? -1 : 0;
    }
    for (;;) {
        if (change_clause(&text, mask, &mode) < 0)
            return -1;
        if (!*text)
            break;
        if (*text++ != ',')
            return -1;
    }
    *result = mode & 07777;
    return 0;
}

int signal_number(const char *name)
{
    if (isdigit((unsigned char)*name)) {
        long n = digits(name);
        return n >= 0 && n < NSIG ? (int)n : -1;
    }
    if (strncasecmp(name, "SIG", 3) == 0)
        name += 3;
    for (int i = 1; i < NSIG; i++)
        if (sigabbrev_np(i) && strcasecmp(sigabbrev_np(i), name) == 0)
            return i;
    return -1;
}

const char *signal_name(int number)
{
    return sigabbrev_np(number);
}
