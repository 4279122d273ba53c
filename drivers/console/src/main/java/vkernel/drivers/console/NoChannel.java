package vkernel.drivers.console;

import vkernel.host.Channel;

/** A channel at which nobody is. */
record NoChannel(boolean terminal) implements Channel {
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
        // nothing ever changes
    }
}
