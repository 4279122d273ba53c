package vkernel.guest.fs.devfs;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.rump.Partial.proxy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
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
import vkernel.guest.fs.tmpfs.Tmpfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;
import vkernel.vm.MemoryStats;
import vkernel.vm.Vm;

/** /dev on a real tmpfs, with drivers that come and go. */
class DevfsTest {
    private static final DeviceNode NULL = new DeviceNode("null", Mode.device(1, 3), 0666);
    private static final DeviceNode EVENT = new DeviceNode("input/event0", Mode.device(13, 64), 0600);

    private final List<CharDevice> drivers = new ArrayList<>();
    private final Kernel kernel = kernel();
    private final Slot<FileSystemType> slot = new Slot<>("fs.devtmpfs");
    private final Slot<FileSystemType> tmpfs = new Slot<>("fs.tmpfs");
    private final SuperBlock sb = mount();
    private final Task task = task();

    private Kernel kernel() {
        Vm vm = proxy(Vm.class, name -> new MemoryStats(1 << 24, 1 << 24, 0, 0, 0, 0, 0, 0, 0));
        return proxy(Kernel.class, name -> switch (name) {
            case "devices" -> List.copyOf(drivers);
            case "realtime" -> 1_000_000_000L;
            case "vm" -> vm;
            case "fileSystem" -> tmpfs;
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private SuperBlock mount() {
        tmpfs.fill(new Tmpfs(kernel));
        slot.fill(new Devfs(kernel));
        return slot.get().mount(slot, 7, "devtmpfs", "").value();
    }

    private Task task() {
        Mount mount = new Mount(1, sb, new Dentry(null, "", sb.root()), null, 0);
        Path root = new Path(mount, mount.root);
        Credentials user = new Credentials(5, 5, 5, 5, 5, 5, 5, 5, List.of());
        return new Task(
                9, new Process(9, new Session(9)), new FdTable(), new FsContext(root, root), new SigHandlers(), user);
    }

    private static CharDevice driver(String name, DeviceNode... nodes) {
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

    private Result<Inode> lookup(Inode dir, String name) {
        return slot.get().lookup(task, dir, name);
    }

    private List<String> list(Inode dir) {
        List<String> names = new ArrayList<>();
        Mount mount = new Mount(2, sb, new Dentry(null, "", dir), null, 0);
        OpenFile file = new OpenFile(new Path(mount, mount.root), slot, 0);
        slot.get().readdir(task, file, (name, ino, type, next) -> names.add(name));
        return names;
    }

    @Test
    void aDriversNodesAreThereAsLongAsItIs() {
        assertThat(lookup(sb.root(), "null").error()).isEqualTo(-Errno.ENOENT);
        drivers.add(driver("mem", NULL));
        Inode node = lookup(sb.root(), "null").value();
        assertThat(node.mode).isEqualTo(Mode.S_IFCHR | 0666);
        assertThat(node.rdev).isEqualTo(Mode.device(1, 3));
        assertThat(node.uid).isZero();
        assertThat(list(sb.root())).contains("null");
        drivers.clear();
        assertThat(list(sb.root())).doesNotContain("null");
        assertThat(lookup(sb.root(), "null").error()).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void aNodeMayBeInAFolder() {
        drivers.add(driver("input", EVENT));
        Inode folder = lookup(sb.root(), "input").value();
        assertThat(list(folder)).containsExactly(".", "..", "event0");
        drivers.clear();
        assertThat(list(folder)).containsExactly(".", "..");
    }

    @Test
    void theUsualLinksAndMountPointsAreThere() {
        assertThat(list(sb.root())).contains("fd", "stdin", "stdout", "stderr", "pts", "shm");
        Inode link = lookup(sb.root(), "stdin").value();
        assertThat(slot.get().readlink(task, link).value()).isEqualTo("/proc/self/fd/0");
        assertThat(lookup(sb.root(), "shm").value().mode).isEqualTo(Mode.S_IFDIR | 01777);
        assertThat(sb.root().mode).isEqualTo(Mode.S_IFDIR | 0755);
    }

    @Test
    void whatAUserMakesOrRemovesIsTheUsersOwn() {
        drivers.add(driver("mem", NULL));
        FileSystemType dev = slot.get();
        Inode root = sb.root();
        Inode node = lookup(root, "null").value();
        assertThat(dev.unlink(task, root, "null", node)).isZero();
        assertThat(lookup(root, "null").ok()).isFalse();
        Inode mine = dev.create(task, root, "null", Mode.S_IFREG | 0600, 0).value();
        drivers.clear();
        assertThat(lookup(root, "null").value()).isSameAs(mine);
        assertThat(mine.uid).isEqualTo(5);
        drivers.add(driver("mem", NULL));
        assertThat(lookup(root, "null").value()).isSameAs(mine);
    }

    @Test
    void aChangedModeStays() {
        drivers.add(driver("mem", NULL));
        lookup(sb.root(), "null").value().mode = Mode.S_IFCHR | 0600;
        assertThat(lookup(sb.root(), "null").value().mode).isEqualTo(Mode.S_IFCHR | 0600);
    }
}
