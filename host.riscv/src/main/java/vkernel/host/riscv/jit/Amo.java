package vkernel.host.riscv.jit;

import vkernel.host.engine.Hart;
import vkernel.host.riscv.Memory;

/**
 * What generated code calls for the A extension, on host addresses that are aligned. Each is as strong as with aq and
 * rl. {@code sc} compares with what {@code lr} loaded, as the interpreter does.
 */
@SuppressWarnings("removal")
final class Amo {
    private static final sun.misc.Unsafe U = Memory.UNSAFE;

    private Amo() {}

    static long lrw(Hart hart, long va, long host) {
        hart.reservation = va;
        return hart.reservedValue = U.getIntVolatile(null, host);
    }

    static long lrd(Hart hart, long va, long host) {
        hart.reservation = va | 1;
        return hart.reservedValue = U.getLongVolatile(null, host);
    }

    /** 0 for success; it is known that the word is reserved. */
    static long scw(Hart hart, long host, long value) {
        hart.reservation = -1;
        return U.compareAndSwapInt(null, host, (int) hart.reservedValue, (int) value) ? 0 : 1;
    }

    static long scd(Hart hart, long host, long value) {
        hart.reservation = -1;
        return U.compareAndSwapLong(null, host, hart.reservedValue, value) ? 0 : 1;
    }

    static long swapw(long host, long value) {
        return U.getAndSetInt(null, host, (int) value);
    }

    static long swapd(long host, long value) {
        return U.getAndSetLong(null, host, value);
    }

    static long addw(long host, long value) {
        return U.getAndAddInt(null, host, (int) value);
    }

    static long addd(long host, long value) {
        return U.getAndAddLong(null, host, value);
    }

    static long xorw(long host, long value) {
        while (true) {
            int old = U.getIntVolatile(null, host);
            if (U.compareAndSwapInt(null, host, old, old ^ (int) value)) return old;
        }
    }

    static long xord(long host, long value) {
        while (true) {
            long old = U.getLongVolatile(null, host);
            if (U.compareAndSwapLong(null, host, old, old ^ value)) return old;
        }
    }

    static long andw(long host, long value) {
        while (true) {
            int old = U.getIntVolatile(null, host);
            if (U.compareAndSwapInt(null, host, old, old & (int) value)) return old;
        }
    }

    static long andd(long host, long value) {
        while (true) {
            long old = U.getLongVolatile(null, host);
            if (U.compareAndSwapLong(null, host, old, old & value)) return old;
        }
    }

    static long orw(long host, long value) {
        while (true) {
            int old = U.getIntVolatile(null, host);
            if (U.compareAndSwapInt(null, host, old, old | (int) value)) return old;
        }
    }

    static long ord(long host, long value) {
        while (true) {
            long old = U.getLongVolatile(null, host);
            if (U.compareAndSwapLong(null, host, old, old | value)) return old;
        }
    }

    static long minw(long host, long value) {
        while (true) {
            int old = U.getIntVolatile(null, host);
            int kept = old <= (int) value ? old : (int) value;
            if (U.compareAndSwapInt(null, host, old, kept)) return old;
        }
    }

    static long mind(long host, long value) {
        while (true) {
            long old = U.getLongVolatile(null, host);
            long kept = old <= value ? old : value;
            if (U.compareAndSwapLong(null, host, old, kept)) return old;
        }
    }

    static long maxw(long host, long value) {
        while (true) {
            int old = U.getIntVolatile(null, host);
            int kept = old >= (int) value ? old : (int) value;
            if (U.compareAndSwapInt(null, host, old, kept)) return old;
        }
    }

    static long maxd(long host, long value) {
        while (true) {
            long old = U.getLongVolatile(null, host);
            long kept = old >= value ? old : value;
            if (U.compareAndSwapLong(null, host, old, kept)) return old;
        }
    }

    static long minuw(long host, long value) {
        while (true) {
            int old = U.getIntVolatile(null, host);
            int kept = Integer.compareUnsigned(old, (int) value) <= 0 ? old : (int) value;
            if (U.compareAndSwapInt(null, host, old, kept)) return old;
        }
    }

    static long minud(long host, long value) {
        while (true) {
            long old = U.getLongVolatile(null, host);
            long kept = Long.compareUnsigned(old, value) <= 0 ? old : value;
            if (U.compareAndSwapLong(null, host, old, kept)) return old;
        }
    }

    static long maxuw(long host, long value) {
        while (true) {
            int old = U.getIntVolatile(null, host);
            int kept = Integer.compareUnsigned(old, (int) value) >= 0 ? old : (int) value;
            if (U.compareAndSwapInt(null, host, old, kept)) return old;
        }
    }

    static long maxud(long host, long value) {
        while (true) {
            long old = U.getLongVolatile(null, host);
            long kept = Long.compareUnsigned(old, value) >= 0 ? old : value;
            if (U.compareAndSwapLong(null, host, old, kept)) return old;
        }
    }
}
