package vkernel.drivers.console;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import vkernel.host.Channel;

/** A channel in the test's hands. */
final class FakeChannel implements Channel {
    private final boolean terminal;
    private final ArrayDeque<Byte> typed = new ArrayDeque<>();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private Runnable listener = () -> {};
    private boolean ended;
    /** Bytes that it still takes. */
    int room = Integer.MAX_VALUE;

    boolean gone;
    int rows = 25;
    int columns = 80;

    FakeChannel(boolean terminal) {
        this.terminal = terminal;
    }

    void type(String text) {
        type(text.getBytes(StandardCharsets.UTF_8));
    }

    void type(byte[] keys) {
        for (byte b : keys) {
            typed.add(b);
        }
        listener.run();
    }

    void end() {
        ended = true;
        listener.run();
    }

    void changed() {
        listener.run();
    }

    /** What has been shown since it was last asked. */
    String shown() {
        return new String(shownBytes(), StandardCharsets.UTF_8);
    }

    byte[] shownBytes() {
        byte[] bytes = shown.toByteArray();
        shown.reset();
        return bytes;
    }

    @Override
    public boolean terminal() {
        return terminal;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        if (typed.isEmpty()) {
            return ended ? -1 : 0;
        }
        int n = 0;
        while (n < length && !typed.isEmpty()) {
            to[offset + n++] = typed.remove();
        }
        return n;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        if (gone) {
            return -1;
        }
        int n = Math.min(length, room);
        shown.write(from, offset, n);
        room -= n;
        return n;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public void listener(Runnable changed) {
        listener = changed;
    }
}
