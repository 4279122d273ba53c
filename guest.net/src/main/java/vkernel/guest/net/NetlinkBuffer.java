package vkernel.guest.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Messages of netlink being written one behind the other (struct nlmsghdr, struct rtattr; netlink(3), rtnetlink(3)). */
final class NetlinkBuffer {
    static final int HEADER = 16;
    private static final int ALIGN = 4;

    private ByteBuffer bytes = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    private int start;

    /** Begins a message. */
    NetlinkBuffer message(int type, int flags, int sequence, int port) {
        start = bytes.position();
        return i32(0).i16(type).i16(flags).i32(sequence).i32(port);
    }

    /** Ends it: its length is known now. */
    void end() {
        bytes.putInt(start, bytes.position() - start);
        align();
    }

    private void align() {
        while (bytes.position() % ALIGN != 0) {
            i8(0);
        }
    }

    private void room(int n) {
        if (bytes.remaining() < n) {
            bytes = ByteBuffer.allocate(2 * (bytes.capacity() + n))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(bytes.flip());
        }
    }

    NetlinkBuffer i8(int value) {
        room(1);
        bytes.put((byte) value);
        return this;
    }

    NetlinkBuffer i16(int value) {
        room(2);
        bytes.putShort((short) value);
        return this;
    }

    NetlinkBuffer i32(int value) {
        room(4);
        bytes.putInt(value);
        return this;
    }

    NetlinkBuffer raw(byte[] value) {
        room(value.length);
        bytes.put(value);
        return this;
    }

    /** An attribute. */
    NetlinkBuffer attribute(int type, byte[] value) {
        i16(4 + value.length).i16(type).raw(value);
        align();
        return this;
    }

    NetlinkBuffer attribute(int type, int value) {
        return i16(8).i16(type).i32(value);
    }

    NetlinkBuffer attribute(int type, String text) {
        return attribute(type, (text + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }

    byte[] take() {
        byte[] all = Arrays.copyOf(bytes.array(), bytes.position());
        bytes.clear();
        return all;
    }
}
