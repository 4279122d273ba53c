package vkernel.boot;

import java.io.ByteArrayOutputStream;
import vkernel.host.Channel;

/** A channel that reads from an array and keeps what is written. Any thread. */
public final class MemoryChannel implements Channel {
    private final byte[] input;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private int position;

    /** @param input what is read from it, then the end */
    public MemoryChannel(byte[] input) {
        this.input = input.clone();
    }

    /** What has been written so far. */
    public synchronized byte[] written() {
        return output.toByteArray();
    }

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) {
        if (position == input.length) {
            return -1;
        }
        int n = Math.min(length, input.length - position);
        System.arraycopy(input, position, to, offset, n);
        position += n;
        return n;
    }

    @Override
    public synchronized int write(byte[] from, int offset, int length) {
        output.write(from, offset, length);
        return length;
    }

    @Override
    public void listener(Runnable changed) {
        // input is there from the start and there is always room
        changed.run();
    }
}
