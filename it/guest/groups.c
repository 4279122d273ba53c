// Process groups, sessions, orphans (man 2 setpgid, setsid; man 3 exit; man 2 prctl).
#include "check.h"
#include <sys/prctl.h>

static volatile int hup, cont;

static void note(int signal) {
    if (signal == SIGHUP) hup = 1;
    if (signal == SIGCONT) cont = 1;
}

// A pipe on which the children report in order.
static int report[2];

static void tell(char c) {
    write(report[1], &c, 1);
}

static char hear(void) {
    char c = '?';
    return read(report[0], &c, 1) == 1 ? c : '-';
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1) for (;;) pause();
    pipe(report);
    pid_t me = getpid();
    IS(getsid(0) == me);
    IS(getpgrp() == me);
    IS(getpgid(0) == me);
    TRY(setsid());
    TRY(setpgid(0, me));
    TRY(setpgid(0, 0));
    TRY(setpgid(0, -1));
    TRY(setpgid(999999, 0));
    TRY(setpgid(1, 0));
    TRY(getpgid(999999));
    TRY(getsid(999999));
    CHILD("child in the same group", (IS(getpgrp() == me), IS(getsid(0) == me), IS(getppid() == me)));
    CHILD("new group", (TRY(setpgid(0, 0)), IS(getpgrp() == getpid()), IS(getsid(0) == me), TRY(setpgid(0, me)), IS(getpgrp() == me)));
    CHILD("group that is not there", TRY(setpgid(0, 999999)));
    CHILD("new session", (OK(setsid()), IS(getsid(0) == getpid()), IS(getpgrp() == getpid()), TRY(setsid()), TRY(setpgid(0, 0))));
    CHILD("group of another session", (setsid(), ({
        pid_t grandchild = fork();
        if (grandchild == 0) pause_ms(30), _exit(0);
        TRY(setpgid(grandchild, me));
        reap(grandchild);
    })));
    pid_t child = fork();
    if (child == 0) execl("/proc/self/exe", "x", "wait", NULL), _exit(1);
    pause_ms(100);
    TRY(setpgid(child, child));
    kill(child, SIGKILL), reap(child);

    // kill of a group reaches each member, and -1 nobody outside the permitted.
    pid_t group = fork();
    if (group == 0) { setpgid(0, 0); for (int i = 0; i < 3; i++) if (fork() == 0) break; tell('r'); for (;;) pause(); }
    for (int i = 0; i < 4; i++) hear();
    TRY(kill(-group, 0));
    TRY(kill(-group, SIGKILL));
    say_status("leader", reap(group));
    TRY(kill(-999999, 0));

    // Orphans go to the nearest subreaper, else to init.
    CHILD("orphan", ({
        if (fork() == 0) {
            if (fork() == 0) { while (getppid() != 1) pause_ms(5); tell('1'); _exit(0); }
            _exit(0);
        }
        wait(NULL);
        say("parent of an orphan: %c", hear());
    }));
    CHILD("subreaper", ({
        TRY(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
        int on = 0;
        prctl(PR_GET_CHILD_SUBREAPER, &on, 0, 0, 0);
        say("is subreaper %d", on);
        pid_t reaper = getpid();
        pid_t first = fork();
        if (first == 0) {
            if (fork() == 0) { while (getppid() != reaper) pause_ms(5); _exit(6); }
            _exit(0);
        }
        int status;
        waitpid(first, &status, 0);
        wait(&status);
        say_status("adopted", status);
    }));
    CHILD("death signal", ({
        pid_t middle = fork();
        if (middle == 0) {
            if (fork() == 0) {
                signal(SIGHUP, note);
                prctl(PR_SET_PDEATHSIG, SIGHUP, 0, 0, 0);
                tell('s');
                for (int i = 0; i < 200 && !hup; i++) pause_ms(5);
                tell(hup ? 'h' : 'n');
                _exit(0);
            }
            hear();
            _exit(0);
        }
        reap(middle);
        say("PR_SET_PDEATHSIG: %c", hear());
    }));

    // A stopped group that becomes orphaned gets SIGHUP and SIGCONT.
    CHILD("orphaned group", ({
        setsid();
        pid_t middle = fork();
        if (middle == 0) {
            setpgid(0, 0);
            pid_t stopped = fork();
            if (stopped == 0) {
                signal(SIGHUP, note), signal(SIGCONT, note);
                tell('s');
                raise(SIGSTOP);
                for (int i = 0; i < 200 && !(hup && cont); i++) pause_ms(5);
                tell(hup && cont ? 'b' : hup ? 'h' : cont ? 'c' : 'n');
                // In an orphaned group the terminal's stop signals do nothing.
                raise(SIGTSTP);
                tell('t');
                _exit(0);
            }
            hear();
            waitpid(stopped, NULL, WUNTRACED);
            _exit(0);
        }
        reap(middle);
        say("signals: %c", hear());
        say("SIGTSTP: %c", hear());
    }));

    // A session leader's end does not touch the others when there is no terminal.
    CHILD("leader ends", ({
        pid_t leader = fork();
        if (leader == 0) {
            setsid();
            if (fork() == 0) { signal(SIGHUP, note); tell('g'); pause_ms(100); tell(hup ? 'h' : 'n'); _exit(0); }
            hear();
            _exit(0);
        }
        reap(leader);
        say("SIGHUP: %c", hear());
    }));
    TRY(open("/dev/tty", O_RDWR));
    return 0;
}
