// A syscall fuzzer: fuzz [SEED [SECONDS [FIRST [LAST]]]]. Calls every number from FIRST to LAST (0 to 462) with random
// and boundary arguments from children that are forked again when they die, every second one with several threads. The
// kernel must survive it: this program then ends with status 0 and "fuzz: survived". The same seed makes the same calls,
// in the same order per thread.
#include "check.h"
#include <pthread.h>
#include <sys/resource.h>

enum { THREADS = 3, CALLS = 400 };

static __thread uint64_t state;

static uint64_t next(void) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state * 0x2545F4914F6CDD1DUL;
}

static unsigned pick(unsigned n) {
    return (unsigned)(next() >> 33) % n;
}

// Shared with the children: what was tried last, and how often.
static struct shared { volatile long number, args[6]; volatile unsigned long calls, errors, nosys; } *shared;
static char *good, *readonly, *none, *edge, *hole;

// Calls that would end the run, or harm what is around it, for good and by right.
static int spared(long n, const uint64_t *a) {
    int signal = (int)(n == SYS_kill || n == SYS_tkill || n == SYS_rt_sigqueueinfo ? a[1] : a[2]);
    switch (n) {
        case SYS_exit: case SYS_exit_group: case SYS_reboot: case SYS_kexec_load: case 294: case SYS_swapoff: case SYS_swapon:
        case SYS_rt_sigreturn: case SYS_vhangup: case SYS_acct: case SYS_delete_module: case SYS_init_module: case SYS_finit_module:
        case SYS_chroot: case SYS_pivot_root: case SYS_umount2: case SYS_clock_settime: case SYS_settimeofday: case SYS_adjtimex:
        case SYS_clock_adjtime: case SYS_sethostname: case SYS_setdomainname: case SYS_syslog:
            return 1;
        // Only children of children may be signalled; a stop would look like a hang.
        case SYS_kill: case SYS_tkill: case SYS_rt_sigqueueinfo: case SYS_tgkill: case SYS_rt_tgsigqueueinfo: case SYS_pidfd_send_signal:
            return signal != 0;
        case SYS_ptrace: case SYS_process_madvise: case SYS_process_vm_writev: case SYS_prlimit64: case SYS_setrlimit:
        case SYS_setpriority: case SYS_sched_setscheduler: case SYS_sched_setparam: case SYS_sched_setattr: case SYS_setpgid: case SYS_setsid:
            return n == SYS_ptrace || (a[0] != 0 && (int)a[0] != getpid()) || n == SYS_setpriority;
        default:
            return 0;
    }
}

static uint64_t pointer(void) {
    switch (pick(12)) {
        case 0: return 0;
        case 1: return 8;
        case 2: return (uint64_t)hole + pick(4096);
        case 3: return 0xffffffff80000000UL + pick(1 << 20);
        case 4: return 1UL << (38 + pick(26));
        case 5: return (uint64_t)edge - pick(64);
        case 6: return (uint64_t)readonly + pick(4096);
        case 7: return (uint64_t)none + pick(4096);
        case 8: return UINT64_MAX - pick(16);
        case 9: return (uint64_t)good + 1 + pick(2000) * 2;
        default: return (uint64_t)good + pick(512) * 8;
    }
}

static uint64_t number(void) {
    static const uint64_t edges[] = {0, 1, 2, 3, 7, 8, 16, 63, 64, 65, 255, 256, 4095, 4096, 4097, 65536, 1 << 20, 0x7fffffff, 0x80000000,
        0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, (uint64_t)-1, (uint64_t)-2, (uint64_t)-4096, (uint64_t)-100};
    switch (pick(4)) {
        case 0: return edges[pick(sizeof edges / sizeof *edges)];
        case 1: return pick(12);
        case 2: return next() >> pick(64);
        default: return 1UL << pick(64);
    }
}

// Plausible content for structures that calls read: all of the page at first, then some words anew before each call.
static void fill(int words) {
    uint64_t *at = (uint64_t *)good;
    for (int i = 0, first = pick(512); i < words; i++) at[(first + i) % 512] = pick(3) ? (pick(2) ? pointer() : number()) : 0;
    if (pick(2)) strcpy(good, pick(2) ? "f" : pick(2) ? "d/../f" : "/proc/self/status");
    if (pick(16) == 0) memset(good, 'a' + pick(26), 4096);
}

static void call(long n) {
    uint64_t a[6];
    for (int i = 0; i < 6; i++) {
        unsigned kind = pick(8);
        a[i] = kind < 4 ? pointer() : kind < 6 ? number() : kind == 6 ? pick(10) : (uint64_t)-1 - pick(200);
    }
    if (pick(3) == 0) a[0] = 3 + pick(7);
    // Nothing outside the own corner is written to: names are relative or bad. Descriptors 0-2 stay as they are.
    if (n == SYS_close_range || n == SYS_dup3 || n == SYS_close) { if ((uint32_t)a[n == SYS_dup3] < 3) return; }
    if (n == SYS_kill) a[0] = 999999;
    if (spared(n, a)) return;
    // A call that would wait forever is cut short by the alarm of the child.
    shared->number = n;
    for (int i = 0; i < 6; i++) shared->args[i] = (long)a[i];
    long r = syscall(n, a[0], a[1], a[2], a[3], a[4], a[5]);
    shared->calls++;
    if (r == -1) shared->errors++, shared->nosys += errno == ENOSYS;
}

static long first_call, last_call;

static void sow(uint64_t seed) {
    state = seed | 1;
    for (int i = 0; i < 20; i++) next();
}

static void calls(void) {
    pid_t me = getpid();
    for (int i = 0; i < CALLS; i++) {
        fill(i == 0 ? 512 : 24);
        alarm(1);
        call(first_call + (long)pick((unsigned)(last_call - first_call + 1)));
        if (getpid() != me) _exit(0);
        struct sigaction action = {.sa_handler = SIG_DFL};
        sigaction(SIGALRM, &action, NULL);
        unsigned long unblocked = 0;
        syscall(SYS_rt_sigprocmask, SIG_SETMASK, &unblocked, NULL, 8);
    }
}

static void *beside(void *seed) {
    sow((uint64_t)seed);
    calls();
    return NULL;
}

static void play(uint64_t seed, int threads) {
    sow(seed);
    struct rlimit no_core = {0, 0}, files = {64, 64}, size = {1 << 20, 1 << 20}, memory = {64 << 20, 64 << 20};
    setrlimit(RLIMIT_CORE, &no_core), setrlimit(RLIMIT_NOFILE, &files), setrlimit(RLIMIT_FSIZE, &size), setrlimit(RLIMIT_AS, &memory);
    setpgid(0, 0);
    // The summary is not to be written over by what is tried.
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; i++) dup2(null, i);
    open("f", O_RDWR | O_CREAT, 0600), open("d", O_RDONLY), open("/dev/zero", O_RDONLY);
    int pair[2];
    pipe2(pair, O_NONBLOCK), open("/proc/self/stat", O_RDONLY);
    pthread_t thread;
    for (int i = 0; i < threads; i++) pthread_create(&thread, NULL, beside, (void *)(seed * 31 + (unsigned)i));
    calls();
    _exit(0);
}

static char *page(int prot) {
    return mmap(NULL, 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(int argc, char **argv) {
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    long seconds = argc > 2 ? atol(argv[2]) : 10, first = argc > 3 ? atol(argv[3]) : 0, last = argc > 4 ? atol(argv[4]) : 462;
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    readonly = page(PROT_READ), none = page(PROT_NONE);
    edge = (char *)mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) + 4096;
    munmap(edge, 4096), mmap(edge, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    good = page(PROT_READ | PROT_WRITE), hole = page(PROT_READ), munmap(hole, 4096);
    mkdir("fuzz", 0755), chdir("fuzz"), mkdir("d", 0755);
    handle(SIGHUP, SIG_IGN, 0), handle(SIGALRM, SIG_IGN, 0);
    first_call = first, last_call = last;
    printf("fuzz: seed %lu, %ld s, calls %ld to %ld\n", (unsigned long)seed, seconds, first, last);
    fflush(stdout);

    unsigned long children = 0, ended = 0, killed = 0, hung = 0, by[65] = {0};
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    while (ms_since(start) < seconds * 1000) {
        uint64_t own = seed * 1000003 + children++;
        pid_t child = fork();
        if (child < 0) { say("fuzz: fork: %s", name_of(errno)); pause_ms(100); continue; }
        if (child == 0) play(own, children % 2 ? THREADS : 0);
        int status = 0;
        struct timespec began;
        clock_gettime(CLOCK_MONOTONIC, &began);
        pid_t got;
        while ((got = waitpid(child, &status, WNOHANG | WUNTRACED)) == 0 && ms_since(began) < 5000) pause_ms(2);
        if (got == 0) say("fuzz: hung in call %ld(%lx, %lx, %lx, %lx, %lx, %lx)", shared->number, shared->args[0], shared->args[1],
            shared->args[2], shared->args[3], shared->args[4], shared->args[5]);
        if (got != child || WIFSTOPPED(status)) hung += got != child, kill(-child, SIGKILL), kill(child, SIGKILL), waitpid(child, &status, 0);
        kill(-child, SIGKILL);
        while (waitpid(-1, NULL, WNOHANG) > 0) { }
        if (WIFEXITED(status)) ended++;
        else if (WIFSIGNALED(status)) killed++, by[WTERMSIG(status)]++;
    }
    printf("fuzz: %lu children, %lu ended, %lu killed, %lu hung; %lu calls, %lu refused, %lu unknown\n", children, ended, killed, hung,
        shared->calls, shared->errors, shared->nosys);
    for (int i = 1; i < 65; i++) if (by[i]) printf("fuzz: killed by signal %d: %lu\n", i, by[i]);
    // The world still works: memory, files, processes, pipes.
    char *m = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(m, 1, 1 << 20);
    int p[2];
    char c = 0;
    pipe(p);
    pid_t child = fork();
    if (child == 0) write(p[1], "k", 1), _exit(3);
    read(p[0], &c, 1);
    int status = reap(child), file = open("after", O_RDWR | O_CREAT, 0600);
    if (c != 'k' || !WIFEXITED(status) || WEXITSTATUS(status) != 3 || write(file, "x", 1) != 1) return say("fuzz: damaged"), 1;
    say("fuzz: survived");
    return 0;
}
