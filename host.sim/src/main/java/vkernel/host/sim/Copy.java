package vkernel.host.sim;

import java.util.Objects;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;

/** Copies between a vmspace and the kernel, page by page, with the rights of user code. */
final class Copy {
    /** @return bytes copied, up to the first that would fault */
    static int out(Space space, Ram ram, byte[] to, int offset, int length, long va) {
        Objects.checkFromIndexSize(offset, length, to.length);
        synchronized (space) {
            Walker walker = space.walker;
            int done = 0;
            while (done < length && walker.translate(space, va + done, Vmspaces.READ) == Walker.HIT) {
                int part = Math.min(length - done, walker.untilPageEnd());
                ram.read(walker.address, to, offset + done, part);
                done += part;
            }
            return done;
        }
    }

    /** @return bytes copied, up to the first that would fault */
    static int in(Space space, Ram ram, byte[] from, int offset, int length, long va) {
        Objects.checkFromIndexSize(offset, length, from.length);
        synchronized (space) {
            Walker walker = space.walker;
            int done = 0;
            while (done < length && walker.translate(space, va + done, Vmspaces.WRITE) == Walker.HIT) {
                int part = Math.min(length - done, walker.untilPageEnd());
                ram.write(walker.address, from, offset + done, part);
                done += part;
            }
            return done;
        }
    }

    private Copy() {}
}
