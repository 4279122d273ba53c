package vkernel.drivers.disk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.dev.BlockRequest;
import vkernel.dev.Disk;
import vkernel.host.HostException;
import vkernel.kern.Errno;
import vkernel.kern.Irq;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;
import vkernel.kern.Timer;

/**
 * Requests on their way to the host and back. A host thread notes what is done and raises the interrupt; the handler
 * tells all that is done by then. Requests whose interrupt was lost are found by a timer, as a driver's timeout does.
 */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
    /** Failures of which the log tells; the counters tell of all. */
    private static final int MOST_TOLD = 20;

    /** How long an interrupt may take to come. */
    private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(1);

    private final Kernel kernel;
    /** Done and not told yet; host threads add. */
    private final ConcurrentLinkedQueue<BlockRequest> finished = new ConcurrentLinkedQueue<>();
    /** With the host, and of which disk. Kernel lock. */
    private final Map<BlockRequest, Disk> underWay = new IdentityHashMap<>();

    /** Those whose interrupt is lost. Kernel lock. */
    private final List<BlockRequest> silent = new ArrayList<>();

    private final AtomicInteger failures = new AtomicInteger();

    private @Nullable Irq irq;
    private @Nullable Timer timeout;

    Requests(Kernel kernel) {
        this.kernel = kernel;
    }

    private Irq irq() {
        Irq now = irq;
        if (now == null) {
            now = kernel.irq("disk", this::tell);
            irq = now;
        }
        return now;
    }

    void submit(Disk disk, Disk.Part part, BlockRequest request) {
        int error = check(disk, part, request);
        if (error != 0) {
            request.complete(error);
            return;
        }
        underWay.put(request, disk);
        disk.inFlight++;
        disk.deepest = Math.max(disk.deepest, disk.inFlight);
        count(disk, request);
        Way way = new Way(this, disk, part, request, irq());
        Disk.Fault fault = Faults.meets(disk, request.kind);
        if (fault == null) {
            way.whole();
        } else {
            troubled(way, fault);
            watch();
        }
    }

    private void troubled(Way way, Disk.Fault fault) {
        BlockRequest request = way.request();
        int half = Faults.half(request);
        switch (fault.effect) {
            case ERROR -> {
                request.parts(1);
                part(request, asked(), way.bell());
            }
            case DELAY -> {
                request.hold(way::whole);
                kernel.timer(request::hurry).arm(kernel.now() + TimeUnit.MILLISECONDS.toNanos(fault.millis));
            }
            case LOST -> {
                request.parts(2);
                way.send(0, request.length);
                request.hold(() -> part(request, null, way.bell())); // until the driver looks
                silent.add(request);
            }
            case SHORT -> {
                way.disk().retries++;
                request.parts(2);
                way.send(0, half);
                way.send(half, request.length - half);
            }
            case TORN -> {
                request.parts(2);
                way.send(0, half);
                part(request, asked(), way.bell());
            }
        }
    }

    /** Made each time: one that stayed would hold the classes of all who were on the stack when it was made. */
    private static HostException asked() {
        return new HostException(HostException.Reason.IO, "a fault that was asked for");
    }

    private static int check(Disk disk, Disk.Part part, BlockRequest request) {
        if (request.position < 0 || request.length < 0 || request.length > part.length - request.position) {
            return -Errno.EINVAL;
        }
        if (request.kind != BlockRequest.Kind.DISCARD && request.length > BlockRequest.MOST) {
            return -Errno.EINVAL;
        }
        boolean changes = request.kind == BlockRequest.Kind.WRITE || request.kind == BlockRequest.Kind.DISCARD;
        return changes && disk.readOnly ? -Errno.EROFS : 0;
    }

    private static void count(Disk disk, BlockRequest request) {
        switch (request.kind) {
            case READ -> {
                disk.reads++;
                disk.bytesRead += request.length;
            }
            case WRITE -> {
                disk.writes++;
                disk.bytesWritten += request.length;
            }
            case FLUSH -> disk.flushes++;
            case DISCARD -> disk.discards++;
        }
    }

    /** On a host thread. */
    void part(BlockRequest request, @Nullable HostException failure, Irq bell) {
        if (failure != null && failures.incrementAndGet() <= MOST_TOLD) {
            LOG.warn("a {} at {} failed: {}", request.kind, request.position, failure.getMessage());
        }
        if (request.partDone(failure == null ? 0 : -Errno.EIO)) {
            finished.add(request);
            bell.raise();
        }
    }

    /** Tells whatever is done. */
    private void tell() {
        silent.forEach(BlockRequest::hurry);
        silent.clear();
        for (BlockRequest request = finished.poll(); request != null; request = finished.poll()) {
            Disk disk = underWay.remove(request);
            if (disk != null) {
                disk.inFlight--;
                disk.errors += request.result < 0 ? 1 : 0;
            }
            kernel.wake(request.done);
            Slot<? extends BlockRequest.Client> client = request.client;
            BlockRequest.Client told = client == null ? null : client.orNull();
            if (told != null) {
                told.completed(request);
            }
        }
    }

    /** While faults are about, looks after requests whose interrupt does not come. */
    private void watch() {
        Timer timer = timeout;
        if (timer == null) {
            timer = kernel.timer(this::late);
            timeout = timer;
        }
        timer.arm(kernel.now() + TIMEOUT);
    }

    private void late() {
        for (BlockRequest request : silent) {
            Disk disk = underWay.get(request);
            if (disk != null) {
                disk.timeouts++;
            }
        }
        tell();
        if (!underWay.isEmpty()) {
            watch();
        }
    }

    void stop() {
        Timer timer = timeout;
        if (timer != null) {
            timer.arm(Long.MAX_VALUE);
        }
    }

    /** Waits for all that is with the host. @return what is done and not told */
    List<BlockRequest> drain(Collection<Disk> disks) {
        stop();
        underWay.keySet().forEach(BlockRequest::await);
        underWay.clear();
        for (Disk disk : disks) {
            disk.inFlight = 0;
        }
        List<BlockRequest> left = new ArrayList<>(finished);
        finished.clear();
        irq = null;
        timeout = null;
        return left;
    }

    void goOn(List<BlockRequest> left) {
        finished.addAll(left);
        irq().raise();
    }
}
