package vkernel.boot;

import vkernel.host.Channel;

/** A terminal that nobody is at: what is printed is gone, and nothing is ever typed. */
final class NobodysTerminal implements Channel {
    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public int read(byte[] to, int offset, int length) {
        return 0;
    }

    @Override
    public int write(byte[] from, int offset, int length) {
        return length;
    }

    @Override
    public void listener(Runnable changed) {
        // there is never news
    }
}
