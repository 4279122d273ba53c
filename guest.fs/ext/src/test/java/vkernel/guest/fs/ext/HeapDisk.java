package vkernel.guest.fs.ext;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockDevices;
import vkernel.dev.BlockRequest;
import vkernel.dev.DeviceNode;
import vkernel.dev.Disk;
import vkernel.fs.Mode;
import vkernel.guest.fs.contract.HeapKernel;
import vkernel.kern.Errno;

/** A disk on the Java heap, with a cache that is lost when the power is cut. Its node is called {@code source}. */
final class HeapDisk implements BlockDevices {
    static final long RDEV = Mode.device(254, 0);
    /** What a disk writes whole or not at all: super blocks of ext and jbd2 count on it. */
    private static final int SECTOR = 4096;

    /** A write that no barrier has followed yet. */
    private record Write(int position, byte[] bytes) {}

    private final HeapKernel kernel;
    private final Disk.Part part;
    private final byte[] now;
    private final byte[] durable;
    private final List<Write> cached = new ArrayList<>();
    private boolean readOnly;
    /** Requests served so far; each n-th fails when it is not 0. */
    int requests;

    int failEvery;
    /** Requests after which nothing is taken any more: the power is cut; 0 for never. */
    int cutAfter;

    HeapDisk(HeapKernel kernel, byte[] image) {
        this.kernel = kernel;
        now = image.clone();
        durable = image.clone();
        part = new Disk.Part("source", RDEV, 0, image.length);
    }

    HeapDisk readOnly(boolean yes) {
        readOnly = yes;
        return this;
    }

    byte[] image() {
        return now.clone();
    }

    /** What is left when the power is cut: what barriers promise, and any of the rest, in any order, torn anywhere. */
    byte[] afterCut(Random random) {
        byte[] left = durable.clone();
        List<Write> some = new ArrayList<>(cached);
        java.util.Collections.shuffle(some, random);
        for (Write write : some) {
            int sectors = (write.bytes.length + SECTOR - 1) / SECTOR;
            int kept = random.nextInt(3) == 0 ? random.nextInt(sectors + 1) : random.nextBoolean() ? sectors : 0;
            System.arraycopy(write.bytes, 0, left, write.position, Math.min(kept * SECTOR, write.bytes.length));
        }
        return left;
    }

    boolean cut() {
        return cutAfter > 0 && requests >= cutAfter;
    }

    @Override
    public void submit(BlockRequest request) {
        requests++;
        if (failEvery > 0 && requests % failEvery == 0) {
            request.complete(-Errno.EIO);
            return;
        }
        if (request.position < 0 || request.position + request.length > now.length) {
            request.complete(-Errno.EINVAL);
            return;
        }
        serve(request);
        request.complete(0);
    }

    private void serve(BlockRequest request) {
        switch (request.kind) {
            case READ -> move(request, true);
            case WRITE -> {
                move(request, false);
                int at = (int) request.position;
                if (cut()) {
                    return;
                }
                cached.add(new Write(at, Arrays.copyOfRange(now, at, at + request.length)));
            }
            case FLUSH -> {
                if (cut()) {
                    return;
                }
                cached.forEach(write -> System.arraycopy(write.bytes, 0, durable, write.position, write.bytes.length));
                cached.clear();
            }
            case DISCARD -> {}
        }
    }

    private void move(BlockRequest request, boolean in) {
        byte[] bytes = request.bytes;
        long[] pages = request.pages;
        int position = (int) request.position;
        if (bytes != null) {
            move(position, bytes, request.length, in);
            return;
        }
        for (int i = 0; pages != null && i < pages.length; i++) {
            int length = Math.min(4096, request.length - i * 4096);
            move(position + i * 4096, kernel.memory.memory(pages[i]), length, in);
        }
    }

    private void move(int position, byte[] bytes, int length, boolean in) {
        if (in) {
            System.arraycopy(now, position, bytes, 0, length);
        } else {
            System.arraycopy(bytes, 0, now, position, length);
        }
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public List<DeviceNode> nodes() {
        return List.of(new DeviceNode(part.name, RDEV, 0660, true));
    }

    @Override
    public List<Disk> disks() {
        return List.of();
    }

    @Override
    public Disk.@Nullable Part part(long rdev) {
        return rdev == RDEV ? part : null;
    }

    @Override
    public boolean readOnly(long rdev) {
        return readOnly;
    }

    @Override
    public long claim(long rdev, boolean write, String holder) {
        if (part.holder != null) {
            return -Errno.EBUSY;
        }
        part.holder = holder;
        return 0;
    }

    @Override
    public void unclaim(long rdev) {
        part.holder = null;
    }

    @Override
    public java.util.Map<String, String> plugged() {
        return java.util.Map.of();
    }

    @Override
    public @Nullable String attach(String hostName) {
        return "there is no host";
    }

    @Override
    public @Nullable String detach(String name) {
        return "there is no host";
    }
}
