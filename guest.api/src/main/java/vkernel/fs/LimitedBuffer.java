package vkernel.fs;

/** The first bytes of another buffer; what moves here moves there. Made by {@link IoBuffer#limited}. */
final class LimitedBuffer implements IoBuffer {
    private final IoBuffer buffer;
    private long left;

    LimitedBuffer(IoBuffer buffer, long most) {
        this.buffer = buffer;
        this.left = Math.min(most, buffer.remaining());
    }

    @Override
    public long remaining() {
        return left;
    }

    @Override
    public boolean faulted() {
        return buffer.faulted();
    }

    @Override
    public int put(byte[] from, int offset, int length) {
        return moved(buffer.put(from, offset, within(length)));
    }

    @Override
    public int put(long ramAddress, int length) {
        return moved(buffer.put(ramAddress, within(length)));
    }

    @Override
    public int putZeros(int length) {
        return moved(buffer.putZeros(within(length)));
    }

    @Override
    public int get(byte[] to, int offset, int length) {
        return moved(buffer.get(to, offset, within(length)));
    }

    @Override
    public int get(long ramAddress, int length) {
        return moved(buffer.get(ramAddress, within(length)));
    }

    @Override
    public void back(int bytes) {
        buffer.back(bytes);
        left += bytes;
    }

    private int within(int length) {
        return (int) Math.min(length, left);
    }

    private int moved(int bytes) {
        left -= bytes;
        return bytes;
    }
}
