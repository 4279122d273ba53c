/*
 * system.c: what the system and the process are: uname, hostname, env, pwd, id, nproc, date, dmesg.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

int uname_main(int argc, char **argv)
{
    struct utsname u;
    bool s = false, n = false, r = false, v = false, m = false;
    for (int c; (c = getopt(argc, argv, "asnrvmpio")) != -1;)
        switch (c) {
        case 'a': s = n = r = v = m = true; break;
        case 's': case 'o': s = true; break;
        case 'n': n = true; break;
        case 'r': r = true; break;
        case 'v': v = true; break;
        case '?': return usage("uname");
        default: m = true;
        }
    if (uname(&u) < 0)
        err(1, NULL);
    s |= !n && !r && !v && !m;
    const char *const parts[] = {s ? u.sysname : NULL, n ? u.nodename : NULL, r ? u.release : NULL,
                                 v ? u.version : NULL, m ? u.machine : NULL};
    const char *between = "";
    for (int i = 0; i < 5; i++)
        if (parts[i]) {
            printf("%s%s", between, parts[i]);
            between = " ";
        }
    putchar('\n');
    return 0;
}

int env_main(int argc, char **argv)
{
    extern char **environ;
    for (int c; (c = getopt(argc, argv, "+iu:")) != -1;)
        switch (c) {
        case 'i': clearenv(); break;
        case 'u': unsetenv(optarg); break;
        default: return usage("env");
        }
    int i = optind;
    for (; i < argc && strchr(argv[i], '='); i++)
        putenv(argv[i]);
    if (i < argc) {
        execvp(argv[i], argv + i);
        warn("%s", argv[i]);
        return errno == ENOENT ? 127 : 126;
    }
    for (char **e = environ; e && *e; e++)
        puts(*e);
    return 0;
}

/* A builtin of the shell too: it must return, not exit. */
int pwd_main(int argc, char **argv)
{
    char path[PATH_MAX];
    (void)argc, (void)argv;
    if (!getcwd(path, sizeof path)) {
        warn(NULL);
        return 1;
    }
    puts(path);
    return 0;
}

int hostname_main(int argc, char **argv)
{
    char name[HOST_NAME_MAX + 1];
    if (argc > 2)
        return usage("hostname");
    if (argc == 2 && sethostname(argv[1], strlen(argv[1])) < 0)
        err(1, NULL);
    if (argc == 1 && gethostname(name, sizeof name) == 0)
        puts(name);
    return 0;
}

int id_main(int argc, char **argv)
{
    bool user = false, group = false, all = false, names = false;
    for (int c; (c = getopt(argc, argv, "ugnG")) != -1;)
        switch (c) {
        case 'u': user = true; break;
        case 'g': group = true; break;
        case 'G': all = true; break;
        case 'n': names = true; break;
        default: return usage("id");
        }
    uid_t uid = geteuid();
    gid_t gid = getegid(), groups[64];
    int n = getgroups(64, groups);
    if (user || group) {
        if (names)
            puts(user ? user_name(uid) : group_name(gid));
        else
            printf("%u\n", user ? uid : gid);
        return 0;
    }
    if (!all)
        printf("uid=%u(%s) gid=%u(%s) groups=", uid, user_name(uid), gid, group_name(gid));
    if (n < 1)
        groups[0] = gid, n = 1;
    for (int i = 0; i < n; i++) {
        printf("%s", i == 0 ? "" : all ? " " : ",");
        if (all && names)
            printf("%s", group_name(groups[i]));
        else if (all)
            printf("%u", groups[i]);
        else
            printf("%u(%s)", groups[i], group_name(groups[i]));
    }
    putchar('\n');
    return 0;
}

int whoami_main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return usage("whoami");
    puts(user_name(geteuid()));
    return 0;
}

int nproc_main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return usage("nproc");
    printf("%ld\n", sysconf(_SC_NPROCESSORS_ONLN));
    return 0;
}

/* @SECONDS, or what strptime makes of the usual forms. */
static bool parse_date(const char *text, time_t *when)
{
    static const char *const formats[] = {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
                                          "%H:%M:%S", "%H:%M"};
    char *end;
    if (*text == '@') {
        *when = strtoll(text + 1, &end, 10);
        return end > text + 1 && !*end;
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct tm tm = *localtime(when);
        if (i < 4)
            tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
        const char *rest = strptime(text, formats[i], &tm);
        if (rest && !*rest) {
            *when = mktime(&tm);
            return true;
        }
    }
    return false;
}

static int set_date(time_t when)
{
    struct timespec t = {.tv_sec = when};
    if (clock_settime(CLOCK_REALTIME, &t) == 0)
        return 0;
    warn(NULL);
    return 1;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

int date_main(int argc, char **argv)
{
    const char *fmt = "%a %b %e %H:%M:%S %Z %Y";
    bool set = false;
    time_t when = time(NULL);
    char text[256];
    for (int c; (c = getopt(argc, argv, "ud:s:R")) != -1;)
        switch (c) {
        case 'u': setenv("TZ", "UTC", 1); break;
        case 'R': fmt = "%a, %d %b %Y %H:%M:%S %z"; break;
        case 's': case 'd':
            set = c == 's';
            if (!parse_date(optarg, &when))
                errx(1, "%s: not a date", optarg);
            break;
        default: return usage("date");
        }
    if (set)
        return set_date(when);
    if (optind < argc && argv[optind][0] != '+')
        return usage("date");
    if (optind < argc)
        fmt = argv[optind] + 1;
    size_t n = strftime(text, sizeof text, fmt, localtime(&when));
    printf("%.*s\n", (int)n, text);
    return 0;
}

#pragma GCC diagnostic pop

/* Prints the kernel's log; each line begins "<priority>", which is not shown. */
static void print_log(const char *text, size_t size)
{
    bool at_start = true;
    for (size_t i = 0; i < size; i++) {
        const char *end = at_start && text[i] == '<' ? memchr(text + i, '>', size - i) : NULL;
        if (end)
            i = (size_t)(end - text) + 1;
        if (i < size)
            putchar(text[i]);
        at_start = i < size && text[i] == '\n';
    }
}

int dmesg_main(int argc, char **argv)
{
    bool clear = false;
    for (int c; (c = getopt(argc, argv, "c")) != -1;) {
        if (c == '?')
            return usage("dmesg");
        clear = true;
    }
    int size = klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0);
    if (size < 0)
        err(1, NULL);
    char *text = xmalloc((size_t)size);
    int n = klogctl(clear ? 4 : 3 /* SYSLOG_ACTION_READ_CLEAR, _READ_ALL */, text, size);
    if (n < 0)
        err(1, NULL);
    print_log(text, (size_t)n);
    free(text);
    return 0;
}
