package vkernel.drivers.console;

import static vkernel.rump.Partial.proxy;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import vkernel.dev.CharDevice;
import vkernel.dev.Streams;
import vkernel.fs.Dentry;
import vkernel.fs.FdTable;
import vkernel.fs.FileOps;
import vkernel.fs.FsContext;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.fs.Vfs;
import vkernel.host.Channel;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.MachineConfig;
import vkernel.kern.Errno;
import vkernel.kern.Irq;
import vkernel.kern.Kernel;
import vkernel.kern.KernelConfig;
import vkernel.kern.Slot;
import vkernel.rump.ArrayBuffer;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.SigInfo;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;

/** As much of a kernel and a host as the console driver needs, with one driver on it. */
final class Machine {
    final Map<String, FakeChannel> channels;
    final ProcessTable processes = new ProcessTable();
    final Slot<CharDevice> slot = new Slot<>("dev.console");
    /** Signals sent: {@code group:number} or {@code pid!number}. */
    final List<String> signals = new ArrayList<>();

    /** User memory from address 0. */
    final byte[] memory = new byte[4096];

    long now;
    Console console;

    private final SuperBlock sb = new SuperBlock(new Slot<>("fs"), 1, "none");
    private final Mount mount = new Mount(1, sb, new Dentry(null, "", new Inode(sb, 1, Mode.S_IFDIR)), null, 0);
    private final Kernel kernel = proxy(Kernel.class, this::kernel);
    private final Vm vm = proxy(Vm.class, this::vm);
    private final Vfs vfs = proxy(Vfs.class, this::vfs);

    Machine(Map<String, FakeChannel> channels) {
        this.channels = channels;
        console = driver();
        fill(console);
    }

    /** Puts a driver in its place, and asks for its nodes as the kernel does. */
    void fill(Console driver) {
        console = driver;
        slot.fill(driver);
        driver.nodes();
    }

    /** Another instance of the driver, not in its place yet. */
    Console driver() {
        return new Console(kernel, proxy(Host.class, this::host));
    }

    Streams streams() {
        return console;
    }

    // --- people and programs ----------------------------------------------------------------------------------------

    /** The first thread of a new process, which leads a session when {@code session} is null. */
    Task task(int pid, Session session, int pgid) {
        Session its = session == null ? new Session(pid) : session;
        Process process = new Process(pid, its);
        process.pgid = pgid;
        Path root = new Path(mount, mount.root);
        Task task =
                new Task(pid, process, new FdTable(), new FsContext(root, root), new SigHandlers(), Credentials.ROOT);
        task.memory = new AddressSpace(1, 0);
        process.threads.add(task);
        processes.add(process);
        processes.add(task);
        return task;
    }

    /** Opens a device as open(2) does. */
    OpenFile open(Task task, long rdev, int flags) {
        OpenFile file = file(rdev, flags);
        long error = console.open(task, file);
        if (error != 0) {
            throw new AssertionError("open: " + Errno.name((int) -error));
        }
        task.files.set(task.files.free(0, 100), file, false);
        return file;
    }

    OpenFile file(long rdev, int flags) {
        Inode inode = new Inode(sb, 2, Mode.S_IFCHR | 0600);
        inode.rdev = rdev;
        return new OpenFile(new Path(mount, new Dentry(null, "tty", inode)), slot, flags);
    }

    /** One read: the text, {@code blocked}, {@code EOF}, or the error's name. */
    String read(Task task, OpenFile file, int length) {
        byte[] bytes = new byte[length];
        long n = file.ops().read(task, file, ArrayBuffer.of(bytes), -1);
        if (n == Kernel.BLOCKED) {
            return "blocked";
        }
        task.restart.clear();
        return n == 0 ? "EOF" : n < 0 ? Errno.name((int) -n) : new String(bytes, 0, (int) n, StandardCharsets.UTF_8);
    }

    /** One write. */
    long write(Task task, OpenFile file, String text) {
        return file.ops().write(task, file, ArrayBuffer.of(text.getBytes(StandardCharsets.UTF_8)), -1);
    }

    long ioctl(Task task, OpenFile file, int command, long argument) {
        return file.ops().ioctl(task, file, command, argument);
    }

    /** User memory at 0, for the argument of an ioctl. */
    ByteBuffer words() {
        return ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    }

    // --- the kernel -------------------------------------------------------------------------------------------------

    private Object kernel(Method method, Object[] a) {
        return switch (method.getName()) {
            case "config" ->
                new KernelConfig(List.of(), List.of(), List.of(), "/", "console", "rr", "test", false, Map.of());
            case "call" -> ((Supplier<?>) a[0]).get();
            case "irq" -> (Irq) ((Runnable) a[1])::run;
            case "now", "realtime" -> now;
            case "processes" -> processes;
            case "vm" -> vm;
            case "vfs" -> vfs;
            case "device" -> slot;
            case "wake" -> wake((WaitQueue) a[0]);
            case "signalGroup" -> signals.add(a[0] + ":" + ((SigInfo) a[1]).signal());
            case "signal" ->
                signals.add((a[0] instanceof Task task ? task.tid : ((Process) a[0]).pid) + "!"
                        + ((SigInfo) a[1]).signal());
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private static Object wake(WaitQueue queue) {
        for (Task task = queue.first(); task != null; task = queue.first()) {
            task.stopWaiting();
        }
        return null;
    }

    private Object vm(Method method, Object[] a) {
        int address = (int) (long) (Long) a[1];
        int length = (int) a[4];
        if (address + length > memory.length) {
            return false;
        }
        boolean reads = method.getName().equals("read");
        System.arraycopy(
                reads ? memory : a[2],
                reads ? address : (int) a[3],
                reads ? a[2] : memory,
                reads ? (int) a[3] : address,
                length);
        return true;
    }

    @SuppressWarnings("unchecked")
    private Object vfs(Method method, Object[] a) {
        return switch (method.getName()) {
            case "mounts" -> List.of();
            case "anonymous" ->
                new OpenFile(
                        new Path(mount, new Dentry(null, (String) a[0], new Inode(sb, 3, (int) a[1]))),
                        (Slot<? extends FileOps>) a[2],
                        (int) a[3]);
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private Object host(Method method, Object[] a) {
        return switch (method.getName()) {
            case "config" ->
                new MachineConfig(
                        1 << 20,
                        1,
                        MachineConfig.Time.VIRTUAL,
                        0,
                        false,
                        Map.<String, Channel>copyOf(channels),
                        Map.of(),
                        Map.of());
            case "channel" -> {
                Channel channel = channels.get((String) a[0]);
                if (channel == null) {
                    throw new HostException(HostException.Reason.ABSENT, "no channel " + a[0]);
                }
                yield channel;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }
}
