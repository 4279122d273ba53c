package vkernel.drivers.rtc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.host.Host;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.OpenState;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** The driver of /dev/rtc0: the time of day of the machine's clock, in UTC, to the second. One may have it open at a time. */
@Component(service = CharDevice.class, immediate = true, property = "device=rtc")
@Capability(namespace = "vkernel.subsystem", name = "device", attribute = "device=rtc")
public final class Rtc implements CharDevice, Swappable<OpenState> {
    /** The first that is given to who asks for any (Linux: chrdev_region's dynamic ones begin at 254), which is a clock. */
    private static final int MAJOR = 254;

    // include/uapi/linux/rtc.h
    private static final int RTC_RD_TIME = 0x8024_7009;
    private static final int RTC_SET_TIME = 0x4024_700a;
    /** struct rtc_time: second, minute, hour, day of month, month from 0, year from 1900, and three more that are ignored. */
    private static final int TIME = 36;

    private static final long SECOND = 1_000_000_000;

    private final Kernel kernel;
    private final Host host;
    /** Seconds by which the clock was set apart from the machine's. */
    private long offset;

    private boolean open;

    @Activate
    public Rtc(@Reference Kernel kernel, @Reference Host host) {
        this.kernel = kernel;
        this.host = host;
    }

    @Override
    public String name() {
        return "rtc";
    }

    @Override
    public List<DeviceNode> nodes() {
        return List.of(new DeviceNode("rtc0", Mode.device(MAJOR, 0), 0600));
    }

    @Override
    public long open(Task task, OpenFile file) {
        if (open) {
            return -Errno.EBUSY;
        }
        open = true;
        return 0;
    }

    @Override
    public void release(OpenFile file) {
        open = false;
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    @Override
    public long ioctl(Task task, OpenFile file, int command, long argument) {
        return switch (command) {
            case RTC_RD_TIME -> tell(task, argument);
            case RTC_SET_TIME -> set(task, argument);
            default -> -Errno.ENOTTY;
        };
    }

    private long tell(Task task, long va) {
        long seconds = host.clock().realtime() / SECOND + offset;
        LocalDateTime now = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        byte[] time = ByteBuffer.allocate(TIME)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(now.getSecond())
                .putInt(now.getMinute())
                .putInt(now.getHour())
                .putInt(now.getDayOfMonth())
                .putInt(now.getMonthValue() - 1)
                .putInt(now.getYear() - 1900)
                .putInt(now.getDayOfWeek().getValue() % 7)
                .putInt(now.getDayOfYear() - 1)
                .putInt(0)
                .array();
        return kernel.vm().write(task.memory(), va, time, 0, TIME) ? 0 : -Errno.EFAULT;
    }

    private long set(Task task, long va) {
        if (!task.credentials.can(Credentials.CAP_SYS_TIME)) {
            return -Errno.EACCES;
        }
        byte[] bytes = new byte[TIME];
        if (!kernel.vm().read(task.memory(), va, bytes, 0, TIME)) {
            return -Errno.EFAULT;
        }
        ByteBuffer time = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            LocalDateTime wanted = LocalDateTime.of(
                    time.getInt(20) + 1900,
                    time.getInt(16) + 1,
                    time.getInt(12),
                    time.getInt(8),
                    time.getInt(4),
                    time.getInt(0));
            offset = wanted.toEpochSecond(ZoneOffset.UTC) - host.clock().realtime() / SECOND;
            return 0;
        } catch (DateTimeException noSuchTime) {
            return -Errno.EINVAL;
        }
    }

    @Override
    public OpenState release() {
        return new OpenState(1, Map.of("offset", offset, "open", open));
    }

    @Override
    public void adopt(OpenState state) throws StateRejected {
        if (state.schema() != 1
                || !(state.values().get("offset") instanceof Long was)
                || !(state.values().get("open") instanceof Boolean opened)) {
            throw new StateRejected("not the state of a clock: " + state);
        }
        offset = was;
        open = opened;
    }
}
