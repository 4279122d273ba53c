/*
 * proc.h: what /proc tells about processes, for ps, top, pidof, pgrep.
 */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
    pid_t pid, parent, group, session;
    uid_t user;
    int tty;                    /* device number, 0 if it has none */
    char state;
    long nice, threads;
    uint64_t ticks;             /* of processor time, user and system */
    uint64_t start;             /* ticks after boot */
    uint64_t size, resident;    /* bytes */
    char name[32];
    char *command;              /* with its arguments; [name] if it has none */
};

struct processes {
    struct process *v;
    int n;
};

/* All processes, in the order of their pids. Returns false after a warning if /proc is not there. */
bool read_processes(struct processes *list);
void free_processes(struct processes *list);

/* A number after a key such as "MemFree:" in a file of /proc; 0 if it is not there. */
uint64_t proc_number(const char *path, const char *key);
/* "tty" of a device number: a name below /dev, or "?". */
const char *tty_name(int device);

#endif
