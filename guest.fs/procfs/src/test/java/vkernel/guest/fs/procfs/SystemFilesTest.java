package vkernel.guest.fs.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.dev.DeviceNode;
import vkernel.fs.Dentry;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.task.Task;

/** Files about the system, beside what a real Linux shows. */
class SystemFilesTest {
    private final World world = new World();

    @Test
    void meminfoHasTheLinesAndColumnsOfLinux() {
        List<String> ours = world.read("meminfo").lines().toList();
        List<String> theirs = ProcessFilesTest.linux("meminfo").lines().toList();
        assertThat(ours).hasSameSizeAs(theirs);
        for (int i = 0; i < ours.size(); i++) {
            assertThat(ours.get(i))
                    .startsWith(theirs.get(i).replaceFirst(":.*", ":"))
                    .hasSameSizeAs(theirs.get(i));
        }
        assertThat(ours)
                .contains("MemTotal:          65536 kB", "MemFree:           32768 kB", "Shmem:              2048 kB");
    }

    @Test
    void cpuinfoHasTheLinesOfLinuxForEachHart() {
        assertThat(keys(world.read("cpuinfo"))).isEqualTo(keys(ProcessFilesTest.linux("cpuinfo")));
    }

    private static List<String> keys(String text) {
        return text.lines().map(line -> line.replaceFirst(":.*", ":")).toList();
    }

    @Test
    void statHasTheLinesOfLinux() {
        world.stats.user = 3_000_000_000L;
        world.stats.idle = 20_000_000_000L;
        world.stats.forks = 17;
        String stat = world.read("stat");
        List<String> theirs = ProcessFilesTest.linux("kernel-stat")
                .lines()
                .map(SystemFilesTest::first)
                .toList();
        assertThat(stat.lines().map(SystemFilesTest::first)).containsExactlyElementsOf(theirs);
        assertThat(stat)
                .startsWith("cpu  300 0 0 2000 0 0 0 0 0 0\ncpu0 150 0 0 1000 0")
                .contains("\nbtime 1795347734\n", "\nprocesses 17\n");
    }

    private static String first(String line) {
        return line.split(" ")[0];
    }

    @Test
    void openFilesAreBoundedAndCounted() {
        assertThat(world.read("sys/fs/file-max")).isEqualTo("4096\n");
        assertThat(world.read("sys/fs/file-nr")).isEqualTo("6\t0\t4096\n");
    }

    @Test
    void uptimeAndLoadAreShortLinesOfNumbers() {
        world.stats.load[0] = 0.256;
        world.shell.state = Task.State.RUNNING;
        assertThat(world.read("uptime")).isEqualTo("12.34 0.00\n");
        assertThat(world.read("loadavg")).isEqualTo("0.26 0.00 0.00 1/2 0\n");
    }

    @Test
    void versionBeginsAsUnameDoes() {
        assertThat(world.read("version"))
                .startsWith("Linux version 6.12.0-vkernel (")
                .endsWith(") #1 SMP vkernel\n");
        assertThat(world.read("sys/kernel/osrelease")).isEqualTo("6.12.0-vkernel\n");
    }

    @Test
    void driversAreNamedByTheirNumbers() {
        world.drivers.add(World.driver("mem", new DeviceNode("null", Mode.device(1, 3), 0), zero()));
        world.drivers.add(World.driver(
                "console",
                new DeviceNode("ttyS0", Mode.device(4, 64), 0),
                new DeviceNode("ttyS1", Mode.device(4, 65), 0),
                new DeviceNode("console", Mode.device(5, 1), 0)));
        assertThat(world.read("devices"))
                .isEqualTo("Character devices:\n  1 mem\n  4 ttyS\n  5 /dev/console\n\nBlock devices:\n");
    }

    private static DeviceNode zero() {
        return new DeviceNode("zero", Mode.device(1, 5), 0);
    }

    @Test
    void fileSystemsSayWhetherTheyNeedADevice() {
        assertThat(world.read("filesystems")).isEqualTo("nodev\tproc\n");
    }

    @Test
    void mountsAreListedWithTheirOptionsAndOddNamesEscaped() {
        SuperBlock sb = new SuperBlock(world.slot, Mode.device(0, 26), "my disk");
        sb.options = "size=64k";
        Dentry point = new Dentry(world.root.dentry(), "/mnt/a b", null);
        Mount mount = new Mount(
                22, sb, new Dentry(null, "", new Inode(sb, 1, 0)), new Path(world.root.mount(), point), 1 | 2);
        world.mounts.add(mount);
        assertThat(world.readlink(world.shell, "mounts")).isEqualTo("self/mounts");
        assertThat(world.read("100/mounts"))
                .isEqualTo("proc / proc rw,relatime 0 0\n"
                        + "my\\040disk /mnt/a\\040b proc ro,nosuid,relatime,size=64k 0 0\n");
        assertThat(world.read("100/mountinfo"))
                .isEqualTo("21 21 0:5 / / rw,relatime - proc proc rw\n"
                        + "22 21 0:26 / /mnt/a\\040b ro,nosuid,relatime - proc my\\040disk rw,size=64k\n");
    }

    @Test
    void theHostNameCanBeReadAndWritten() {
        assertThat(world.read("sys/kernel/hostname")).isEqualTo("test\n");
        assertThat(world.write(world.shell, "sys/kernel/hostname", "other\n")).isEqualTo(6);
        assertThat(world.hostname).isEqualTo("other");
        assertThat(world.write(world.shell, "sys/kernel/hostname", "x".repeat(65)))
                .isEqualTo(-Errno.EINVAL);
        assertThat(world.write(world.shell, "sys/kernel/ostype", "x")).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void theBootIsNamedOnceAndAUuidIsNewEachTime() {
        String uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n";
        String boot = world.read("sys/kernel/random/boot_id");
        assertThat(boot).matches(uuid).isEqualTo(world.read("sys/kernel/random/boot_id"));
        assertThat(world.read("sys/kernel/random/uuid"))
                .matches(uuid)
                .isNotEqualTo(world.read("sys/kernel/random/uuid"));
    }

    @Test
    void everyFileOfTheTableIsInItsFolderAndCanBeRead() {
        int files = readAll("");
        assertThat(files).isEqualTo((int) SystemFiles.TABLE.values().stream()
                .filter(entry -> !entry.directory() && !entry.symlink())
                .count());
    }

    private int readAll(String dir) {
        int files = 0;
        for (String name : world.list(dir)) {
            String path = dir.isEmpty() ? name : dir + "/" + name;
            if (name.startsWith(".") || Character.isDigit(name.charAt(0)) && dir.isEmpty()) {
                continue;
            }
            Inode inode = world.find(world.shell, path);
            if (inode.directory()) {
                files += readAll(path);
            } else if (inode.regular()) {
                assertThat(world.read(path)).as(path).doesNotStartWith("E");
                files++;
            }
        }
        return files;
    }

    @Test
    void anInodeKeepsItsNumber() {
        long ino = world.find(world.shell, "100/stat").ino;
        assertThat(world.find(world.shell, "100/stat").ino).isEqualTo(ino);
        assertThat(world.find(world.shell, "100/status").ino).isNotEqualTo(ino);
    }

    @Test
    void boundsAreWhatRootHasWritten() {
        assertThat(world.read("sys/kernel/sem")).isEqualTo("1024\t65536\t500\t4096\n");
        assertThat(world.write(world.shell, "sys/kernel/sem", "7 8\n")).isEqualTo(4);
        assertThat(world.read("sys/kernel/sem")).isEqualTo("7\t8\t500\t4096\n");
        assertThat(world.bounds.semaphoresInSet).isEqualTo(7);
        assertThat(world.write(world.shell, "sys/kernel/sem", "1 2 3 4 5\n")).isEqualTo(-Errno.EINVAL);
        assertThat(world.write(world.shell, "sys/kernel/sem", "32769\n")).isEqualTo(-Errno.EINVAL);
        assertThat(world.write(world.shell, "sys/kernel/msgmni", "-1\n")).isEqualTo(-Errno.EINVAL);
        assertThat(world.write(world.shell, "sys/fs/inotify/max_user_watches", "3\n"))
                .isEqualTo(2);
        assertThat(world.bounds.inotifyWatches).isEqualTo(3);
    }
}
