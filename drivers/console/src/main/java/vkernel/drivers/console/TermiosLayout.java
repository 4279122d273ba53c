package vkernel.drivers.console;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import vkernel.dev.Termios;

/** struct termios, termios2 and termio of the kernel's ABI (asm-generic/termbits.h, termios.h). */
final class TermiosLayout {
    static final int TERMIOS = 36;
    /** With the speeds behind. */
    static final int TERMIOS2 = 44;
    /** System V's: 16 bits of flags, 8 characters. */
    static final int TERMIO = 18;

    private static final int TERMIO_CHARS = 8;

    /** CBAUD. */
    private static final int SPEED = 0010017;

    private static final int[] SPEEDS = {
        0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400,
    };
    private static final int[] HIGH_SPEEDS = {
        0, 57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000,
        3500000, 4000000,
    };

    private TermiosLayout() {}

    static byte[] encode(Termios t, int size) {
        ByteBuffer to = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        if (size == TERMIO) {
            to.putShort((short) t.input).putShort((short) t.output);
            to.putShort((short) t.control).putShort((short) t.local);
            to.put((byte) t.discipline).put(t.chars, 0, TERMIO_CHARS);
            return to.array();
        }
        to.putInt(t.input).putInt(t.output).putInt(t.control).putInt(t.local);
        to.put((byte) t.discipline).put(t.chars);
        if (size == TERMIOS2) {
            int speed = speed(t.control);
            to.putInt(speed).putInt(speed);
        }
        return to.array();
    }

    /** The speeds of termios2 are what the control flags say: a host's channel has none. */
    static void decode(byte[] from, Termios t) {
        ByteBuffer fields = ByteBuffer.wrap(from).order(ByteOrder.LITTLE_ENDIAN);
        if (from.length == TERMIO) {
            t.input = low(t.input, fields.getShort());
            t.output = low(t.output, fields.getShort());
            t.control = low(t.control, fields.getShort());
            t.local = low(t.local, fields.getShort());
            t.discipline = fields.get() & 0xff;
            fields.get(t.chars, 0, TERMIO_CHARS);
            return;
        }
        t.input = fields.getInt();
        t.output = fields.getInt();
        t.control = fields.getInt();
        t.local = fields.getInt();
        t.discipline = fields.get() & 0xff;
        fields.get(t.chars);
    }

    /** What a termio cannot say stays. */
    private static int low(int flags, short bits) {
        return flags & 0xffff0000 | bits & 0xffff;
    }

    private static int speed(int control) {
        int code = control & SPEED;
        return (code & 0010000) == 0 ? SPEEDS[code] : HIGH_SPEEDS[code & 017];
    }
}
