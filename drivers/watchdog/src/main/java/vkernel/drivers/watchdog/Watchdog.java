package vkernel.drivers.watchdog;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.End;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.OpenState;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.kern.Timer;
import vkernel.task.Task;

/**
 * The driver of /dev/watchdog. It begins with the open, every write is a sign of life, and it stops with a close after the
 * letter V was written, or by WDIOS_DISABLECARD. The option {@code watchdog} of the kernel says what happens when no sign
 * comes in time: {@code reboot} (the default), or {@code report}, an error in the kernel log each time.
 */
@Component(service = CharDevice.class, immediate = true, property = "device=watchdog")
@Capability(namespace = "vkernel.subsystem", name = "device", attribute = "device=watchdog")
public final class Watchdog implements CharDevice, Swappable<OpenState> {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final int MISC = 10;
    private static final int MINOR = 130;
    private static final int SECONDS = 60;
    private static final int MOST = 65_535;
    private static final long SECOND = 1_000_000_000;

    // include/uapi/linux/watchdog.h
    private static final int GETSUPPORT = 0x8028_5700;
    private static final int GETSTATUS = 0x8004_5701;
    private static final int GETBOOTSTATUS = 0x8004_5702;
    private static final int SETOPTIONS = 0x8004_5704;
    private static final int KEEPALIVE = 0x8004_5705;
    private static final int SETTIMEOUT = 0xc004_5706;
    private static final int GETTIMEOUT = 0x8004_5707;
    private static final int GETTIMELEFT = 0x8004_570a;
    private static final int DISABLECARD = 1;
    private static final int ENABLECARD = 2;
    /** WDIOF_SETTIMEOUT, MAGICCLOSE, KEEPALIVEPING. */
    private static final int OPTIONS = 0x80 | 0x100 | 0x8000;

    private static final int INFO = 40;
    private static final byte MAGIC = 'V';

    private final Kernel kernel;
    private final Timer timer;
    private final boolean reboots;
    private int timeout = SECONDS;
    private boolean open;
    private boolean armed;
    private boolean mayStop;
    private long deadline;

    @Activate
    public Watchdog(@Reference Kernel kernel) {
        this.kernel = kernel;
        timer = kernel.timer(this::bite);
        reboots = !"report".equals(kernel.config().options().get("watchdog"));
    }

    @Deactivate
    void deactivate() {
        kernel.call(() -> {
            timer.arm(Long.MAX_VALUE);
            return true;
        });
    }

    @Override
    public String name() {
        return "watchdog";
    }

    @Override
    public List<DeviceNode> nodes() {
        return List.of(new DeviceNode("watchdog", Mode.device(MISC, MINOR), 0600));
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    // --- life
    // ---------------------------------------------------------------------------------------------------------

    @Override
    public long open(Task task, OpenFile file) {
        if (open) {
            return -Errno.EBUSY;
        }
        open = true;
        mayStop = false;
        alive();
        return 0;
    }

    @Override
    public void release(OpenFile file) {
        open = false;
        if (mayStop) {
            stop();
        } else if (armed) {
            LOG.error("watchdog: did not stop!");
        }
    }

    private void alive() {
        armed = true;
        deadline = kernel.now() + timeout * SECOND;
        timer.arm(deadline);
    }

    private void stop() {
        armed = false;
        timer.arm(Long.MAX_VALUE);
    }

    private void bite() {
        if (!armed) {
            return;
        }
        LOG.error("watchdog: no sign of life for {} s", timeout);
        if (reboots) {
            stop();
            kernel.shutdown(new End(End.Kind.REBOOT, 0, "watchdog: no sign of life for " + timeout + " s"));
        } else {
            alive();
        }
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        byte[] bytes = new byte[(int) Math.min(from.remaining(), 4096)];
        int n = from.get(bytes, 0, bytes.length);
        if (n == 0) {
            return bytes.length == 0 ? 0 : -Errno.EFAULT;
        }
        mayStop = false;
        for (int i = 0; i < n; i++) {
            mayStop |= bytes[i] == MAGIC;
        }
        alive();
        return n;
    }

    // --- ioctls
    // -------------------------------------------------------------------------------------------------------

    @Override
    public long ioctl(Task task, OpenFile file, int command, long argument) {
        return switch (command) {
            case GETSUPPORT -> support(task, argument);
            case GETSTATUS, GETBOOTSTATUS -> give(task, argument, 0);
            case KEEPALIVE -> {
                alive();
                yield 0;
            }
            case SETOPTIONS -> options(task, argument);
            case SETTIMEOUT -> setTimeout(task, argument);
            case GETTIMEOUT -> give(task, argument, timeout);
            case GETTIMELEFT -> give(task, argument, armed ? (int) ((deadline - kernel.now()) / SECOND) : 0);
            default -> -Errno.ENOTTY;
        };
    }

    private long support(Task task, long va) {
        byte[] name = "vkernel watchdog".getBytes(StandardCharsets.US_ASCII);
        byte[] info = ByteBuffer.allocate(INFO)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(OPTIONS)
                .putInt(0)
                .put(name)
                .array();
        return kernel.vm().write(task.memory(), va, info, 0, INFO) ? 0 : -Errno.EFAULT;
    }

    private long give(Task task, long va, int value) {
        byte[] bytes = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
        return kernel.vm().write(task.memory(), va, bytes, 0, 4) ? 0 : -Errno.EFAULT;
    }

    private long options(Task task, long va) {
        long value = kernel.vm().loadInt(task.memory(), va);
        if (value < 0) {
            return value;
        }
        if ((value & DISABLECARD) != 0) {
            stop();
        }
        if ((value & ENABLECARD) != 0) {
            alive();
        }
        return (value & (DISABLECARD | ENABLECARD)) != 0 ? 0 : -Errno.EOPNOTSUPP;
    }

    private long setTimeout(Task task, long va) {
        long value = kernel.vm().loadInt(task.memory(), va);
        if (value < 0) {
            return value;
        }
        if (value == 0 || value > MOST) {
            return -Errno.EINVAL;
        }
        timeout = (int) value;
        if (armed) {
            alive();
        }
        return give(task, va, timeout);
    }

    // --- state
    // --------------------------------------------------------------------------------------------------------

    @Override
    public OpenState release() {
        timer.arm(Long.MAX_VALUE);
        return new OpenState(
                1, Map.of("timeout", timeout, "open", open, "armed", armed, "mayStop", mayStop, "deadline", deadline));
    }

    @Override
    public void adopt(OpenState state) throws StateRejected {
        Map<String, Object> values = state.values();
        if (state.schema() != 1
                || !(values.get("timeout") instanceof Integer seconds)
                || !(values.get("open") instanceof Boolean opened)
                || !(values.get("armed") instanceof Boolean running)
                || !(values.get("mayStop") instanceof Boolean magic)
                || !(values.get("deadline") instanceof Long until)) {
            throw new StateRejected("not the state of a watchdog: " + state);
        }
        timeout = seconds;
        open = opened;
        armed = running;
        mayStop = magic;
        deadline = until;
        if (armed) {
            timer.arm(deadline);
        }
    }
}
