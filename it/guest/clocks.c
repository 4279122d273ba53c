// Clocks, sleeping, timers: POSIX timers, interval timers, alarm, timerfd (man 2 clock_gettime, nanosleep, timer_settime).
#include "check.h"
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>

static volatile int ticks;

static void tick(int signal) {
    (void)signal;
    ticks++;
}

static void burn(long ms) {
    struct timespec t;
    do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); while (t.tv_sec * 1000 + t.tv_nsec / 1000000 < ms);
}

int main(void) {
    struct timespec t, start, left = {7, 7};
    int clocks[] = {0, 1, 2, 3, 4, 5, 6, 7, 11, 10, 12, -1};
    for (int i = 0; i < 12; i++) {
        long r = syscall(SYS_clock_gettime, clocks[i], &t);
        say("clock %d: %s", clocks[i], r ? name_of(errno) : "ok");
    }
    TRY(clock_getres(CLOCK_MONOTONIC, &t));
    say("resolution %ld.%09ld", t.tv_sec, t.tv_nsec);
    TRY(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, (void *)8));
    TRY(syscall(SYS_clock_getres, 99, NULL));
    TRY(syscall(SYS_clock_settime, CLOCK_MONOTONIC, &t));
    clock_gettime(CLOCK_REALTIME, &t);
    IS(t.tv_sec > 1600000000);

    clock_gettime(CLOCK_MONOTONIC, &start);
    TRY(nanosleep(&(struct timespec){0, 30000000}, &left));
    IS(ms_since(start) >= 30);
    say("left untouched %ld", left.tv_sec);
    TRY(nanosleep(&(struct timespec){0, 1000000000}, NULL));
    TRY(nanosleep(&(struct timespec){-1, 0}, NULL));
    TRY(nanosleep(&(struct timespec){0, -1}, NULL));
    TRY(nanosleep(&(struct timespec){0, 0}, NULL));
    TRY(syscall(SYS_nanosleep, (void *)8, NULL));
    TRY(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec){1, 0}, NULL));
    TRY(syscall(SYS_clock_nanosleep, 99, 0, &(struct timespec){0, 0}, NULL));
    TRY(syscall(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &(struct timespec){0, 0}, NULL));

    handle(SIGALRM, tick, 0), handle(SIGVTALRM, tick, 0), handle(SIGPROF, tick, 0), handle(SIGUSR1, tick, 0);
    TRY(alarm(100));
    TRY(alarm(0));
    TRY(alarm(0));
    struct itimerval every = {{0, 10000}, {0, 10000}}, got, off = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &every, NULL);
    while (ticks < 5) pause();
    TRY(getitimer(ITIMER_REAL, &got));
    say("interval %ld", (long)got.it_interval.tv_usec);
    IS(got.it_value.tv_usec <= 10000 && got.it_value.tv_sec == 0);
    setitimer(ITIMER_REAL, &off, &got);
    say("it was %ld", (long)got.it_interval.tv_usec);
    every.it_value.tv_usec = 1000000;
    TRY(setitimer(ITIMER_REAL, &every, NULL));
    TRY(setitimer(7, &off, NULL));
    CHILD("alarm is not inherited", (alarm(100), ({ CHILD("child", say("alarm %u", alarm(0))); }), alarm(0)));
    CHILD("nor handled by default", (signal(SIGALRM, SIG_DFL), setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 5000}}, NULL), pause()));
    ticks = 0;
    setitimer(ITIMER_VIRTUAL, &(struct itimerval){{0, 0}, {0, 20000}}, NULL);
    pause_ms(40);
    say("virtual timer while sleeping: %d", ticks);
    while (!ticks) { }
    setitimer(ITIMER_PROF, &(struct itimerval){{0, 0}, {0, 20000}}, NULL);
    while (ticks < 2) { }
    say("virtual and profiling timers fire while computing");

    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    TRY(timer_create(CLOCK_MONOTONIC, &event, &timer));
    struct itimerspec spec = {{0, 5000000}, {0, 5000000}}, now;
    ticks = 0;
    TRY(timer_settime(timer, 0, &spec, NULL));
    while (ticks < 3) pause_ms(1);
    TRY(timer_gettime(timer, &now));
    say("interval %ld", now.it_interval.tv_nsec);
    sigset_t set;
    sigemptyset(&set), sigaddset(&set, SIGUSR1), sigprocmask(SIG_BLOCK, &set, NULL);
    pause_ms(60);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    IS(timer_getoverrun(timer) >= 2);
    TRY(timer_delete(timer));
    TRY(syscall(SYS_timer_delete, 12345));
    TRY(syscall(SYS_timer_settime, 12345, 0, &spec, NULL));
    TRY(syscall(SYS_timer_create, 99, NULL, &timer));
    event.sigev_signo = 99;
    TRY(syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer));

    int fd = (int)OK(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    uint64_t n = 0;
    TRY(read(fd, &n, 8));
    spec = (struct itimerspec){{0, 0}, {0, 10000000}};
    TRY(timerfd_settime(fd, 0, &spec, NULL));
    pause_ms(30);
    TRY(read(fd, &n, 4));
    TRY(read(fd, &n, 8));
    say("expired %lu", (unsigned long)n);
    TRY(timerfd_gettime(fd, &now));
    say("then %ld", now.it_value.tv_nsec);
    spec = (struct itimerspec){{0, 1000000}, {0, 1}};
    timerfd_settime(fd, 0, &spec, NULL), pause_ms(20), read(fd, &n, 8);
    IS(n >= 10);
    TRY(timerfd_create(99, 0));
    TRY(timerfd_settime(0, 0, &spec, NULL));

    // Processor time: it grows with work, not with sleep; a child's is added when waited for.
    struct tms tms;
    struct rusage usage;
    burn(120);
    times(&tms), getrusage(RUSAGE_SELF, &usage);
    IS(tms.tms_utime + tms.tms_stime >= 10);
    IS(usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000 + usage.ru_stime.tv_sec * 1000 + usage.ru_stime.tv_usec / 1000 >= 100);
    struct timespec before, after;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before), pause_ms(60), clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    IS((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 < 40);
    IS(tms.tms_cutime + tms.tms_cstime < 100);
    pid_t child = fork();
    if (child == 0) burn(60), _exit(0);
    reap(child), times(&tms);
    IS(tms.tms_cutime + tms.tms_cstime >= 4);
    TRY(getrusage(5, &usage));
    getrusage(RUSAGE_THREAD, &usage);
    IS(usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec > 0);
    return 0;
}
