package vkernel.rump;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.Dentry;
import vkernel.fs.FdTable;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsContext;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.fs.Vfs;
import vkernel.kern.End;
import vkernel.kern.Irq;
import vkernel.kern.IrqLines;
import vkernel.kern.Kernel;
import vkernel.kern.KernelConfig;
import vkernel.kern.Slot;
import vkernel.kern.Timer;
import vkernel.kern.TimerHeap;
import vkernel.net.Gateway;
import vkernel.net.NetStack;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.SigInfo;
import vkernel.task.Task;
import vkernel.task.WaitQueue;
import vkernel.vm.Vm;

/**
 * A kernel of which there is what file systems, drivers, sockets and policies need. Its public methods are those of
 * {@link Kernel} that it has, and those that a program needs to use it.
 *
 * <p>Whatever is done with a subsystem is done within {@link #call}. Interrupts and timers that are due are served when
 * the last such call of a thread ends, and while one waits in {@link #await}.
 */
public class RumpKernel {
    private final RumpMemory memory;
    /** Drivers of character devices by the numbers that they serve. */
    public final Map<Long, Slot<CharDevice>> devices = new HashMap<>();

    /** Drivers of block devices by theirs. */
    public final Map<Long, Slot<CharDevice>> blockDevices = new HashMap<>();

    private final Map<String, Slot<FileSystemType>> fileSystems = new HashMap<>();
    private final Map<String, String> options = new HashMap<>();
    private final Slot<NetStack> net = new Slot<>("net");
    private final Slot<Gateway> gateway = new Slot<>("gateway");
    private final ProcessTable processes = new ProcessTable();
    private final ReentrantLock lock = new ReentrantLock();
    private final TimerHeap timers = new TimerHeap();
    private final IrqLines irqs = new IrqLines();
    private @Nullable Kernel kernel;
    private final Vfs vfs = Partial.of(Vfs.class, new RumpFiles());
    private final Vm vm;

    /** @param bytes of memory for pages, taken from the heap as they are used */
    public RumpKernel(long bytes) {
        this(new RumpMemory((int) (bytes / RumpMemory.PAGE)));
    }

    protected RumpKernel(RumpMemory memory) {
        this.memory = memory;
        vm = Partial.of(Vm.class, memory);
    }

    // --- for who uses it --------------------------------------------------------------------------------------------

    /** This kernel as its subsystems know it: what their constructors want. */
    public final Kernel kernel() {
        Kernel now = kernel;
        return now != null ? now : (kernel = Partial.of(Kernel.class, this));
    }

    public final RumpMemory memory() {
        return memory;
    }

    /** Sets an option of {@link KernelConfig}. */
    public RumpKernel option(String name, String value) {
        options.put(name, value);
        return this;
    }

    /** Puts a file system in. */
    public Slot<FileSystemType> add(FileSystemType type) {
        Slot<FileSystemType> slot = new Slot<>("fs." + type.name());
        slot.fill(type);
        fileSystems.put(type.name(), slot);
        return slot;
    }

    /** Puts a driver in, for the nodes that it has now. */
    public Slot<CharDevice> add(CharDevice driver) {
        Slot<CharDevice> slot = new Slot<>("dev." + driver.name());
        slot.fill(driver);
        for (DeviceNode node : driver.nodes()) {
            (node.block() ? blockDevices : devices).put(node.rdev(), slot);
        }
        return slot;
    }

    /** Puts sockets in. */
    public void add(NetStack stack) {
        net.fill(stack);
    }

    /** Puts a way out in. */
    public void add(Gateway way) {
        gateway.fill(way);
    }

    /** A new process of a user, without privileges unless it is user 0, whose root is nowhere yet. */
    public Task task(int uid, int gid, Integer... groups) {
        SuperBlock nowhere = new SuperBlock(new Slot<>("nowhere"), 0, "none");
        Dentry dentry = new Dentry(null, "", new Inode(nowhere, 1, Mode.S_IFDIR));
        Path place = new Path(new Mount(0, nowhere, dentry, null, 0), dentry);
        Process process = new Process(processes.allocate(), new Session(1));
        Arrays.fill(process.softLimits, Limits.INFINITY);
        Credentials who = new Credentials(uid, uid, uid, uid, gid, gid, gid, gid, List.of(groups));
        Task task = new Task(process.pid, process, new FdTable(), new FsContext(place, place), new SigHandlers(), who);
        task.fs.umask = 0;
        processes.add(task);
        return task;
    }

    /**
     * Makes a call until it does not block any more, as a task's is made again when it is woken.
     *
     * @param call may return {@link Kernel#BLOCKED}
     */
    public long await(Task task, LongSupplier call) {
        while (true) {
            long result = call(() -> {
                long now = call.getAsLong();
                if (now == Kernel.BLOCKED) {
                    task.stopWaiting();
                    task.restart.active = true;
                } else {
                    task.restart.clear();
                }
                return now;
            });
            if (result != Kernel.BLOCKED) {
                return result;
            }
            if (!irqs.pending()) {
                LockSupport.parkNanos(50_000);
            }
        }
    }

    // --- lock -------------------------------------------------------------------------------------------------------

    public final void lock() {
        lock.lock();
    }

    public final void unlock() {
        try {
            while (lock.getHoldCount() == 1 && (irqs.pending() || timers.next() <= now())) {
                settle();
            }
        } finally {
            lock.unlock();
        }
    }

    private void settle() {
        for (IrqLines.Line line = irqs.take(); line != null; line = irqs.take()) {
            line.handler.run();
        }
        timers.expire(now(), failure -> {
            throw new IllegalStateException("a timer's action failed", failure);
        });
    }

    /** An interrupt is served at once, by who raised it, unless somebody is in the kernel, who serves it when leaving. */
    private void kicked() {
        if (!lock.isHeldByCurrentThread() && lock.tryLock()) {
            unlock();
        }
    }

    public final <T> T call(Supplier<T> action) {
        lock();
        try {
            return action.get();
        } finally {
            unlock();
        }
    }

    // --- what subsystems ask ----------------------------------------------------------------------------------------

    public final KernelConfig config() {
        return new KernelConfig(List.of(), List.of(), List.of(), "/", "console", "", "rump", false, options);
    }

    public final Vm vm() {
        return vm;
    }

    public Vfs vfs() {
        return vfs;
    }

    public final Slot<NetStack> net() {
        return net;
    }

    public final Slot<Gateway> gateway() {
        return gateway;
    }

    public long realtime() {
        return System.currentTimeMillis() * 1_000_000;
    }

    public long now() {
        return System.nanoTime();
    }

    public void random(byte[] to) {
        ThreadLocalRandom.current().nextBytes(to);
    }

    public final @Nullable Slot<FileSystemType> fileSystem(String name) {
        return fileSystems.get(name);
    }

    public final @Nullable Slot<CharDevice> device(long rdev, boolean block) {
        return (block ? blockDevices : devices).get(rdev);
    }

    public final List<CharDevice> devices() {
        return Stream.concat(devices.values().stream(), blockDevices.values().stream())
                .map(Slot::get)
                .distinct()
                .toList();
    }

    /** Nobody: who must wait for a device does so at once. */
    public final @Nullable Task current() {
        return null;
    }

    public Timer timer(Runnable action) {
        return timers.timer(action);
    }

    public final Irq irq(String name, Runnable handler) {
        irqs.kick(this::kicked);
        return irqs.line(name, handler);
    }

    public final ProcessTable processes() {
        return processes;
    }

    public final void wake(WaitQueue queue) {
        wake(queue, Integer.MAX_VALUE);
    }

    public final int wake(WaitQueue queue, int count) {
        queue.wakes++;
        int woken = 0;
        for (Task task = queue.first(); task != null && woken < count; task = queue.first()) {
            task.stopWaiting();
            task.state = Task.State.RUNNABLE;
            woken++;
        }
        return woken;
    }

    /** There is nobody who could go on without what has failed: whoever uses the kernel is told. */
    public final void shutdown(End end) {
        throw new IllegalStateException(end.message());
    }

    /** There is nobody to be signalled. */
    public void signal(Task task, SigInfo info) {
        // the call that sends it says what has happened by its result
    }

    public final boolean signalPending(Task task) {
        return false;
    }
}
