package vkernel.drivers.mem;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.host.Host;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.vm.PageCache;

/** The driver of major number 1 (Linux: drivers/char/mem.c). */
@Component(immediate = true, property = "device=mem")
@Capability(namespace = "vkernel.subsystem", name = "device", attribute = "device=mem")
public final class Mem implements CharDevice {
    private static final int MAJOR = 1;
    private static final int NULL = 3;
    private static final int ZERO = 5;
    private static final int FULL = 7;
    private static final int RANDOM = 8;
    private static final int URANDOM = 9;
    private static final int KMSG = 11;

    /** Most zeros moved at a time. */
    private static final int CHUNK = 1 << 20;

    private final RandomBytes random;
    private final Kmsg kmsg;

    @Activate
    public Mem(@Reference Kernel kernel, @Reference Host host) {
        random = new RandomBytes(kernel, host.entropy());
        kmsg = new Kmsg(kernel);
    }

    @Override
    public String name() {
        return "mem";
    }

    @Override
    public List<DeviceNode> nodes() {
        return List.of(
                node("null", NULL, 0666),
                node("zero", ZERO, 0666),
                node("full", FULL, 0666),
                node("random", RANDOM, 0666),
                node("urandom", URANDOM, 0666),
                node("kmsg", KMSG, 0644));
    }

    private static DeviceNode node(String name, int minor, int permissions) {
        return new DeviceNode(name, Mode.device(MAJOR, minor), permissions);
    }

    private static int minor(OpenFile file) {
        return Mode.minor(file.inode().rdev);
    }

    @Override
    public long open(Task task, OpenFile file) {
        return switch (minor(file)) {
            case NULL, ZERO, FULL, RANDOM, URANDOM -> 0;
            case KMSG -> kmsg.open(file);
            default -> -Errno.ENXIO;
        };
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        return switch (minor(file)) {
            case NULL -> 0;
            case ZERO, FULL -> zeros(to);
            case RANDOM, URANDOM -> random.read(to);
            case KMSG -> kmsg.read(task, file, to);
            default -> -Errno.EINVAL;
        };
    }

    private static long zeros(IoBuffer to) {
        long total = 0;
        while (to.remaining() > 0) {
            int want = (int) Math.min(CHUNK, to.remaining());
            int n = to.putZeros(want);
            total += n;
            if (n < want) {
                break;
            }
        }
        return total == 0 && to.faulted() ? -Errno.EFAULT : total;
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        return switch (minor(file)) {
            // bytes on their way to nowhere are not even looked at
            case NULL, ZERO -> from.remaining();
            case FULL -> -Errno.ENOSPC;
            case RANDOM, URANDOM -> random.write(from);
            case KMSG -> kmsg.write(from);
            default -> -Errno.EINVAL;
        };
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        return minor(file) == KMSG ? kmsg.poll(file) : CharDevice.super.poll(file, waiter);
    }

    @Override
    public long ioctl(Task task, OpenFile file, int command, long argument) {
        int minor = minor(file);
        return minor == RANDOM || minor == URANDOM ? random.ioctl(task, command, argument) : -Errno.ENOTTY;
    }

    /** /dev/zero maps as anonymous memory does: pages of its own for each mapping. */
    @Override
    public @Nullable PageCache pages(OpenFile file) {
        if (minor(file) != ZERO) {
            return null;
        }
        PageCache zeros = new PageCache();
        zeros.size = Long.MAX_VALUE;
        zeros.ownedByMappings = true;
        return zeros;
    }

    @Override
    public long sync(Task task, OpenFile file) {
        return -Errno.EINVAL;
    }
}
