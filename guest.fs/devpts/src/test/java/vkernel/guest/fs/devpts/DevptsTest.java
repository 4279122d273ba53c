package vkernel.guest.fs.devpts;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.dev.Pty;
import vkernel.dev.Tty;
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

/** /dev/pts with a driver whose pseudo-terminals come and go. */
class DevptsTest {
    private final List<Pty> ptys = new ArrayList<>();
    private final Slot<CharDevice> driver = new Slot<>("dev.console");
    private final Kernel kernel = (Kernel) Proxy.newProxyInstance(
            Kernel.class.getClassLoader(),
            new Class<?>[] {Kernel.class},
            (self, method, a) -> switch (method.getName()) {
                case "device" -> driver;
                case "realtime" -> 1L;
                default -> throw new UnsupportedOperationException(method.getName());
            });
    private final Slot<FileSystemType> slot = new Slot<>("fs.devpts");
    private final SuperBlock sb = mount();
    private final Mount mount = new Mount(1, sb, new Dentry(null, "", sb.root()), null, 0);
    private final Task task = task();

    private SuperBlock mount() {
        driver.fill(new CharDevice() {
            @Override
            public String name() {
                return "console";
            }

            @Override
            public List<DeviceNode> nodes() {
                return List.of();
            }

            @Override
            public Collection<Pty> ptys() {
                return ptys;
            }
        });
        slot.fill(new Devpts(kernel));
        return slot.get()
                .mount(slot, 7, "devpts", "gid=5,mode=620,ptmxmode=666")
                .value();
    }

    private Task task() {
        Path root = new Path(mount, mount.root);
        FsContext fs = new FsContext(root, root);
        return new Task(9, new Process(9, new Session(9)), new FdTable(), fs, new SigHandlers(), Credentials.ROOT);
    }

    private static Pty pty(int index) {
        return new Pty(index, new Tty("pts/" + index, "pts/" + index, Mode.device(136, index)), 1000, 1000, 1);
    }

    private List<String> list() {
        List<String> names = new ArrayList<>();
        OpenFile file = new OpenFile(new Path(mount, mount.root), slot, 0);
        slot.get().readdir(task, file, (name, ino, type, next) -> names.add(name));
        return names;
    }

    @Test
    void aPseudoTerminalIsThereUntilItsMasterGoes() {
        ptys.add(pty(0));
        ptys.add(pty(3));
        assertThat(list()).containsExactly(".", "..", "ptmx", "0", "3");
        Inode node = slot.get().lookup(task, sb.root(), "3").value();
        assertThat(node.mode).isEqualTo(Mode.S_IFCHR | 0620);
        assertThat(node.uid).isEqualTo(1000);
        assertThat(node.gid).isEqualTo(5);
        assertThat(node.rdev).isEqualTo(Mode.device(136, 3));
        ptys.get(1).masterGone = true;
        assertThat(slot.get().lookup(task, sb.root(), "3").error()).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void aNodesOwnerStaysAsChangedButNotForTheNextOfItsNumber() {
        ptys.add(pty(0));
        slot.get().lookup(task, sb.root(), "0").value().uid = 7;
        assertThat(slot.get().lookup(task, sb.root(), "0").value().uid).isEqualTo(7);
        ptys.set(0, pty(0));
        assertThat(slot.get().lookup(task, sb.root(), "0").value().uid).isEqualTo(1000);
    }

    @Test
    void onlyNumbersWithoutLeadingZeroesAreNames() {
        ptys.add(pty(0));
        for (String name : List.of("00", "-1", "1", "x", "99999999999")) {
            assertThat(slot.get().lookup(task, sb.root(), name).error())
                    .as(name)
                    .isEqualTo(-Errno.ENOENT);
        }
    }

    @Test
    void unknownOptionsAreRefused() {
        assertThat(slot.get().mount(slot, 8, "devpts", "colour=red").error()).isEqualTo(-Errno.EINVAL);
        assertThat(sb.options).isEqualTo("gid=5,mode=620,ptmxmode=666");
    }
}
