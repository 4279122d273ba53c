/*
 * top.c: how busy the system is: top, free, uptime.
 */
#include "box.h"
#include "proc.h"

#include <err.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* ---- uptime ---- */

static void print_uptime(void)
{
    char *text = read_file("/proc/uptime", NULL), *load = read_file("/proc/loadavg", NULL);
    long seconds = text ? atol(text) : 0;
    double loads[3] = {0, 0, 0};
    time_t now = time(NULL);
    char clock[16];
    strftime(clock, sizeof clock, "%H:%M:%S", localtime(&now));
    if (load)
        sscanf(load, "%lf %lf %lf", &loads[0], &loads[1], &loads[2]);
    printf(" %s up ", clock);
    if (seconds >= 86400)
        printf("%ld day%s, ", seconds / 86400, seconds >= 172800 ? "s" : "");
    if (seconds >= 3600)
        printf("%2ld:%02ld", seconds / 3600 % 24, seconds / 60 % 60);
    else
        printf("%ld min", seconds / 60);
    printf(",  load average: %.2f, %.2f, %.2f\n", loads[0], loads[1], loads[2]);
    free(text);
    free(load);
}

int uptime_main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return usage("uptime");
    print_uptime();
    return 0;
}

/* ---- free ---- */

struct memory {
    uint64_t total, used, free, shared, cache, available, swap_total, swap_free;     /* KiB */
};

static struct memory read_memory(void)
{
    static const char file[] = "/proc/meminfo";
    struct memory m = {
        .total = proc_number(file, "MemTotal:"), .free = proc_number(file, "MemFree:"),
        .shared = proc_number(file, "Shmem:"), .available = proc_number(file, "MemAvailable:"),
        .cache = proc_number(file, "Buffers:") + proc_number(file, "Cached:") + proc_number(file, "SReclaimable:"),
        .swap_total = proc_number(file, "SwapTotal:"), .swap_free = proc_number(file, "SwapFree:"),
    };
    uint64_t unused = m.free + m.cache;
    m.used = m.total > unused ? m.total - unused : 0;
    return m;
}

static void print_sizes(const char *heading, const uint64_t *kib, int n, int unit)
{
    printf("%-6s", heading);
    for (int i = 0; i < n; i++) {
        char text[8];
        if (unit == 'h')
            printf(" %11s", human_size(kib[i] * 1024, text));
        else
            printf(" %11" PRIu64, unit == 'b' ? kib[i] * 1024 : unit == 'm' ? kib[i] / 1024
                                                        : unit == 'g' ? kib[i] / 1048576 : kib[i]);
    }
    putchar('\n');
}

int free_main(int argc, char **argv)
{
    int unit = 'k';
    for (int c; (c = getopt(argc, argv, "bkmgh")) != -1; unit = c)
        if (c == '?')
            return usage("free");
    struct memory m = read_memory();
    printf("%-6s %11s %11s %11s %11s %11s %11s\n", "", "total", "used", "free", "shared", "buff/cache", "available");
    print_sizes("Mem:", (uint64_t[]){m.total, m.used, m.free, m.shared, m.cache, m.available}, 6, unit);
    print_sizes("Swap:", (uint64_t[]){m.swap_total, m.swap_total - m.swap_free, m.swap_free}, 3, unit);
    return 0;
}

/* ---- top ---- */

/* What /proc/stat says of all processors together, in ticks. */
struct usage {
    uint64_t user, nice, system, idle, wait, irq, soft, stolen;
};

static struct usage read_usage(void)
{
    struct usage u = {0};
    char *text = read_file("/proc/stat", NULL);
    if (text)
        sscanf(text, "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
               " %" SCNu64, &u.user, &u.nice, &u.system, &u.idle, &u.wait, &u.irq, &u.soft, &u.stolen);
    free(text);
    return u;
}

/* One look at the system; two of them tell what happened between. */
struct snapshot {
    struct processes processes;
    struct usage usage;
    double when;                /* seconds */
};

static bool take_snapshot(struct snapshot *s)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    s->when = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    s->usage = read_usage();
    return read_processes(&s->processes);
}

static uint64_t ticks_before(const struct snapshot *s, const struct process *p)
{
    for (int i = 0; s && i < s->processes.n; i++)
        if (s->processes.v[i].pid == p->pid && s->processes.v[i].start == p->start)
            return s->processes.v[i].ticks;
    return 0;
}

static void print_processors(const struct usage *now, const struct usage *before)
{
    double d[] = {
        (double)(now->user - before->user), (double)(now->system - before->system),
        (double)(now->nice - before->nice), (double)(now->idle - before->idle), (double)(now->wait - before->wait),
        (double)(now->irq - before->irq), (double)(now->soft - before->soft), (double)(now->stolen - before->stolen),
    };
    static const char *const names[] = {"us", "sy", "ni", "id", "wa", "hi", "si", "st"};
    double all = 0;
    for (int i = 0; i < 8; i++)
        all += d[i];
    printf("%%Cpu(s):");
    for (int i = 0; i < 8; i++)
        printf(" %5.1f %s%s", all > 0 ? 100 * d[i] / all : 0.0, names[i], i < 7 ? "," : "\n");
}

static void print_summary(const struct snapshot *now, const struct snapshot *before)
{
    static const struct usage none;
    int running = 0, stopped = 0, zombies = 0, n = now->processes.n;
    for (int i = 0; i < n; i++) {
        char state = now->processes.v[i].state;
        running += state == 'R';
        stopped += state == 'T' || state == 't';
        zombies += state == 'Z';
    }
    printf("top -");
    print_uptime();
    printf("Tasks: %3d total, %3d running, %3d sleeping, %3d stopped, %3d zombie\n", n, running,
           n - running - stopped - zombies, stopped, zombies);
    print_processors(&now->usage, before ? &before->usage : &none);
    struct memory m = read_memory();
    printf("MiB Mem : %8.1f total, %8.1f free, %8.1f used, %8.1f buff/cache\n", (double)m.total / 1024,
           (double)m.free / 1024, (double)m.used / 1024, (double)m.cache / 1024);
}

struct row {
    const struct process *process;
    double share;               /* of one processor, percent */
};

static int by_share(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->share != y->share)
        return x->share < y->share ? 1 : -1;
    return x->process->pid - y->process->pid;
}

static void print_processes(const struct snapshot *now, const struct snapshot *before, int rows, int columns)
{
    double hz = (double)sysconf(_SC_CLK_TCK), passed = before ? now->when - before->when : 0;
    double memory = (double)proc_number("/proc/meminfo", "MemTotal:") * 1024;
    int n = now->processes.n;
    struct row row[n + 1];
    for (int i = 0; i < n; i++) {
        const struct process *p = &now->processes.v[i];
        double ticks = (double)(p->ticks - ticks_before(before, p));
        row[i] = (struct row){p, passed > 0 ? 100 * ticks / hz / passed : 0};
    }
    qsort(row, (size_t)n, sizeof *row, by_share);
    printf("\n%5s %-8s %3s %8s %8s %c %5s %5s %9s %s\n", "PID", "USER", "NI", "VIRT", "RES", 'S', "%CPU", "%MEM",
           "TIME+", "COMMAND");
    for (int i = 0; i < n && i < rows; i++) {
        const struct process *p = row[i].process;
        double seconds = (double)p->ticks / hz;
        printf("%5d %-8s %3ld %8" PRIu64 " %8" PRIu64 " %c %5.1f %5.1f %3d:%05.2f %.*s\n", (int)p->pid,
               user_name(p->user), p->nice, p->size / 1024, p->resident / 1024, p->state, row[i].share,
               memory > 0 ? 100 * (double)p->resident / memory : 0, (int)(seconds / 60),
               seconds - 60 * (int)(seconds / 60), columns > 63 ? columns - 63 : 1, p->command);
    }
}

/* Waits, and returns whether q or ^C asked for the end. */
static bool pause_for(double seconds, bool keys)
{
    struct pollfd p = {.fd = 0, .events = POLLIN};
    char c;
    if (!keys) {
        sleep_seconds(seconds);
        return false;
    }
    return poll(&p, 1, (int)(seconds * 1000)) > 0 && (read(0, &c, 1) <= 0 || c == 'q' || c == 3);
}

static void show(const struct snapshot *now, const struct snapshot *before, bool batch)
{
    struct winsize w = {.ws_row = 24, .ws_col = 80};
    if (!batch)
        ioctl(1, TIOCGWINSZ, &w);
    if (!batch)
        printf("\033[H\033[2J");
    print_summary(now, before);
    print_processes(now, before, batch || w.ws_row < 8 ? 1 << 20 : w.ws_row - 7, batch ? 512 : w.ws_col);
    if (batch)
        putchar('\n');
    fflush(stdout);
}

int top_main(int argc, char **argv)
{
    bool batch = false, first = true;
    long rounds = -1;
    double delay = 2;
    struct termios before_modes, raw;
    for (int c; (c = getopt(argc, argv, "bn:d:")) != -1;)
        switch (c) {
        case 'b': batch = true; break;
        case 'n': rounds = atol(optarg); break;
        case 'd':
            if (parse_seconds(optarg, &delay))
                break;
            return usage("top");
        default: return usage("top");
        }
    bool keys = !batch && tcgetattr(0, &before_modes) == 0;
    if (keys) {
        raw = before_modes;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
        tcsetattr(0, TCSADRAIN, &raw);
    }
    struct snapshot now, before = {0};
    bool ended = !take_snapshot(&before);
    ended = ended || pause_for(delay < 0.2 ? delay : 0.2, keys);
    while (!ended && rounds != 0) {
        if (!first && pause_for(delay, keys))
            break;
        first = false;
        if (!take_snapshot(&now))
            break;
        show(&now, &before, batch);
        free_processes(&before.processes);
        before = now;
        rounds -= rounds > 0;
    }
    free_processes(&before.processes);
    if (keys)
        tcsetattr(0, TCSADRAIN, &before_modes);
    return 0;
}
