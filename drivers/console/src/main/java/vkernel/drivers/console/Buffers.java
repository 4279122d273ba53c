package vkernel.drivers.console;

import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.task.WaitQueue;

/** Writes that block halfway and go on when their call is made again. */
final class Buffers {
    /** Passes over what an earlier attempt has written. @return bytes passed over */
    static long skip(IoBuffer from, long done, byte[] scratch) {
        long skipped = 0;
        while (skipped < done) {
            int n = from.get(scratch, 0, (int) Math.min(scratch.length, done - skipped));
            if (n == 0) {
                break;
            }
            skipped += n;
        }
        return skipped;
    }

    /**
     * Waits for room for the rest.
     *
     * @param done bytes written so far, over all attempts
     */
    static long block(Task task, OpenFile file, long done, WaitQueue room) {
        if (file.nonblocking()) {
            return done == 0 ? -Errno.EAGAIN : done;
        }
        task.restart.done = done;
        task.waitOn(room);
        return Kernel.BLOCKED;
    }

    private Buffers() {}
}
