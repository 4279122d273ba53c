package vkernel.guest.fs.sysfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.dev.BlockDevices;
import vkernel.dev.Disk;
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
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

/** /sys of a machine with four harts and a disk. */
class SysfsTest {
    private static final int SECTORS = 2048;

    private final Disk disk = new Disk(0, "disk0", "", SECTORS * 512L, true, "S-1");
    private final BlockDevices disks = (BlockDevices) Proxy.newProxyInstance(
            BlockDevices.class.getClassLoader(),
            new Class<?>[] {BlockDevices.class},
            (self, method, a) -> disk.parts.isEmpty() ? List.of() : List.of(disk));
    private final Kernel kernel = (Kernel) Proxy.newProxyInstance(
            Kernel.class.getClassLoader(),
            new Class<?>[] {Kernel.class},
            (self, method, a) -> switch (method.getName()) {
                case "harts" -> 4;
                case "realtime" -> 1L;
                case "devices" -> List.of(disks);
                default -> throw new UnsupportedOperationException(method.getName());
            });
    private final Slot<FileSystemType> slot = new Slot<>("fs.sysfs");
    private final SuperBlock sb = mount();
    private final Mount mount = new Mount(1, sb, new Dentry(null, "", sb.root()), null, 0);
    private final Task task = task();

    private SuperBlock mount() {
        slot.fill(new Sysfs(kernel));
        return slot.get().mount(slot, 7, "sysfs", "").value();
    }

    private Task task() {
        Path root = new Path(mount, mount.root);
        FsContext fs = new FsContext(root, root);
        return new Task(9, new Process(9, new Session(9)), new FdTable(), fs, new SigHandlers(), Credentials.ROOT);
    }

    private Inode find(String path) {
        Inode inode = sb.root();
        for (String name : path.split("/")) {
            var next = slot.get().lookup(task, inode, name);
            assertThat(next.ok()).as(name).isTrue();
            inode = next.value();
        }
        return inode;
    }

    private OpenFile open(Inode inode) {
        OpenFile file = new OpenFile(new Path(mount, new Dentry(null, "x", inode)), slot, 0);
        assertThat(slot.get().open(task, file)).isZero();
        return file;
    }

    private List<String> list(Inode dir) {
        List<String> names = new ArrayList<>();
        OpenFile file = open(dir);
        long before;
        do { // one entry at a time: positions are what a reader comes back with
            before = file.position;
            int[] room = {1};
            slot.get().readdir(task, file, (name, ino, type, next) -> room[0]-- > 0 && names.add(name));
        } while (file.position != before);
        return names;
    }

    @Test
    void theProcessorsAreThoseOfTheMachine() {
        assertThat(new String((byte[]) open(find("devices/system/cpu/online")).data))
                .isEqualTo("0-3\n");
        assertThat(list(find("devices/system/cpu")))
                .contains("cpu0", "cpu3", "possible")
                .doesNotContain("cpu4");
    }

    @Test
    void disksAndPartitionsComeAndGo() {
        assertThat(slot.get().lookup(task, find("block"), "vda").ok()).isFalse();
        disk.parts.add(new Disk.Part("vda", Mode.device(254, 0), 0, disk.size));
        disk.parts.add(new Disk.Part("vda1", Mode.device(254, 1), 512 * 40, 512 * 100));
        assertThat(text("block/vda/serial")).isEqualTo("S-1\n");
        assertThat(text("block/vda/ro")).isEqualTo("1\n");
        assertThat(text("block/vda/vda1/start")).isEqualTo("40\n");
        assertThat(text("class/block/vda1/size")).isEqualTo("100\n");
        assertThat(text("class/block/vda/dev")).isEqualTo("254:0\n");
        assertThat(list(find("block/vda"))).contains("vda1", "size", "queue");
    }

    private String text(String path) {
        return new String((byte[]) open(find(path)).data);
    }

    @Test
    void everyNameInAFolderCanBeLookedUp() {
        assertThat(list(sb.root())).startsWith(".", "..").contains("devices", "kernel", "class");
        for (String name : list(sb.root()).subList(2, 5)) {
            assertThat(find(name).directory()).isTrue();
        }
        assertThat(slot.get().lookup(task, sb.root(), "nothing").error()).isEqualTo(-Errno.ENOENT);
    }
}
