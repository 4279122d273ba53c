package vkernel.task;

/** Signal numbers and what they do by default (signal(7), riscv). */
public final class Signal {
    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGILL = 4;
    public static final int SIGTRAP = 5;
    public static final int SIGABRT = 6;
    public static final int SIGBUS = 7;
    public static final int SIGFPE = 8;
    public static final int SIGKILL = 9;
    public static final int SIGUSR1 = 10;
    public static final int SIGSEGV = 11;
    public static final int SIGUSR2 = 12;
    public static final int SIGPIPE = 13;
    public static final int SIGALRM = 14;
    public static final int SIGTERM = 15;
    public static final int SIGSTKFLT = 16;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGTSTP = 20;
    public static final int SIGTTIN = 21;
    public static final int SIGTTOU = 22;
    public static final int SIGURG = 23;
    public static final int SIGXCPU = 24;
    public static final int SIGXFSZ = 25;
    public static final int SIGVTALRM = 26;
    public static final int SIGPROF = 27;
    public static final int SIGWINCH = 28;
    public static final int SIGIO = 29;
    public static final int SIGPWR = 30;
    public static final int SIGSYS = 31;
    public static final int SIGRTMIN = 32;
    /** Highest number. */
    public static final int MAX = 64;

    /** What a signal does that has no handler. */
    public enum Default {
        TERMINATE,
        CORE,
        IGNORE,
        STOP,
        CONTINUE
    }

    /** The bit of a signal in a mask. */
    public static long bit(int signal) {
        return 1L << (signal - 1);
    }

    /** Signals that can be neither blocked, caught nor ignored. */
    public static final long UNBLOCKABLE = bit(SIGKILL) | bit(SIGSTOP);

    public static final long STOPS = bit(SIGSTOP) | bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU);

    /** Whether a number is that of a signal, or 0, which stands for none. */
    public static boolean valid(long number) {
        return number >= 0 && number <= MAX;
    }

    public static Default defaultAction(int signal) {
        return switch (signal) {
            case SIGCHLD, SIGURG, SIGWINCH -> Default.IGNORE;
            case SIGCONT -> Default.CONTINUE;
            case SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU -> Default.STOP;
            case SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS -> Default.CORE;
            default -> Default.TERMINATE;
        };
    }

    private Signal() {}
}
