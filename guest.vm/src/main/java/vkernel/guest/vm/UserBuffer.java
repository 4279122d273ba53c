package vkernel.guest.vm;

import vkernel.fs.IoBuffer;
import vkernel.vm.AddressSpace;

/** Ranges of user memory as a buffer (Linux: struct iov_iter). Reused for each call of its task. */
final class UserBuffer implements IoBuffer {
    /** Most bytes that one call moves (MAX_RW_COUNT). */
    private static final long MOST = 0x7fff_f000L;

    private final UserMemory memory;
    private final Frames frames;

    private AddressSpace space;
    /** Pairs of address and length. */
    private long[] ranges = new long[2];
    /** Index of the range that is being moved, and bytes of it moved. */
    private int at;

    private long done;
    private long remaining;
    private boolean faulted;

    UserBuffer(UserMemory memory, Frames frames, AddressSpace space) {
        this.memory = memory;
        this.frames = frames;
        this.space = space;
    }

    UserBuffer reset(AddressSpace of, long va, long length) {
        start(of);
        ranges[0] = va;
        ranges[1] = add(length);
        return this;
    }

    UserBuffer reset(AddressSpace of, long[] pairs, int count) {
        start(of);
        if (ranges.length < count * 2) {
            ranges = new long[count * 2];
        }
        for (int i = 0; i < count * 2; i += 2) {
            ranges[i] = pairs[i];
            ranges[i + 1] = add(pairs[i + 1]);
        }
        return this;
    }

    private void start(AddressSpace of) {
        space = of;
        at = 0;
        done = 0;
        remaining = 0;
        faulted = false;
    }

    /** Counts a range, cut to what may still be moved. */
    private long add(long length) {
        long room = MOST - remaining;
        long n = Long.compareUnsigned(length, room) < 0 ? length : room;
        remaining += n;
        return n;
    }

    @Override
    public long remaining() {
        return remaining;
    }

    @Override
    public boolean faulted() {
        return faulted;
    }

    /** Bytes that can be moved at once; goes on to the next range when one is done. */
    private int step(int wanted) {
        if (wanted <= 0 || remaining == 0 || faulted) {
            return 0;
        }
        while (done == ranges[at * 2 + 1]) {
            at++;
            done = 0;
        }
        return (int) Math.min(wanted, ranges[at * 2 + 1] - done);
    }

    private long va() {
        return ranges[at * 2] + done;
    }

    private int moved(int bytes, int asked) {
        done += bytes;
        remaining -= bytes;
        faulted = bytes < asked;
        return bytes;
    }

    @Override
    public int put(byte[] from, int offset, int length) {
        int total = 0;
        for (int n = step(length); n > 0; n = step(length - total)) {
            total += moved(memory.write(space, va(), from, offset + total, n), n);
        }
        return total;
    }

    @Override
    public int get(byte[] to, int offset, int length) {
        int total = 0;
        for (int n = step(length); n > 0; n = step(length - total)) {
            total += moved(memory.read(space, va(), to, offset + total, n), n);
        }
        return total;
    }

    @Override
    public int put(long ramAddress, int length) {
        int frame = PageTables.frameOf(ramAddress);
        frames.share(frame); // repairing a fault may look for pages to free
        int total = 0;
        for (int n = step(length); n > 0; n = step(length - total)) {
            total += moved(memory.writeRam(space, va(), ramAddress + total, n), n);
        }
        frames.release(frame);
        return total;
    }

    @Override
    public int get(long ramAddress, int length) {
        int frame = PageTables.frameOf(ramAddress);
        frames.share(frame);
        int total = 0;
        for (int n = step(length); n > 0; n = step(length - total)) {
            total += moved(memory.readRam(space, va(), ramAddress + total, n), n);
        }
        frames.release(frame);
        return total;
    }

    @Override
    public int putZeros(int length) {
        int total = 0;
        for (int n = step(length); n > 0; n = step(length - total)) {
            total += moved(memory.zero(space, va(), n), n);
        }
        return total;
    }

    @Override
    public void back(int bytes) {
        remaining += bytes;
        faulted = false;
        long left = bytes;
        while (left > done) {
            left -= done;
            at--;
            done = ranges[at * 2 + 1];
        }
        done -= left;
    }
}
