/*
 * box.h: what every tool of the built-in userland shares.
 *
 * The userland is one program, /bin/box; each tool is a symbolic link to it, and main() picks the
 * tool by the name it was called by. tools.def is the list. A tool's main is an ordinary main():
 * it returns its exit status and complains through warn(3), which prefixes the tool's name.
 */
#ifndef BOX_H
#define BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

typedef int tool_main(int argc, char **argv);

struct tool {
    const char *name;
    tool_main *main;
    const char *synopsis;       /* what follows the name in a usage line */
};

extern const struct tool tools[];   /* ends with a null name */

#define TOOL(name, function, synopsis) tool_main function;
#include "tools.def"
#undef TOOL

const struct tool *find_tool(const char *name);

/* Prints the usage line of a tool on standard error. Returns 2, for `return usage(argv[0])`. */
int usage(const char *name);

/* Memory that is there, or the program ends. */
void *xmalloc(size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *s);
char *format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Opens a file for reading, "-" being standard input. Warns and returns NULL if it cannot. */
FILE *open_input(const char *name);

/* Calls work on each named file, or on standard input if none is named. Returns 0, or 1 if one failed. */
typedef int input_work(FILE *in, const char *name, void *context);
int each_input(char **names, input_work *work, void *context);

/* Copies what is left of one file to another. Returns 0, or -1 with errno set. */
int copy_fd(int in, int out);

/* Reads a file whole; the text ends with a NUL that size does not count. NULL with errno set if it cannot. */
char *read_fd(int fd, size_t *size);
char *read_file(const char *path, size_t *size);

/* The last part of a path ("/a/b/" gives "b"), in memory of its own; and a path below a directory. */
char *last_part(const char *path);
char *join_path(const char *dir, const char *name);

/* Names of /etc/passwd and /etc/group; an unknown number is returned in digits, in a static buffer. */
const char *user_name(uid_t uid);
const char *group_name(gid_t gid);
/* Numbers for a name or for digits; -1 if there is no such user or group. */
long user_number(const char *name);
long group_number(const char *name);

/* "drwxr-xr-x" of a mode. */
void mode_string(mode_t mode, char text[11]);
/* Applies a chmod(1) operand, octal or symbolic, to a mode. Returns -1 if it is malformed. */
int change_mode(const char *text, mode_t old, mode_t umask, mode_t *result);
/* A size for people: 1.5K, 12M. */
const char *human_size(uint64_t bytes, char text[8]);
/* Parses a whole string as a number, with a k, M or G suffix allowed. Returns false if it is none. */
bool parse_size(const char *text, long long *value);
/* Parses seconds with a fraction and a suffix of s, m, h or d. Returns false if it is none. */
bool parse_seconds(const char *text, double *seconds);
void sleep_seconds(double seconds);

/* Signals by name: number of "INT", "SIGINT" or "2" (-1 if none), name without SIG (NULL if none). */
int signal_number(const char *name);
const char *signal_name(int number);

#endif
