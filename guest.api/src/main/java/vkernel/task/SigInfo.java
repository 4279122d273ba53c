package vkernel.task;

/**
 * A signal with what is told of it (siginfo_t).
 *
 * @param signal number
 * @param code SI_USER 0, SI_KERNEL 0x80, SI_QUEUE -1, SI_TIMER -2, SI_TKILL -6, or a signal's own (CLD_*, SEGV_*)
 * @param pid sender or child; timer: its id
 * @param uid sender's or child's real uid; timer: overruns
 * @param value SI_QUEUE, timer: sigval; SIGCHLD: status
 * @param address faults: the address; SI_QUEUE and what else a program sends: si_errno
 */
public record SigInfo(int signal, int code, int pid, int uid, long value, long address) {
    public static final int SI_USER = 0;
    public static final int SI_KERNEL = 0x80;
    public static final int SI_QUEUE = -1;
    public static final int SI_TIMER = -2;
    public static final int SI_TKILL = -6;
    public static final int CLD_EXITED = 1;
    public static final int CLD_KILLED = 2;
    public static final int CLD_DUMPED = 3;
    public static final int CLD_TRAPPED = 4;
    public static final int CLD_STOPPED = 5;
    public static final int CLD_CONTINUED = 6;
    public static final int SEGV_MAPERR = 1;
    public static final int SEGV_ACCERR = 2;
    public static final int BUS_ADRALN = 1;
    public static final int BUS_ADRERR = 2;
    public static final int ILL_ILLOPC = 1;
    public static final int TRAP_BRKPT = 1;

    /** From the kernel, without details. */
    public static SigInfo kernel(int signal) {
        return new SigInfo(signal, SI_KERNEL, 0, 0, 0, 0);
    }

    /** From a process by kill(2). */
    public static SigInfo user(int signal, int pid, int uid) {
        return new SigInfo(signal, SI_USER, pid, uid, 0, 0);
    }

    /** Something has happened to a file (fcntl(2) F_SETSIG). @param band events as of poll(2) */
    public static SigInfo poll(int signal, int code, long band, int fd) {
        return new SigInfo(signal, code, (int) band, 0, fd, 0);
    }

    /** A fault at an address. */
    public static SigInfo fault(int signal, int code, long address) {
        return new SigInfo(signal, code, 0, 0, 0, address);
    }
}
