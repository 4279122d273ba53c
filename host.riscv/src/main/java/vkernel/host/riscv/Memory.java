package vkernel.host.riscv;

import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;

/**
 * Raw access to host addresses that a TLB or an Mmu gave, and to arrays by byte offset: nothing is checked here.
 * Numbers need no alignment, except for the atomic operations; the guest's order of bytes is taken to be the host's.
 *
 * <p>This is the one place that asks for {@link sun.misc.Unsafe}: with memory segments and checked arrays the
 * interpreter runs at two thirds of the speed. {@link Loop} uses {@link #UNSAFE} itself, because a call of a method
 * of ours may stay a call.
 */
@SuppressWarnings("removal")
public final class Memory {
    public static final sun.misc.Unsafe UNSAFE = unsafe();

    /** Where in an array of longs the first one is. */
    public static final long LONGS = sun.misc.Unsafe.ARRAY_LONG_BASE_OFFSET;

    private Memory() {}

    private static sun.misc.Unsafe unsafe() {
        try {
            Field field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (sun.misc.Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static int getInt(long[] array, long offset) {
        return UNSAFE.getInt(array, offset);
    }

    static void putInt(long[] array, long offset, int value) {
        UNSAFE.putInt(array, offset, value);
    }

    static byte getByte(long address) {
        return UNSAFE.getByte(address);
    }

    static short getShort(long address) {
        return UNSAFE.getShort(address);
    }

    static int getInt(long address) {
        return UNSAFE.getInt(address);
    }

    static long getLong(long address) {
        return UNSAFE.getLong(address);
    }

    static void putByte(long address, byte value) {
        UNSAFE.putByte(address, value);
    }

    static void putShort(long address, short value) {
        UNSAFE.putShort(address, value);
    }

    static void putInt(long address, int value) {
        UNSAFE.putInt(address, value);
    }

    static void putLong(long address, long value) {
        UNSAFE.putLong(address, value);
    }

    /** Orders everything before it against everything after it. @return true */
    static boolean fence() {
        VarHandle.fullFence();
        return true;
    }

    static int getIntVolatile(long address) {
        return UNSAFE.getIntVolatile(null, address);
    }

    static long getLongVolatile(long address) {
        return UNSAFE.getLongVolatile(null, address);
    }

    static boolean compareAndSetInt(long address, int expected, int update) {
        return UNSAFE.compareAndSwapInt(null, address, expected, update);
    }

    static boolean compareAndSetLong(long address, long expected, long update) {
        return UNSAFE.compareAndSwapLong(null, address, expected, update);
    }

    static int getAndAddInt(long address, int value) {
        return UNSAFE.getAndAddInt(null, address, value);
    }

    static long getAndAddLong(long address, long value) {
        return UNSAFE.getAndAddLong(null, address, value);
    }

    static int getAndSetInt(long address, int value) {
        return UNSAFE.getAndSetInt(null, address, value);
    }

    static long getAndSetLong(long address, long value) {
        return UNSAFE.getAndSetLong(null, address, value);
    }
}
