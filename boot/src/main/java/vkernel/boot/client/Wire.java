package vkernel.boot.client;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A call and its answer as bytes: a number, a count, and each argument behind a letter; the result and what was filled. */
public final class Wire {
    private static final int WORD = 'w';
    private static final int TEXT = 't';
    private static final int BYTES = 'b';
    private static final int INTO = 'i';

    /** A call that has come over the wire. */
    public record Asked(int number, Object[] arguments) {}

    private Wire() {}

    /** @throws IllegalArgumentException for what {@link Guest#call} does not take */
    public static void ask(DataOutput out, int number, Object... arguments) throws IOException {
        out.writeInt(number);
        out.writeByte(arguments.length);
        for (Object argument : arguments) {
            switch (argument) {
                case Number word -> {
                    out.writeByte(WORD);
                    out.writeLong(word.longValue());
                }
                case String text -> block(out, TEXT, text.getBytes(StandardCharsets.UTF_8));
                case byte[] bytes -> block(out, BYTES, bytes);
                case Into into -> block(out, INTO, into.bytes());
                default -> throw new IllegalArgumentException("no argument of a call: " + argument.getClass());
            }
        }
    }

    private static void block(DataOutput out, int type, byte[] bytes) throws IOException {
        out.writeByte(type);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** @throws IOException when it is no call */
    public static Asked asked(DataInput in) throws IOException {
        int number = in.readInt();
        Object[] arguments = new Object[in.readUnsignedByte()];
        for (int i = 0; i < arguments.length; i++) {
            int type = in.readUnsignedByte();
            arguments[i] = switch (type) {
                case WORD -> in.readLong();
                case TEXT -> new String(block(in), StandardCharsets.UTF_8);
                case BYTES -> block(in);
                case INTO -> new Into(block(in));
                default -> throw new IOException("an argument of type " + type);
            };
        }
        return new Asked(number, arguments);
    }

    private static byte[] block(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > Guest.MOST) {
            throw new IOException("an argument of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    public static void answer(DataOutput out, long result, Object... arguments) throws IOException {
        out.writeLong(result);
        for (Object argument : arguments) {
            if (argument instanceof Into into) {
                out.write(into.bytes());
            }
        }
    }

    /** Fills what was to be filled. @return the result */
    public static long answered(DataInput in, Object... arguments) throws IOException {
        long result = in.readLong();
        for (Object argument : arguments) {
            if (argument instanceof Into into) {
                in.readFully(into.bytes());
            }
        }
        return result;
    }
}
