package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import vkernel.fs.Dentry;
import vkernel.fs.FdTable;
import vkernel.fs.FileOps;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsContext;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.host.ByteRom;
import vkernel.host.Host;
import vkernel.host.MachineConfig;
import vkernel.host.Rom;
import vkernel.host.contract.ScriptedEngine;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.host.sim.SimulatedHost;
import vkernel.kern.Slot;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.PageCache;
import vkernel.vm.PageSource;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** A simulated machine with virtual memory on it, and one hart that can be told to touch memory. */
final class Machine implements AutoCloseable {
    static final int PAGE = 4096;
    static final int RW = Vma.READ | Vma.WRITE;
    static final int PRIVATE = Vm.MAP_PRIVATE | Vm.MAP_ANONYMOUS;
    static final int SHARED = Vm.MAP_SHARED | Vm.MAP_ANONYMOUS;

    final ScriptedEngine engine = new ScriptedEngine();
    final SimulatedHost host;
    final SmallKernel kernel = new SmallKernel();
    DemandPaging vm;

    /** Faults that had their task wait. */
    int waits;

    private int lastPid;

    Machine(long ram, byte[] rom) {
        this(new MachineConfig(ram, 1, MachineConfig.Time.VIRTUAL, 1, true, Map.of(), roms(rom), Map.of()));
    }

    /** A machine with swap space. */
    Machine(long ram, byte[] rom, java.nio.file.Path swap, MachineConfig.Time time) {
        this(new MachineConfig(
                ram, 1, time, 1, true, Map.of(), roms(rom), Map.of("swap0", vkernel.host.BlockSource.of(swap))));
        assertThat(vm.swapOn("swap0")).isZero();
    }

    Machine(MachineConfig config) {
        host = new SimulatedHost(config, engine);
        vm = new DemandPaging(host, kernel.kernel);
    }

    private static Map<String, Rom> roms(byte[] rom) {
        Map<String, Rom> roms = new HashMap<>();
        roms.put("root", new ByteRom(rom));
        return roms;
    }

    /** A process with an empty address space. */
    Task process() {
        AddressSpace space = vm.create();
        assertThat(space).isNotNull();
        return process(space);
    }

    Task process(AddressSpace space) {
        int pid = ++lastPid;
        Process process = new Process(pid, new Session(pid));
        Limits.initial(process, 100);
        Path nowhere = path(new Inode(superBlock(), 1, Mode.S_IFDIR));
        Task task = new Task(
                pid, process, new FdTable(), new FsContext(nowhere, nowhere), new SigHandlers(), Credentials.ROOT);
        task.memory = space;
        task.comm = "p" + pid;
        process.threads.add(task);
        kernel.processes.add(process);
        kernel.processes.add(task);
        return task;
    }

    void end(Task task) {
        kernel.processes.remove(task);
        kernel.processes.remove(task.process);
        AddressSpace space = task.memory();
        task.memory = null;
        vm.drop(space);
    }

    /** A file whose pages are read from the machine's ROM. */
    static PageCache romPages(long offset, long length) {
        PageCache pages = new PageCache();
        pages.source = new PageSource("root", offset, length);
        pages.size = length;
        return pages;
    }

    /** An open file of these pages. */
    static OpenFile open(PageCache pages, int flags) {
        Inode inode = new Inode(superBlock(), 2, Mode.S_IFREG | 0644);
        inode.pages = pages;
        Slot<FileOps> ops = new Slot<>("fs.test");
        ops.fill(new FileOps() {
            @Override
            public PageCache pages(OpenFile file) {
                return pages;
            }
        });
        return new OpenFile(path(inode), ops, flags);
    }

    private static SuperBlock superBlock() {
        return new SuperBlock(new Slot<FileSystemType>("fs.test"), 1, "test");
    }

    private static Path path(Inode inode) {
        Dentry dentry = new Dentry(null, "/", inode);
        return new Path(new Mount(1, inode.sb, dentry, null, 0), dentry);
    }

    /** Executes a load of user code, repairing its faults. @return what a fault ended with; FAULT_DONE if well */
    int load(Task task, long va, long[] value) {
        engine.script(0, ScriptedEngine.load(va, loaded -> value[0] = loaded));
        return run(task, va, Vma.READ);
    }

    /** Executes a store of user code, repairing its faults. */
    int store(Task task, long va, long value) {
        engine.script(0, ScriptedEngine.store(va, value));
        return run(task, va, Vma.WRITE);
    }

    private int run(Task task, long va, int access) {
        Hart hart = host.hart(0);
        hart.regs[Registers.PC] = 0;
        kernel.current = task;
        for (int i = 0; i < 20; i++) {
            int trap = host.vmspaces().run(task.memory().id, hart, 100);
            if (trap == Trap.SYSCALL) {
                return Vm.FAULT_DONE;
            }
            assertThat(hart.trapAddress).isEqualTo(va);
            if (vm.sharedFault(task, va, access)) {
                continue;
            }
            int done = vm.fault(task, va, access);
            if (done == Vm.FAULT_WAIT) {
                waits++;
                kernel.awaitWake(task);
                continue;
            }
            if (done != Vm.FAULT_DONE) {
                return done;
            }
        }
        throw new AssertionError("the fault at " + Long.toHexString(va) + " is never repaired");
    }

    boolean write(Task task, long va, byte[] bytes) {
        return vm.write(task.memory(), va, bytes, 0, bytes.length);
    }

    /** Memory as user code reads it; fails when it cannot. */
    byte[] read(Task task, long va, int length) {
        byte[] bytes = new byte[length];
        assertThat(vm.read(task.memory(), va, bytes, 0, length)).isTrue();
        return bytes;
    }

    long map(Task task, long length, int protection, int flags) {
        return vm.map(task.memory(), 0, length, protection, flags, null, 0);
    }

    /** Hands virtual memory over to a new instance. */
    void swap() throws Exception {
        DemandPaging next = new DemandPaging(host, kernel.kernel);
        next.adopt(vm.release());
        vm = next;
    }

    /** Everything is accounted for, and no translation that was used was stale. */
    void check() {
        assertThat(vm.check()).isEmpty();
        assertThat(host.vmspaces().staleTranslations()).isEmpty();
    }

    Host host() {
        return host;
    }

    @Override
    public void close() {
        host.close();
    }
}
