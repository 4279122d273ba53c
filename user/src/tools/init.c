/*
 * init.c: the first process, and the commands that end the system.
 *
 * init mounts what a shell expects to find, starts one shell on the console (its own session, the
 * console its controlling terminal), and adopts orphans. The shell's status is the system's: when
 * it ends, init ends with the same status, and the kernel with it.
 */
#include "box.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ending;    /* the signal that asked for the end */

static void note_signal(int signal)
{
    if (signal != SIGCHLD)
        ending = signal;
}

/* Mounts a file system unless the directory is a mount point already. */
static void mount_on(const char *dir, const char *type, const char *options)
{
    struct stat here, above;
    mkdir(dir, 0755);
    if (stat(dir, &here) == 0 && stat("/", &above) == 0 && here.st_dev != above.st_dev)
        return;
    if (mount(type, dir, type, MS_NOSUID, options) < 0 && errno != EBUSY)
        warn("mount %s on %s", type, dir);
}

static void set_host_name(void)
{
    size_t size;
    char *name = read_file("/etc/hostname", &size);
    if (!name)
        return;
    size = strcspn(name, "\n");
    if (size > 0 && sethostname(name, size) < 0)
        warn("sethostname");
    free(name);
}

/* Standard input, output and error, if the kernel did not open them. */
static void open_console(void)
{
    while (fcntl(0, F_GETFD) < 0 || fcntl(1, F_GETFD) < 0 || fcntl(2, F_GETFD) < 0) {
        int fd = open("/dev/console", O_RDWR | O_NOCTTY);
        if (fd < 0 || fd > 2)
            return;
    }
}

/* Blocks the signals that matter to init, and has them noted; sigsuspend(2) lets them in. */
static void catch_signals(sigset_t *normal)
{
    static const int signals[] = {SIGCHLD, SIGTERM, SIGINT, SIGUSR1, SIGUSR2};
    struct sigaction action = {.sa_handler = note_signal};
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], &action, NULL);
        sigaddset(&blocked, signals[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, normal);
}

/* Starts a command as the leader of a session that has the console as its terminal. */
static pid_t start(const char *file, char **argv, const sigset_t *normal)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    sigprocmask(SIG_SETMASK, normal, NULL);
    setsid();
    ioctl(0, TIOCSCTTY, 1);     /* fails where the console is no terminal, and need not matter */
    if (chdir(getenv("HOME")) < 0 && chdir("/") < 0)
        warn("/");
    execvp(file, argv);
    warn("%s", file);
    _exit(127);
}

/* Tells every process to end, gives them a second, then makes them. */
static void end_processes(void)
{
    kill(-1, SIGTERM);
    kill(-1, SIGCONT);
    for (int tenth = 0; tenth < 10; tenth++) {
        pid_t pid;
        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
            continue;
        if (pid < 0)
            return;
        sleep_seconds(0.1);
    }
    kill(-1, SIGKILL);
}

/* SIGINT is what the console's ctrl-alt-del sends; SIGUSR1 asks for a halt, the others for power off. */
static int end_system(int signal)
{
    end_processes();
    sync();
    reboot(signal == SIGINT ? RB_AUTOBOOT : signal == SIGUSR1 ? RB_HALT_SYSTEM : RB_POWER_OFF);
    return 0;
}

/* Waits for the end of the shell; whoever else ends was an orphan. */
static int wait_for(pid_t shell, const sigset_t *normal)
{
    for (;;) {
        int status;
        pid_t pid;
        while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
            if (pid == shell)
                return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        if (ending)
            return end_system(ending);
        sigsuspend(normal);
    }
}

int init_main(int argc, char **argv)
{
    static char *shell[] = {"-sh", NULL};
    if (getpid() != 1) {
        warnx("must be the first process; see poweroff, reboot, halt");
        return 1;
    }
    mount_on("/dev", "devtmpfs", NULL);
    open_console();
    mount_on("/proc", "proc", NULL);
    mount_on("/tmp", "tmpfs", "mode=1777");
    set_host_name();
    setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 0);
    setenv("HOME", "/root", 0);
    setenv("USER", "root", 0);
    setenv("SHELL", "/bin/sh", 0);
    setenv("TERM", "linux", 0);
    sigset_t normal;
    catch_signals(&normal);
    pid_t pid = argc > 1 ? start(argv[1], argv + 1, &normal) : start("/bin/sh", shell, &normal);
    if (pid < 0)
        err(1, "fork");
    int status = wait_for(pid, &normal);
    sync();
    return status;
}

static int end_now(int how)
{
    sync();
    if (reboot(how) < 0)
        warn("reboot");
    return 1;
}

int poweroff_main(int argc, char **argv)
{
    (void)argv;
    return argc > 1 ? usage("poweroff") : end_now(RB_POWER_OFF);
}

int halt_main(int argc, char **argv)
{
    (void)argv;
    return argc > 1 ? usage("halt") : end_now(RB_HALT_SYSTEM);
}

int reboot_main(int argc, char **argv)
{
    (void)argv;
    return argc > 1 ? usage("reboot") : end_now(RB_AUTOBOOT);
}
