package vkernel.drivers.console;

import vkernel.dev.Pty;
import vkernel.host.Channel;
import vkernel.kern.Kernel;

/**
 * What a pseudo-terminal has in place of a host's channel: the program at its master. Output stays in the terminal until
 * that program reads it.
 */
final class PtyLink implements Channel {
    private final Kernel kernel;
    private final Pty pty;

    PtyLink(Kernel kernel, Pty pty) {
        this.kernel = kernel;
        this.pty = pty;
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        int n = pty.keys.take(to, offset, length);
        if (n > 0) {
            kernel.wake(pty.forRoom);
        }
        return n;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        if (pty.masterGone) {
            return -1;
        }
        kernel.wake(pty.forOutput);
        return 0;
    }

    /** Nobody: the master tells the terminal itself. */
    @Override
    public void listener(Runnable changed) {}
}
