package vkernel.guest.fs.ext;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian numbers in blocks. */
final class Le {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static int u8(byte[] from, int at) {
        return from[at] & 0xff;
    }

    static int u16(byte[] from, int at) {
        return (short) SHORT.get(from, at) & 0xffff;
    }

    static int i32(byte[] from, int at) {
        return (int) INT.get(from, at);
    }

    static long u32(byte[] from, int at) {
        return (int) INT.get(from, at) & 0xffff_ffffL;
    }

    static long i64(byte[] from, int at) {
        return (long) LONG.get(from, at);
    }

    static void put16(byte[] to, int at, int value) {
        SHORT.set(to, at, (short) value);
    }

    static void put32(byte[] to, int at, long value) {
        INT.set(to, at, (int) value);
    }

    static void put64(byte[] to, int at, long value) {
        LONG.set(to, at, value);
    }

    private Le() {}
}
