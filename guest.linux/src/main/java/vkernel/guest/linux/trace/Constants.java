package vkernel.guest.linux.trace;

import java.util.Map;
import vkernel.task.Signal;

/** Names of numbers in arguments. */
final class Constants {
    private static final String[] CLOCKS = {
        "CLOCK_REALTIME", "CLOCK_MONOTONIC", "CLOCK_PROCESS_CPUTIME_ID", "CLOCK_THREAD_CPUTIME_ID",
        "CLOCK_MONOTONIC_RAW", "CLOCK_REALTIME_COARSE", "CLOCK_MONOTONIC_COARSE", "CLOCK_BOOTTIME"
    };
    private static final String[] HOW = {"SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"};
    private static final String[] WHENCE = {"SEEK_SET", "SEEK_CUR", "SEEK_END", "SEEK_DATA", "SEEK_HOLE"};
    private static final String[] FUTEX = {
        "FUTEX_WAIT",
        "FUTEX_WAKE",
        "FUTEX_FD",
        "FUTEX_REQUEUE",
        "FUTEX_CMP_REQUEUE",
        "FUTEX_WAKE_OP",
        "FUTEX_LOCK_PI",
        "FUTEX_UNLOCK_PI",
        "FUTEX_TRYLOCK_PI",
        "FUTEX_WAIT_BITSET",
        "FUTEX_WAKE_BITSET"
    };
    private static final Map<Integer, String> FCNTL = Map.ofEntries(
            Map.entry(0, "F_DUPFD"),
            Map.entry(1, "F_GETFD"),
            Map.entry(2, "F_SETFD"),
            Map.entry(3, "F_GETFL"),
            Map.entry(4, "F_SETFL"),
            Map.entry(5, "F_GETLK"),
            Map.entry(6, "F_SETLK"),
            Map.entry(7, "F_SETLKW"),
            Map.entry(8, "F_SETOWN"),
            Map.entry(9, "F_GETOWN"),
            Map.entry(1030, "F_DUPFD_CLOEXEC"),
            Map.entry(1031, "F_SETPIPE_SZ"),
            Map.entry(1032, "F_GETPIPE_SZ"));
    private static final String[] SIGNALS = signals();

    private static String[] signals() {
        String[] names = new String[Signal.MAX + 1];
        for (var field : Signal.class.getFields()) {
            if (field.getName().startsWith("SIG") && field.getType() == int.class) {
                try {
                    names[field.getInt(null)] = field.getName();
                } catch (IllegalAccessException e) {
                    throw new ExceptionInInitializerError(e);
                }
            }
        }
        return names;
    }

    static String signal(int signal) {
        if (signal > Signal.SIGRTMIN && signal <= Signal.MAX) {
            return "SIGRT_" + (signal - Signal.SIGRTMIN);
        }
        return name(SIGNALS, signal);
    }

    static String clock(int clock) {
        return name(CLOCKS, clock);
    }

    static String how(int how) {
        return name(HOW, how);
    }

    static String whence(int whence) {
        return name(WHENCE, whence);
    }

    static String fcntl(int command) {
        return FCNTL.getOrDefault(command, Integer.toString(command));
    }

    static String futex(int op) {
        String name = name(FUTEX, op & 0x7f);
        return name + ((op & 0x80) != 0 ? "_PRIVATE" : "") + ((op & 0x100) != 0 ? "|FUTEX_CLOCK_REALTIME" : "");
    }

    private static String name(String[] names, int index) {
        return index >= 0 && index < names.length && names[index] != null ? names[index] : Integer.toString(index);
    }

    private Constants() {}
}
