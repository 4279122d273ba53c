// Small calls about the process and the system: prctl, uname, sysinfo, limits, getrandom, affinity, priorities.
#include "check.h"
#include <sched.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/vfs.h>

int main(void) {
    struct utsname u;
    TRY(uname(&u));
    say("%s %s", u.sysname, u.machine);
    IS(u.release[0] >= '5' && u.release[0] <= '9' && strchr(u.release, '.'));
    TRY(syscall(SYS_uname, (void *)8));
    TRY(sethostname("conformance", 11));
    uname(&u), say("%s", u.nodename);
    TRY(sethostname("x", 65));
    struct sysinfo s;
    TRY(sysinfo(&s));
    IS(s.totalram > s.freeram && s.freeram > 0 && s.mem_unit >= 1 && s.procs > 0 && s.uptime >= 0);

    char name[17] = {0};
    TRY(prctl(PR_SET_NAME, "a name that is too long"));
    prctl(PR_GET_NAME, name), say("%s", name);
    TRY(prctl(PR_SET_NAME, (void *)8));
    TRY(prctl(PR_GET_DUMPABLE));
    TRY(prctl(PR_SET_DUMPABLE, 7));
    TRY(prctl(PR_GET_PDEATHSIG, name));
    TRY(prctl(PR_SET_PDEATHSIG, 100));
    TRY(prctl(PR_GET_KEEPCAPS));
    TRY(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    TRY(prctl(PR_GET_TIMERSLACK));
    TRY(prctl(PR_CAPBSET_READ, 0));
    TRY(prctl(PR_CAPBSET_READ, 99));
    TRY(prctl(12345));

    struct rlimit l;
    for (int i = 0; i < 16; i++) {
        if (getrlimit(i, &l)) say("limit %d: %s", i, name_of(errno));
        else if (l.rlim_cur > l.rlim_max) say("limit %d: soft above hard", i);
    }
    getrlimit(RLIMIT_STACK, &l), say("stack %ld", (long)l.rlim_cur);
    TRY(getrlimit(16, &l));
    l = (struct rlimit){10, 5};
    TRY(setrlimit(RLIMIT_NOFILE, &l));
    struct rlimit64 old, next = {100, 200};
    TRY(prlimit64(0, RLIMIT_NOFILE, &next, &old));
    TRY(prlimit64(getpid(), RLIMIT_NOFILE, NULL, &old));
    say("%lu %lu", old.rlim_cur, old.rlim_max);
    TRY(prlimit64(999999, RLIMIT_NOFILE, NULL, &old));
    next.rlim_max = 1 << 30;
    TRY(prlimit64(0, RLIMIT_NOFILE, &next, NULL));
    CHILD("inherited", (getrlimit(RLIMIT_NOFILE, &l), say("%lu", (unsigned long)l.rlim_cur)));
    CHILD("RLIMIT_CPU", ({ struct rlimit cpu = {1, 2}, core = {0, 0}; setrlimit(RLIMIT_CORE, &core); setrlimit(RLIMIT_CPU, &cpu); for (;;) { } }));

    unsigned char bytes[64] = {0}, more[64] = {0};
    TRY(getrandom(bytes, 64, 0));
    TRY(getrandom(more, 64, GRND_NONBLOCK));
    IS(memcmp(bytes, more, 64) != 0);
    TRY(getrandom(bytes, 0, 0));
    TRY(getrandom(bytes, 10, 0x100));
    TRY(getrandom(bytes, 10, GRND_RANDOM | 4));
    TRY(syscall(SYS_getrandom, (void *)8, 10, 0));
    TRY(syscall(SYS_getrandom, (void *)8, 0, 0));

    cpu_set_t set;
    IS(sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) >= 1);
    TRY(syscall(SYS_sched_getaffinity, 0, 4, &set));
    IS(syscall(SYS_sched_getaffinity, 0, sizeof set, &set) % 8 == 0);
    TRY(syscall(SYS_sched_getaffinity, 999999, sizeof set, &set));
    CPU_ZERO(&set);
    TRY(sched_setaffinity(0, sizeof set, &set));
    CPU_SET(0, &set);
    TRY(sched_setaffinity(0, sizeof set, &set));
    TRY(sched_getcpu());
    TRY(sched_yield());
    TRY(sched_getscheduler(0));
    TRY(sched_get_priority_max(SCHED_FIFO));
    TRY(sched_get_priority_min(SCHED_FIFO));
    TRY(sched_get_priority_max(SCHED_OTHER));
    TRY(sched_get_priority_max(99));
    struct sched_param param = {0};
    TRY(sched_setscheduler(0, SCHED_BATCH, &param));
    TRY(sched_getscheduler(0));
    param.sched_priority = 5;
    TRY(sched_setscheduler(0, SCHED_OTHER, &param));
    errno = 0;
    TRY(getpriority(PRIO_PROCESS, 0));
    TRY(setpriority(PRIO_PROCESS, 0, 100));
    TRY(getpriority(PRIO_PROCESS, 0));
    TRY(syscall(SYS_getpriority, PRIO_PROCESS, 0));
    TRY(setpriority(PRIO_PROCESS, 0, -5));
    TRY(getpriority(PRIO_PROCESS, 0));
    TRY(getpriority(PRIO_PROCESS, 999999));
    TRY(getpriority(9, 0));
    TRY(nice(3));
    CHILD("inherited", TRY(getpriority(PRIO_PROCESS, 0)));

    struct statfs f;
    TRY(statfs("/proc", &f));
    say("type %lx", (unsigned long)f.f_type);
    TRY(statfs("/tmp", &f));
    IS(f.f_blocks >= f.f_bfree && f.f_bfree >= f.f_bavail && f.f_bsize == 4096 && f.f_namelen == 255);
    TRY(statfs("/missing", &f));
    TRY(syscall(SYS_statfs, "/", (void *)8));
    TRY(syscall(SYS_getpid) == getpid());
    TRY(syscall(9999));
    TRY(syscall(-1));
    TRY(syscall(SYS_membarrier, 0, 0, 0) > 0);
    TRY(syscall(SYS_personality, 0xffffffff));
    return 0;
}
