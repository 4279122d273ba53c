package vkernel.guest.fs.procfs;

import static vkernel.rump.Partial.proxy;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import vkernel.abi.Abi;
import vkernel.abi.Bounds;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.Dentry;
import vkernel.fs.FdTable;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsContext;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.KernelConfig;
import vkernel.kern.KernelStats;
import vkernel.kern.Slot;
import vkernel.rump.ArrayBuffer;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.ProcessTable;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.MemoryStats;
import vkernel.vm.Vm;
import vkernel.vm.VmCounters;
import vkernel.vm.Vma;

/** A kernel with processes to look at, and /proc mounted. */
final class World {
    final Bounds bounds = new Bounds();
    final ProcessTable processes = new ProcessTable();
    final KernelStats stats = new KernelStats();
    final List<Mount> mounts = new ArrayList<>();
    final List<CharDevice> drivers = new ArrayList<>();
    String hostname = "test";
    /** User memory of every process from address 0. */
    final byte[] memory = new byte[8192];

    final Kernel kernel = proxy(Kernel.class, this::kernel);
    final Slot<FileSystemType> slot = new Slot<>("fs.proc");
    final SuperBlock sb;
    final Path root;
    final Session session = new Session(100);
    final Task shell;

    private final Vm vm = proxy(Vm.class, this::vm);
    private final Vfs vfs = proxy(Vfs.class, this::vfs);

    World() {
        slot.fill(new Procfs(kernel));
        sb = slot.get().mount(slot, Mode.device(0, 5), "proc", "").value();
        Mount mount = new Mount(21, sb, new Dentry(null, "", sb.root()), null, 0);
        mounts.add(mount);
        root = new Path(mount, mount.root);
        Task init = task(1, null, "init", Credentials.ROOT);
        shell = task(100, init.process, "my (sh", Credentials.ROOT);
    }

    /** The first thread of a new process in the session, with a little memory. */
    Task task(int pid, Process parent, String comm, Credentials who) {
        Process process = new Process(pid, session);
        process.parent = parent;
        process.pgid = pid;
        Limits.initial(process, 7339);
        if (parent != null) {
            parent.children.add(process);
        }
        Task task = thread(pid, process, comm, who);
        AddressSpace space = new AddressSpace(pid, 0);
        space.startCode = 0x10000;
        space.endCode = 0x190448;
        space.brkStart = 0x856e000;
        space.brk = 0x8590000;
        space.startStack = 0x7fffc8bf2000L;
        space.anonymousPages = 12;
        space.filePages = 296;
        space.tablePages = 9;
        space.insert(code(space));
        space.insert(vma(space, 0x856e000, 0x8590000, Vma.READ | Vma.WRITE, null));
        space.insert(vma(space, 0x7fffbc2b9000L, 0x7fffbc2ba000L, Vma.READ | Vma.EXECUTE, "[vdso]"));
        Vma stack = vma(space, 0x7fffc8bd2000L, 0x7fffc8bf3000L, Vma.READ | Vma.WRITE, null);
        stack.growsDown = true;
        space.insert(stack);
        task.memory = space;
        processes.add(process);
        return task;
    }

    private Vma code(AddressSpace space) {
        Vma vma = vma(space, 0x10000, 0x191000, Vma.READ | Vma.EXECUTE, null);
        vma.file = file("/bin/busybox", Mode.S_IFREG | 0755, 4672, 0);
        return vma;
    }

    private static Vma vma(AddressSpace space, long start, long end, int protection, String name) {
        Vma vma = new Vma(space, start, end, protection);
        vma.name = name;
        return vma;
    }

    Task thread(int tid, Process process, String comm, Credentials who) {
        FsContext fs =
                new FsContext(root == null ? place("/", Mode.S_IFDIR, 2) : root, place("/home", Mode.S_IFDIR, 3));
        Task task = new Task(tid, process, new FdTable(), fs, new SigHandlers(), who);
        task.comm = comm;
        process.threads.add(task);
        processes.add(task);
        return task;
    }

    static Credentials user(int uid) {
        return new Credentials(uid, uid, uid, uid, uid, uid, uid, uid, List.of());
    }

    private Path place(String name, int mode, long ino) {
        SuperBlock disk = new SuperBlock(new Slot<>("fs"), Mode.device(0, 2), "none");
        Mount mount = new Mount(1, disk, new Dentry(null, "", new Inode(disk, 1, Mode.S_IFDIR)), null, 0);
        return new Path(mount, new Dentry(null, name, new Inode(disk, ino, mode)));
    }

    OpenFile file(String name, int mode, long ino, int flags) {
        return new OpenFile(place(name, mode, ino), new Slot<>("fs"), flags);
    }

    // --- looking ----------------------------------------------------------------------------------------------------

    /** The inode of a path below /proc; null when there is none. */
    Inode find(Task reader, String path) {
        Inode inode = sb.root();
        for (String name : path.split("/")) {
            var found = slot.get().lookup(reader, inode, name);
            if (!found.ok()) {
                return null;
            }
            inode = found.value();
        }
        return inode;
    }

    OpenFile opened(Inode inode, int flags) {
        return new OpenFile(new Path(root.mount(), new Dentry(null, "", inode)), slot, flags);
    }

    /** A file's text, or the name of the error. */
    String read(Task reader, String path) {
        Inode inode = find(reader, path);
        if (inode == null) {
            return "ENOENT";
        }
        OpenFile file = opened(inode, Mode.O_RDONLY);
        long error = slot.get().open(reader, file);
        return error == 0 ? rest(reader, file) : Errno.name((int) -error);
    }

    /** An open file's text from its beginning. */
    String rest(Task reader, OpenFile file) {
        byte[] bytes = new byte[1 << 20];
        long n = slot.get().read(reader, file, ArrayBuffer.of(bytes), 0);
        return n < 0 ? Errno.name((int) -n) : new String(bytes, 0, (int) n, StandardCharsets.ISO_8859_1);
    }

    String read(String path) {
        return read(shell, path);
    }

    long write(Task writer, String path, String text) {
        OpenFile file = opened(find(writer, path), Mode.O_WRONLY);
        long error = slot.get().open(writer, file);
        return error != 0 ? error : slot.get().write(writer, file, ArrayBuffer.of(text.getBytes()), 0);
    }

    List<String> list(String path) {
        return list(opened(path.isEmpty() ? sb.root() : find(shell, path), 0), Integer.MAX_VALUE);
    }

    /** At most {@code most} further names of an open directory. */
    List<String> list(OpenFile file, int most) {
        List<String> names = new ArrayList<>();
        slot.get().readdir(shell, file, (name, ino, type, next) -> names.size() < most && names.add(name));
        return names;
    }

    String readlink(Task reader, String path) {
        var target = slot.get().readlink(reader, find(reader, path));
        return target.ok() ? target.value() : Errno.name((int) -target.error());
    }

    // --- the kernel -------------------------------------------------------------------------------------------------

    private Object kernel(Method method, Object[] a) {
        return switch (method.getName()) {
            case "processes" -> processes;
            case "abi" -> proxy(Abi.class, (call, none) -> bounds);
            case "vm" -> vm;
            case "vfs" -> vfs;
            case "stats" -> stats;
            case "net" -> new Slot<>("net");
            case "harts" -> 2;
            case "now" -> 12_340_000_000L;
            case "realtime" -> 1_795_347_746_340_000_000L;
            case "hostname" -> hostname;
            case "setHostname" -> hostname = (String) a[0];
            case "devices" -> List.copyOf(drivers);
            case "fileSystems" -> List.of("proc");
            case "fileSystem" -> slot;
            case "config" ->
                new KernelConfig(
                        List.of("root.cpio"),
                        List.of("/init", "x"),
                        List.of(),
                        "/",
                        "console",
                        "rr",
                        "test",
                        false,
                        Map.of());
            case "random" -> {
                byte[] to = (byte[]) a[0];
                stats.traps++;
                java.util.Arrays.fill(to, (byte) stats.traps);
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private Object vm(Method method, Object[] a) {
        return switch (method.getName()) {
            case "stats" -> new MemoryStats(64 << 20, 32 << 20, 8 << 20, 2 << 20, 4 << 20, 1 << 20, 0, 0, 3);
            case "counters" -> new VmCounters();
            case "swap" -> List.of();
            case "resident" -> a.length == 1 ? (Object) 4096L : (Object) 0L;
            case "peek" -> {
                long address = (Long) a[1];
                int n = (int) Math.min((int) a[4], Math.max(0, memory.length - address));
                if (n > 0) {
                    System.arraycopy(memory, (int) address, a[2], (int) a[3], n);
                }
                yield n;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    private Object vfs(Method method, Object[] a) {
        return switch (method.getName()) {
            case "mounts" -> mounts;
            case "openFiles" -> 6;
            case "maxFiles" -> 4096;
            case "name" -> {
                Path path = (Path) a[1];
                Path point = path.mount().point;
                yield path.dentry() != path.mount().root
                        ? path.dentry().name
                        : point == null ? "/" : point.dentry().name;
            }
            default -> throw new UnsupportedOperationException(method.toString());
        };
    }

    static CharDevice driver(String name, DeviceNode... nodes) {
        return new CharDevice() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<DeviceNode> nodes() {
                return List.of(nodes);
            }
        };
    }
}
