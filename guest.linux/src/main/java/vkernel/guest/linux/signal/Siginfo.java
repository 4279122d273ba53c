package vkernel.guest.linux.signal;

import vkernel.guest.linux.user.Le;
import vkernel.task.SigInfo;
import vkernel.task.Signal;

/** siginfo_t as bytes: number at 0, code at 8, then by kind at 16 (asm-generic/siginfo.h). */
public final class Siginfo {
    public static final int SIZE = 128;

    private static final long FAULTS = Signal.bit(Signal.SIGSEGV)
            | Signal.bit(Signal.SIGBUS)
            | Signal.bit(Signal.SIGILL)
            | Signal.bit(Signal.SIGFPE)
            | Signal.bit(Signal.SIGTRAP);

    /** Whether it tells of an address rather than of a sender. */
    static boolean fault(SigInfo info) {
        return (FAULTS & Signal.bit(info.signal())) != 0 && info.code() > 0 && info.code() < SigInfo.SI_KERNEL;
    }

    /** Writes all {@link #SIZE} bytes. */
    public static void encode(SigInfo info, byte[] to, int at) {
        java.util.Arrays.fill(to, at, at + SIZE, (byte) 0);
        Le.put32(to, at, info.signal());
        Le.put32(to, at + 8, info.code());
        if (fault(info)) {
            Le.put64(to, at + 16, info.address());
            return;
        }
        if (info.code() < 0) {
            Le.put32(to, at + 4, (int) info.address());
        }
        // what a file tells begins with a long of events, of which no bit is in the upper half
        Le.put32(to, at + 16, info.pid());
        Le.put32(to, at + 20, info.uid());
        Le.put64(to, at + 24, info.value());
    }

    /** struct signalfd_siginfo, 128 bytes (signalfd(2)). */
    public static void encodeForSignalfd(SigInfo info, byte[] to) {
        java.util.Arrays.fill(to, (byte) 0);
        Le.put32(to, 0, info.signal());
        Le.put32(to, 8, info.code());
        if (fault(info)) {
            Le.put64(to, 72, info.address());
            return;
        }
        if (info.code() == SigInfo.SI_TIMER) {
            Le.put32(to, 24, info.pid());
            Le.put32(to, 32, info.uid());
        } else {
            Le.put32(to, 12, info.pid());
            Le.put32(to, 16, info.uid());
        }
        if (info.code() >= 0) {
            Le.put32(to, 40, (int) info.value());
        } else {
            Le.put32(to, 4, (int) info.address());
            Le.put32(to, 44, (int) info.value());
            Le.put64(to, 48, info.value());
        }
    }

    /** Reads what sigqueue(3) sends. */
    public static SigInfo decode(int signal, byte[] from) {
        return new SigInfo(
                signal, Le.i32(from, 8), Le.i32(from, 16), Le.i32(from, 20), Le.i64(from, 24), Le.i32(from, 4));
    }

    private Siginfo() {}
}
