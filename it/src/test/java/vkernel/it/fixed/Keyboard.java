package vkernel.it.fixed;

import java.nio.charset.StandardCharsets;
import vkernel.host.Channel;

/** A terminal's keyboard; what is shown is not kept. */
public final class Keyboard implements Channel {
    private final StringBuilder typed = new StringBuilder(); // guarded by this
    private volatile Runnable listener = () -> {};

    public void type(String keys) {
        synchronized (this) {
            typed.append(keys);
        }
        listener.run();
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) {
        int count = Math.min(length, typed.length());
        byte[] bytes = typed.substring(0, count).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, to, offset, count);
        typed.delete(0, count);
        return count;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return length;
    }

    @Override
    public void listener(Runnable changed) {
        listener = changed;
    }
}
