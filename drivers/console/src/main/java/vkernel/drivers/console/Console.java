package vkernel.drivers.console;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import vkernel.dev.ByteStream;
import vkernel.dev.CharDevice;
import vkernel.dev.ConsoleState;
import vkernel.dev.DeviceNode;
import vkernel.dev.Pluggable;
import vkernel.dev.Pty;
import vkernel.dev.Streams;
import vkernel.dev.Tty;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.host.Host;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.task.Task;

/**
 * The console driver: /dev/console, /dev/tty, /dev/ttyS*, the host's channels as files, and pseudo-terminals. An open
 * file's {@link OpenFile#data} is what it stands for: a {@link Tty}, a {@link ByteStream}, or of a master its {@link Pty}.
 */
@Component(
        immediate = true,
        service = {CharDevice.class, Streams.class},
        property = "device=console")
@Capability(namespace = "vkernel.subsystem", name = "streams")
@Capability(namespace = "vkernel.subsystem", name = "device", attribute = "device=console")
public final class Console implements CharDevice, Pluggable, Streams, Swappable<ConsoleState> {
    /** Major numbers of Linux's devices.txt. */
    static final long CONSOLE = Mode.device(5, 1);

    static final long CONTROLLING = Mode.device(5, 0);

    private final Kernel kernel;
    private final Host host;
    private final Ports ports;
    private final ChannelFiles files;
    private final TtyIoctls ioctls;
    private final PtyIoctls masters;
    private final String console;

    @Activate
    public Console(@Reference Kernel kernel, @Reference Host host) {
        this.kernel = kernel;
        this.host = host;
        console = kernel.config().console();
        ports = new Ports(kernel, host, console);
        files = new ChannelFiles(kernel, ports);
        ioctls = new TtyIoctls(kernel);
        masters = new PtyIoctls(kernel, ioctls);
    }

    @Deactivate
    void close() {
        kernel.call(() -> {
            ports.close();
            return 0;
        });
    }

    @Override
    public String name() {
        return "console";
    }

    @Override
    public List<DeviceNode> nodes() {
        return ports.nodes();
    }

    @Override
    public boolean serves(long rdev, boolean block) {
        return !block && Ptys.terminal(rdev) || CharDevice.super.serves(rdev, block);
    }

    @Override
    public Collection<Pty> ptys() {
        return ports.ptys.state().values();
    }

    @Override
    public Map<String, String> plugged() {
        return ports.plugged();
    }

    @Override
    public @Nullable String attach(String hostName) {
        return ports.attach(hostName);
    }

    @Override
    public @Nullable String detach(String name) {
        return ports.detach(name);
    }

    // --- files ------------------------------------------------------------------------------------------------------

    @Override
    public long open(Task task, OpenFile file) {
        long rdev = file.inode().rdev;
        if (rdev == CONTROLLING) {
            Tty tty = task.process.session.tty;
            return tty == null ? -Errno.ENXIO : ChannelFiles.attach(file, tty);
        }
        if (rdev == Ptys.MASTER) {
            return ports.ptys.make(task, file);
        }
        String channel =
                file.inode().data instanceof String name ? name : rdev == CONSOLE ? console : ports.channel(rdev);
        long opened =
                Ptys.terminal(rdev) ? terminal(file) : channel == null ? -Errno.ENXIO : files.attach(file, channel);
        boolean mayControl = rdev != CONSOLE && (file.flags & Mode.O_NOCTTY) == 0 && file.readable();
        if (opened == 0 && mayControl && file.data instanceof Tty tty) {
            JobControl.acquire(task, tty);
        }
        return opened;
    }

    private long terminal(OpenFile file) {
        Tty tty = ports.ptys.open(file.inode().rdev);
        return tty == null ? -Errno.EIO : ChannelFiles.attach(file, tty);
    }

    @Override
    public void release(OpenFile file) {
        switch (file.data) {
            case Pty pty -> ports.ptys.closed(pty);
            case Tty tty -> {
                tty.opens--;
                ports.closed(tty);
            }
            case ByteStream stream -> {
                stream.opens--;
                ports.closed(stream.channel);
            }
            case null, default -> {
                // an open that failed
            }
        }
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        return ports.of(file).read(task, file, to);
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        return ports.of(file).write(task, file, from);
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        return ports.of(file).poll(file, waiter);
    }

    @Override
    public long ioctl(Task task, OpenFile file, int command, long argument) {
        return switch (ports.of(file)) {
            case TtyPort port -> ioctls.ioctl(task, file, port, command, argument);
            case StreamPort port -> ioctls.ioctl(task, port, command, argument);
            case PtyMaster master -> masters.ioctl(task, file, master, command, argument);
        };
    }

    @Override
    public long sync(Task task, OpenFile file) {
        return -Errno.EINVAL;
    }

    // --- streams ----------------------------------------------------------------------------------------------------

    @Override
    public Result<OpenFile> open(String channel, int flags) {
        return files.open(channel, flags);
    }

    @Override
    public Result<Tty> tty(String channel) {
        return switch (ports.open(channel)) {
            case null -> Result.error(-Errno.ENOENT);
            case TtyPort port -> Result.of(port.tty);
            case StreamPort port -> Result.error(-Errno.ENOTTY);
        };
    }

    @Override
    public void print(String line) {
        ports.print(console, line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean drained() {
        return ports.drained();
    }

    // --- swap -------------------------------------------------------------------------------------------------------

    @Override
    public void prepare() throws StateRejected {
        Ports.rehearse(kernel, host, console);
    }

    @Override
    public ConsoleState release() {
        return ports.release();
    }

    @Override
    public void adopt(ConsoleState state) throws StateRejected {
        ports.adopt(state);
    }
}
