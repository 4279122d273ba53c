package vkernel.guest.fs.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.dev.CharDevice;
import vkernel.fs.Dentry;
import vkernel.fs.FdTable;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsContext;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;
import vkernel.kern.Timer;
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

/** A kernel of which there is what file systems need. Its time goes on by a second with each look. */
public final class HeapKernel {
    private static final long SECOND = 1_000_000_000;

    public final HeapVm memory;
    /** Signals sent, in order. */
    public final List<SigInfo> signals = new ArrayList<>();

    public final Map<Long, Slot<CharDevice>> devices = new HashMap<>();

    private final Map<String, Slot<FileSystemType>> fileSystems = new HashMap<>();
    private final ProcessTable processes = new ProcessTable();
    private final Kernel kernel = Partial.of(Kernel.class, this);
    private final Vm vm;
    private long time = 1_000_000 * SECOND;

    /** @param pages pages of memory */
    public HeapKernel(int pages) {
        memory = new HeapVm(pages);
        vm = Partial.of(Vm.class, memory);
    }

    /** This kernel as the others know it. */
    public Kernel kernel() {
        return kernel;
    }

    public Slot<FileSystemType> add(FileSystemType type) {
        Slot<FileSystemType> slot = new Slot<>("fs." + type.name());
        slot.fill(type);
        fileSystems.put(type.name(), slot);
        return slot;
    }

    public Vm vm() {
        return vm;
    }

    public long realtime() {
        return time += SECOND;
    }

    public long now() {
        return time;
    }

    public @Nullable Slot<FileSystemType> fileSystem(String name) {
        return fileSystems.get(name);
    }

    public @Nullable Slot<CharDevice> device(long rdev) {
        return devices.get(rdev);
    }

    public List<CharDevice> devices() {
        return devices.values().stream().map(Slot::get).distinct().toList();
    }

    /** Nobody: who must wait does so at once. */
    public @Nullable Task current() {
        return null;
    }

    /** A timer that never expires: there is no time here. */
    public Timer timer(Runnable action) {
        return new Timer() {
            private long at = Long.MAX_VALUE;

            @Override
            public void arm(long deadline) {
                at = deadline;
            }

            @Override
            public long deadline() {
                return at;
            }
        };
    }

    public ProcessTable processes() {
        return processes;
    }

    public void wake(WaitQueue queue) {
        queue.wakes++;
        for (Task task = queue.first(); task != null; task = queue.first()) {
            task.stopWaiting();
            task.state = Task.State.RUNNABLE;
        }
    }

    public void signal(Task task, SigInfo info) {
        signals.add(info);
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
}
