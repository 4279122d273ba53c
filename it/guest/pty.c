// Pseudo-terminals (man 7 pty, man 4 pts, man 2 ioctl_tty): job control, hang-up, sizes, packets.
#include "check.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>

static volatile int winch, hup;
static void on_winch(int s) { (void)s; winch++; }
static void on_hup(int s) { (void)s; hup++; }

static void show(const char *text, int fd) {
    char b[256];
    ssize_t n = read(fd, b, sizeof b);
    if (n < 0) { say("%s: %s", text, name_of(errno)); return; }
    printf("%s: %zd ", text, n);
    for (ssize_t i = 0; i < n; i++) {
        if (b[i] >= ' ' && b[i] < 127) putchar(b[i]);
        else printf("\\%03o", b[i] & 255);
    }
    putchar('\n');
    fflush(stdout);
}

// Waits for what the child prints to say that it has got there; prints nothing, as the child prints meanwhile.
static void until(int fd, const char *token) {
    char b[256] = {0};
    size_t n = 0;
    while (n < sizeof b - 1 && !strstr(b, token)) {
        ssize_t more = read(fd, b + n, 1);
        if (more <= 0) { say("no %s: %s", token, name_of(errno)); return; }
        n += more;
    }
}

static void poll_of(const char *text, int fd) {
    struct pollfd p = {fd, POLLIN | POLLOUT | POLLPRI, 0};
    poll(&p, 1, 0);
    say("%s: %x", text, p.revents & 0xff);
}

static int master(char *name) {
    int m = open("/dev/ptmx", O_RDWR | O_NOCTTY), zero = 0, n = -1;
    ioctl(m, TIOCGPTN, &n);
    sprintf(name, "/dev/pts/%d", n);
    ioctl(m, TIOCSPTLCK, &zero);
    return m;
}

int main(void) {
    char name[32], b[64];
    struct stat st;
    int m = open("/dev/ptmx", O_RDWR | O_NOCTTY), n = -1, on = 1, off = 0;
    IS(m >= 0);
    TRY(ioctl(m, TIOCGPTN, &n));
    sprintf(name, "/dev/pts/%d", n);
    TRY(open(name, O_RDWR | O_NOCTTY));
    TRY(ioctl(m, TIOCGPTLCK, &n)); say("locked %d", n);
    TRY(ioctl(m, TIOCSPTLCK, &off));
    TRY(ioctl(m, TIOCSPTLCK, NULL));
    TRY(ioctl(m, TIOCGPTLCK, &n)); say("locked %d", n);
    poll_of("before it is open", m);
    int s = open(name, O_RDWR | O_NOCTTY);
    TRY(fstat(s, &st));
    say("mode %o major %d", st.st_mode & S_IFMT, (int)(st.st_rdev >> 8) & 0xfff);
    IS(isatty(m)); IS(isatty(s));
    IS(strcmp(ttyname(s), name) == 0);
    TRY(ioctl(s, TIOCGPTN, &n));
    TRY(ioctl(s, TIOCPKT, &on));
    TRY(lseek(m, 0, SEEK_SET));

    // typed, edited, echoed; printed
    TRY(write(m, "ab\177c\n", 5));
    show("line", s);
    show("echo", m);
    TRY(write(s, "x\ny", 3));
    poll_of("printed", m);
    TRY(ioctl(m, FIONREAD, &n)); say("waiting %d", n);
    show("printed", m);
    TRY(write(m, "part", 4));
    poll_of("no line yet", s);
    TRY(write(m, "\4", 1));
    poll_of("a line", s);
    show("part", s);
    TRY(write(m, "\4", 1));
    show("end of file", s);
    show("its echo", m);

    // the settings are the terminal's, whichever end is asked
    struct termios t;
    TRY(tcgetattr(m, &t));
    say("%o %o %o %o", t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag);
    cfmakeraw(&t);
    TRY(tcsetattr(s, TCSANOW, &t));
    TRY(write(m, "raw\r", 4));
    show("raw", s);
    fcntl(m, F_SETFL, O_NONBLOCK);
    show("nothing is echoed", m);
    TRY(tcgetattr(m, &t)); say("%o", t.c_lflag & (ICANON | ECHO | ISIG));
    t.c_lflag |= ICANON | ECHO | ISIG; t.c_oflag |= OPOST | ONLCR; t.c_iflag |= ICRNL;
    TRY(tcsetattr(m, TCSANOW, &t));

    // packets
    TRY(ioctl(m, TIOCPKT, &on));
    TRY(ioctl(m, TIOCGPKT, &n)); say("packets %d", n);
    TRY(write(s, "data", 4));
    show("packet", m);
    TRY(tcflush(s, TCIFLUSH));
    poll_of("news", m);
    show("flushed", m);
    TRY(ioctl(m, TIOCPKT, &off));

    // sizes
    struct winsize w = {24, 80, 0, 0}, got = {0};
    TRY(ioctl(m, TIOCSWINSZ, &w));
    TRY(ioctl(s, TIOCGWINSZ, &got)); say("%d x %d", got.ws_row, got.ws_col);
    TRY(ioctl(m, TIOCSWINSZ, NULL));

    // a session takes it: job control, sizes, the last close
    fcntl(m, F_SETFL, 0);
    TRY(ioctl(m, TIOCGSID, &n));
    pid_t child = fork();
    if (child == 0) {
        handle(SIGWINCH, on_winch, 0);
        handle(SIGHUP, on_hup, 0);
        close(m);
        setsid();
        TRY(open("/dev/tty", O_RDWR));
        TRY(ioctl(s, TIOCSCTTY, 0));
        IS(tcgetpgrp(s) == getpid());
        IS(tcgetsid(s) == getpid());
        int tty = open("/dev/tty", O_RDWR);
        IS(tty >= 0);
        IS(isatty(tty));
        write(tty, "go", 2);
        while (!winch) pause_ms(5);
        say("resized");
        CHILD("a background reader", { setpgid(0, 0); signal(SIGTTIN, SIG_IGN); TRY(read(s, b, 1)); });
        pid_t job = fork();
        if (job == 0) { setpgid(0, 0); pause(); _exit(0); }
        setpgid(job, job);
        signal(SIGTTOU, SIG_IGN);
        TRY(tcsetpgrp(s, job));
        write(tty, "on", 2);
        int status;
        waitpid(job, &status, WUNTRACED);
        say_status("the job", status);
        kill(job, SIGCONT);
        write(tty, "ly", 2);
        waitpid(job, &status, 0);
        say_status("the job", status);
        TRY(tcsetpgrp(s, getpid()));
        write(tty, "ok", 2);
        while (!hup) pause_ms(5);
        say("hung up");
        TRY(read(s, b, 1));
        TRY(write(s, "x", 1));
        TRY(ioctl(s, TIOCGWINSZ, &got));
        poll_of("hung up", s);
        TRY(open("/dev/tty", O_RDWR));
        _exit(3);
    }
    close(s);
    until(m, "go");
    IS(ioctl(m, TIOCGSID, &n) == 0 && n == child);
    w.ws_row = 30;
    ioctl(m, TIOCSWINSZ, &w);
    until(m, "on");
    write(m, "\32", 1);
    until(m, "ly");
    write(m, "\3", 1);
    until(m, "ok");
    close(m);
    say_status("the session", reap(child));

    // nobody at the terminal any more
    m = master(name);
    s = open(name, O_RDWR | O_NOCTTY);
    write(s, "last", 4);
    close(s);
    poll_of("closed", m);
    show("what was left", m);
    show("then", m);
    s = open(name, O_RDWR | O_NOCTTY);
    IS(s >= 0);
    poll_of("open again", m);
    int p = ioctl(m, TIOCGPTPEER, O_RDWR | O_NOCTTY);
    IS(p >= 0 && strcmp(ttyname(p), name) == 0);
    close(m);
    TRY(open(name, O_RDWR | O_NOCTTY));
    TRY(write(s, "x", 1));
    return 0;
}
