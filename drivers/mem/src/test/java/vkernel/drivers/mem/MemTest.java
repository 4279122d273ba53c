package vkernel.drivers.mem;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.rump.Partial.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import vkernel.dev.DeviceNode;
import vkernel.fs.Dentry;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.host.Entropy;
import vkernel.host.Host;
import vkernel.kern.Dmesg;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;
import vkernel.rump.ArrayBuffer;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;
import vkernel.vm.PageCache;

class MemTest {
    private final List<Dmesg.Line> log = new ArrayList<>();
    private final Random random = new Random(1);
    private final Mem mem = new Mem(kernel(), host());
    private final SuperBlock sb = new SuperBlock(new Slot<>("fs"), 1, "none");
    private final Mount mount = new Mount(1, sb, new Dentry(null, "", new Inode(sb, 1, Mode.S_IFDIR)), null, 0);
    private final Path root = new Path(mount, mount.root);
    private final Task task = new Task(
            1,
            new Process(1, new Session(1)),
            new FdTable(),
            new FsContext(root, root),
            new SigHandlers(),
            Credentials.ROOT);

    private Kernel kernel() {
        Dmesg dmesg = new Dmesg() {
            @Override
            public List<Line> lines() {
                return List.copyOf(log);
            }

            @Override
            public void follow(Consumer<Line> reader) {
                log.forEach(reader);
            }

            @Override
            public void clear() {
                log.clear();
            }

            @Override
            public void restart() {
                clear();
            }
        };
        return proxy(Kernel.class, name -> switch (name) {
            case "dmesg" -> dmesg;
            case "now" -> 5L;
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private Host host() {
        Entropy entropy = (to, offset, length) -> {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, to, offset, length);
        };
        return proxy(Host.class, name -> entropy);
    }

    private OpenFile open(String name, int flags) {
        DeviceNode node = mem.nodes().stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
        Inode inode = new Inode(sb, 2, Mode.S_IFCHR | node.permissions());
        inode.rdev = node.rdev();
        OpenFile file = new OpenFile(new Path(mount, new Dentry(null, name, inode)), new Slot<>("dev.mem"), flags);
        assertThat(mem.open(task, file)).isZero();
        return file;
    }

    private String read(OpenFile file, int length) {
        byte[] bytes = new byte[length];
        long n = mem.read(task, file, ArrayBuffer.of(bytes), 0);
        return n == Kernel.BLOCKED
                ? "blocked"
                : n < 0 ? Errno.name((int) -n) : new String(bytes, 0, (int) n, StandardCharsets.ISO_8859_1);
    }

    private long write(OpenFile file, String text) {
        return mem.write(task, file, ArrayBuffer.of(text.getBytes(StandardCharsets.UTF_8)), 0);
    }

    @Test
    void nullIsEmptyAndTakesEverything() {
        OpenFile file = open("null", Mode.O_RDWR);
        assertThat(read(file, 10)).isEmpty();
        assertThat(write(file, "gone")).isEqualTo(4);
        assertThat(mem.pages(file)).isNull();
    }

    @Test
    void zeroGivesZerosAndMapsAsMemoryOfItsOwn() {
        OpenFile file = open("zero", Mode.O_RDWR);
        assertThat(read(file, 3_000_000)).hasSize(3_000_000).matches("\0*");
        assertThat(write(file, "gone")).isEqualTo(4);
        PageCache first = mem.pages(file);
        assertThat(first).isNotNull().isNotSameAs(mem.pages(file));
        assertThat(first.ownedByMappings).isTrue();
    }

    @Test
    void fullHasNoSpace() {
        OpenFile file = open("full", Mode.O_RDWR);
        assertThat(read(file, 5)).isEqualTo("\0\0\0\0\0");
        assertThat(write(file, "x")).isEqualTo(-Errno.ENOSPC);
    }

    @Test
    void randomBytesFillTheWholeBufferAndDiffer() {
        for (String name : List.of("random", "urandom")) {
            OpenFile file = open(name, Mode.O_RDWR);
            String first = read(file, 10_000);
            assertThat(first).hasSize(10_000).isNotEqualTo(read(file, 10_000));
            assertThat(first.substring(8192)).isNotEqualTo(first.substring(0, 10_000 - 8192));
            assertThat(write(file, "x".repeat(9000))).isEqualTo(9000);
        }
    }

    @Test
    void theLogIsReadRecordByRecord() {
        log.add(new Dmesg.Line(7, 1_234_567_000, 6, "vm", "hello"));
        log.add(new Dmesg.Line(8, 2_000_000_000, 3, "vm", "tab\there \\ ü"));
        OpenFile file = open("kmsg", Mode.O_RDONLY | Mode.O_NONBLOCK);
        assertThat(read(file, 10)).isEqualTo("EINVAL");
        assertThat(read(file, 8192)).isEqualTo("6,7,1234567,-;vm: hello\n");
        assertThat(mem.poll(file, null) & Mode.POLLIN).isNotZero();
        assertThat(read(file, 8192)).isEqualTo("3,8,2000000,-;vm: tab\\x09here \\x5c \\xc3\\xbc\n");
        assertThat(read(file, 8192)).isEqualTo("EAGAIN");
        assertThat(mem.poll(file, null) & Mode.POLLIN).isZero();
        log.add(new Dmesg.Line(9, 0, 6, "vm", "more"));
        assertThat(read(file, 8192)).endsWith(";vm: more\n");
    }

    @Test
    void aReaderThatTheLogOvertookIsToldSo() {
        log.add(new Dmesg.Line(1, 0, 6, "a", "old"));
        OpenFile file = open("kmsg", Mode.O_RDONLY | Mode.O_NONBLOCK);
        log.set(0, new Dmesg.Line(50, 0, 6, "a", "new"));
        assertThat(read(file, 8192)).isEqualTo("EPIPE");
        assertThat(read(file, 8192)).endsWith("a: new\n");
    }

    @Test
    void aReaderAtTheEndLooksAgainSoon() {
        OpenFile file = open("kmsg", Mode.O_RDONLY);
        assertThat(read(file, 8192)).isEqualTo("blocked");
        assertThat(task.restart.deadline).isGreaterThan(5).isLessThan(1_000_000_000);
    }

    @Test
    void aRecordWrittenIsTakenWhole() {
        OpenFile file = open("kmsg", Mode.O_WRONLY);
        assertThat(write(file, "<6>service started\n")).isEqualTo(19);
        assertThat(write(file, "x".repeat(2000))).isEqualTo(-Errno.EINVAL);
    }
}
