/*
 * system.c: what the system and the process are: uname, hostname, env, pwd, id, nproc, tty, sync.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
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
