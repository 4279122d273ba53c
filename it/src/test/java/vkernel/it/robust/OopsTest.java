package vkernel.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import vkernel.boot.BootConfig;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.task.Task;

/** A driver with a bug costs the task that met it its life, and nobody else. */
@Timeout(120)
class OopsTest {
    private static final List<Supplier<Throwable>> BUGS = List.of(
            () -> new IllegalStateException("a bug"),
            () -> new StackOverflowError("too deep"),
            () -> new OutOfMemoryError("no heap"),
            () -> new AssertionError("cannot be"),
            () -> new NoClassDefFoundError("vkernel/Gone"));

    private static Machine machine;

    @BeforeAll
    static void boot() {
        machine = new Machine(BootConfig.standard().withMemory(64 << 20), 2 * BUGS.size() + 2);
        Dictionary<String, String> properties = new Hashtable<>();
        properties.put("device", "buggy");
        machine.vk().context().registerService(CharDevice.class, new Buggy(), properties);
    }

    @AfterAll
    static void everythingElseIsAsBefore() {
        try (Machine used = machine) {
            used.atRest();
        }
    }

    @TestFactory
    Stream<DynamicTest> aBugInACallKillsTheCaller() {
        return java.util.stream.IntStream.range(0, BUGS.size())
                .boxed()
                .flatMap(i -> Stream.of(
                        DynamicTest.dynamicTest("read: " + BUGS.get(i).get(), () -> oops("cat /dev/bug" + i, i)),
                        DynamicTest.dynamicTest("open: " + BUGS.get(i).get(), () -> oops("echo x > /dev/bug" + i, i))));
    }

    private static void oops(String script, int bug) {
        long before = machine.kernel().stats().oopses;
        Machine.Run other = machine.sh("read x; echo unharmed");
        // the shell that opens, and the one that waits for it, are not the same
        Machine.Run run = machine.sh("(" + script + "); echo $?");
        assertThat(machine.status(run)).isZero();
        assertThat(run.text()).endsWith("137\n");
        assertThat(machine.status(other)).isZero();
        assertThat(machine.kernel().stats().oopses).isEqualTo(before + 1);
        Throwable expected = BUGS.get(bug).get();
        assertThat(machine.dmesg())
                .contains("oops " + (before + 1) + " in ")
                .contains("registers [")
                .contains(expected.getClass().getSimpleName())
                .contains(expected.getMessage())
                .contains("OopsTest$Buggy");
    }

    @Test
    void aBugWhileTheDyingTaskClosesItsFilesDoesNotStopTheKernel() {
        // cat ends when nobody has its pipe any more: what is behind the bad descriptor is closed, too
        Machine.Run dies = machine.sh("(exec 3</dev/bugrelease 4>&1; exit 0) | cat; echo ended");
        assertThat(machine.status(dies)).isZero();
        assertThat(dies.text()).isEqualTo("ended\n");
        Machine.Run closes = machine.sh("(exec 3</dev/bugrelease; exec 3<&-; echo not reached); echo $?");
        assertThat(machine.status(closes)).isZero();
        assertThat(closes.text()).endsWith("137\n").doesNotContain("not reached");
    }

    /** /dev/bugN throws the N-th bug when it is read or opened for writing; /dev/bugrelease when it is closed. */
    private static final class Buggy implements CharDevice {
        private static final int MAJOR = 240;
        private static final int RELEASE = 100;

        @Override
        public String name() {
            return "buggy";
        }

        @Override
        public List<DeviceNode> nodes() {
            return Stream.concat(
                            java.util.stream.IntStream.range(0, BUGS.size())
                                    .mapToObj(i -> new DeviceNode("bug" + i, Mode.device(MAJOR, i), 0666)),
                            Stream.of(new DeviceNode("bugrelease", Mode.device(MAJOR, RELEASE), 0666)))
                    .toList();
        }

        private static int minor(OpenFile file) {
            for (int i = 0; i < BUGS.size(); i++) {
                if (file.inode().rdev == Mode.device(MAJOR, i)) {
                    return i;
                }
            }
            return RELEASE;
        }

        @Override
        public long open(Task task, OpenFile file) {
            if (file.writable() && minor(file) < BUGS.size()) {
                fail(minor(file));
            }
            return 0;
        }

        @Override
        public long read(Task task, OpenFile file, IoBuffer to, long position) {
            fail(minor(file));
            return 0;
        }

        @Override
        public void release(OpenFile file) {
            if (minor(file) == RELEASE) {
                throw new IllegalStateException("a bug in release");
            }
        }

        private static void fail(int bug) {
            @Nullable Throwable thrown = BUGS.get(bug).get();
            if (thrown instanceof RuntimeException e) {
                throw e;
            }
            throw (Error) thrown;
        }
    }
}
