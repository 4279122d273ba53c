package vkernel.guest.fs.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.dev.Tty;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.task.Limits;
import vkernel.task.SigAction;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Files about a process, beside what a real Linux shows (src/test/resources/linux). */
class ProcessFilesTest {
    private final World world = new World();
    private final Task task = world.task(155, world.shell.process, "sleep", World.user(5));

    static String linux(String file) {
        try (var in = ProcessFilesTest.class.getResourceAsStream("/linux/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String put(long address, String text) {
        System.arraycopy(text.getBytes(StandardCharsets.UTF_8), 0, world.memory, (int) address, text.length());
        return text;
    }

    @Test
    void statIsALineOf52FieldsAsLinuxHasThem() {
        Tty tty = new Tty("ttyS0", "console", Mode.device(4, 64));
        tty.foreground = 155;
        world.session.tty = tty;
        task.userTime = 1_230_000_000;
        task.startTime = 3_910_000_000L;
        task.nice = 5;
        task.hart = 1;
        task.handlers.set(Signal.SIGINT, new SigAction(SigAction.IGNORE, 0, 0));
        task.handlers.set(Signal.SIGHUP, new SigAction(0x1234, 0, 0));
        String[] ours = world.read("155/stat").strip().split(" ");
        String[] theirs = linux("stat").strip().split(" ");
        assertThat(ours).hasSameSizeAs(theirs).hasSize(52);
        assertThat(ours).startsWith("155", "(sleep)", "S", "100", "155", "100", "1088", "155", "4194304");
        assertThat(ours[13]).isEqualTo("123");
        assertThat(List.of(ours).subList(17, 22)).containsExactly("25", "5", "1", "0", "391");
        assertThat(ours[24]).isEqualTo(theirs[24]).isEqualTo("18446744073709551615");
        assertThat(ours[25]).isEqualTo(theirs[25]).isEqualTo("65536");
        assertThat(List.of(ours).subList(30, 35)).containsExactly("0", "0", "2", "1", "1");
        assertThat(List.of(ours).subList(37, 39)).containsExactly("17", "1");
    }

    @Test
    void aNameWithABracketCanBeFoundByTheLastBracket() {
        String stat = world.read("100/stat");
        assertThat(stat).startsWith("100 (my (sh) S 1 ");
        assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")).hasSize(50);
    }

    @Test
    void statusHasTheLinesOfLinuxInItsOrder() {
        String status = world.read("155/status");
        assertThat(names(status)).isEqualTo(names(linux("status")));
        assertThat(status)
                .contains("State:\tS (sleeping)\nTgid:\t155\n", "PPid:\t100\n", "Uid:\t5\t5\t5\t5\n", "Groups:\t \n")
                .contains("VmRSS:\t    1232 kB\nRssAnon:\t      48 kB\n", "VmStk:\t     132 kB\nVmExe:\t    1540 kB\n")
                .contains("Cpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", "SigQ:\t0/1024\n");
    }

    private static List<String> names(String text) {
        return text.lines().map(line -> line.replaceFirst(":.*", "")).toList();
    }

    @Test
    void mapsLookAsLinuxPrintsThem() {
        List<String> theirs = linux("maps").replace("/job/", "/bin/").lines().toList();
        assertThat(world.read("155/maps").lines())
                .containsExactly(theirs.get(0), theirs.get(4), theirs.get(6), theirs.get(7));
    }

    @Test
    void smapsHaveTheLinesOfLinux() {
        List<String> ours = world.read("155/smaps").lines().limit(24).toList();
        List<String> theirs = linux("smaps").lines().toList();
        assertThat(names(String.join("\n", ours.subList(1, 24))))
                .isEqualTo(names(String.join("\n", theirs.subList(1, 24))));
        for (int i = 1; i < 22; i++) {
            assertThat(ours.get(i)).hasSameSizeAs(theirs.get(i));
        }
    }

    @Test
    void limitsAreTheTableOfLinux() {
        task.process.hardLimits[Limits.NOFILE] = 4096;
        task.process.softLimits[Limits.SIGPENDING] = task.process.hardLimits[Limits.SIGPENDING] = 7339;
        assertThat(world.read("155/limits")).isEqualTo(linux("limits"));
    }

    @Test
    void statmCountsPages() {
        assertThat(world.read("155/statm")).isEqualTo("453 308 296 385 0 67 0\n");
    }

    @Test
    void argumentsAndEnvironmentAreTheProcessesMemory() {
        task.memory().argStart = 100;
        task.memory().argEnd = 100 + put(100, "sleep\0" + "1000\0").length();
        task.memory().envStart = 200;
        task.memory().envEnd = 200 + put(200, "A=1\0B=2\0").length();
        assertThat(world.read("155/cmdline")).isEqualTo("sleep\0" + "1000\0");
        assertThat(world.read("155/environ")).isEqualTo("A=1\0B=2\0");
    }

    @Test
    void aTitleWrittenOverTheArgumentsIsShownUpToItsEnd() {
        task.memory().argStart = 100;
        task.memory().argEnd = 106;
        task.memory().envEnd = 140;
        put(100, "worker: idle\0rest");
        assertThat(world.read("155/cmdline")).isEqualTo("worker: idle");
    }

    @Test
    void descriptorsAreLinksToTheirFiles() {
        OpenFile log = world.file("/tmp/log", Mode.S_IFREG | 0644, 7, Mode.O_WRONLY | Mode.O_APPEND);
        log.position = 42;
        task.files.set(1, log, true);
        task.files.set(9, world.file("pipe:[8]", Mode.S_IFIFO, 8, Mode.O_RDONLY), false);
        assertThat(world.list("155/fd")).containsExactly(".", "..", "1", "9");
        assertThat(world.readlink(world.shell, "155/fd/1")).isEqualTo("/tmp/log");
        Inode link = world.find(world.shell, "155/fd/1");
        assertThat(link.mode).isEqualTo(Mode.S_IFLNK | 0300);
        assertThat(world.find(world.shell, "155/fd/9").mode).isEqualTo(Mode.S_IFLNK | 0500);
        assertThat(world.slot.get().jump(world.shell, link).value()).isSameAs(log.path);
        assertThat(world.read("155/fdinfo/1")).isEqualTo("pos:\t42\nflags:\t02102001\nmnt_id:\t1\nino:\t7\n");
        assertThat(world.find(world.shell, "155/fd/2")).isNull();
        assertThat(world.find(world.shell, "155/fd").size).isEqualTo(2);
    }

    @Test
    void placesAreLinksThatLeadThere() {
        assertThat(world.readlink(world.shell, "155/cwd")).isEqualTo("/home");
        assertThat(world.readlink(world.shell, "155/exe")).isEqualTo("/bin/busybox");
        Inode cwd = world.find(world.shell, "155/cwd");
        assertThat(world.slot.get().jump(world.shell, cwd).value()).isSameAs(task.fs.cwd);
        Inode self = world.find(task, "self");
        assertThat(world.slot.get().jump(task, self).error()).isEqualTo(-Errno.EINVAL);
        assertThat(world.readlink(task, "self")).isEqualTo("155");
        assertThat(world.readlink(task, "thread-self")).isEqualTo("155/task/155");
    }

    @Test
    void secretsAreForTheOwnerAndRoot() {
        Task stranger = world.task(200, world.shell.process, "spy", World.user(6));
        for (String file : List.of("maps", "auxv", "environ", "mem", "smaps")) {
            assertThat(world.read(stranger, "155/" + file)).as(file).isEqualTo("EACCES");
            assertThat(world.read(task, "155/" + file)).as(file).isNotEqualTo("EACCES");
        }
        for (String link : List.of("exe", "cwd", "root")) {
            assertThat(world.readlink(stranger, "155/" + link)).isEqualTo("EACCES");
        }
        assertThat(world.find(task, "155/environ").mode).isEqualTo(Mode.S_IFREG | 0400);
        assertThat(world.find(task, "155/environ").uid).isEqualTo(5);
        assertThat(world.find(task, "155/fd").mode).isEqualTo(Mode.S_IFDIR | 0500);
        assertThat(world.read(stranger, "155/stat").split(" ")[27]).isEqualTo("0");
        assertThat(world.read(task, "155/stat").split(" ")[27]).isNotEqualTo("0");
        task.process.dumpable = false;
        Task other = world.task(201, world.shell.process, "same", World.user(5));
        assertThat(world.read(other, "155/maps")).isEqualTo("EACCES");
        assertThat(world.find(other, "155/environ").uid).isZero();
    }

    @Test
    void memoryIsReadAtItsAddresses() {
        put(300, "hello");
        OpenFile mem = world.opened(world.find(world.shell, "155/mem"), Mode.O_RDONLY);
        assertThat(world.slot.get().open(world.shell, mem)).isZero();
        assertThat(world.rest(world.shell, mem)).hasSize(8192).contains("hello");
    }

    @Test
    void threadsHaveAFolderEach() {
        Task second = world.thread(156, task.process, "worker", World.user(5));
        second.userTime = 500_000_000;
        task.userTime = 1_000_000_000;
        assertThat(world.list("155/task")).containsExactly(".", "..", "155", "156");
        assertThat(world.read("155/task/156/comm")).isEqualTo("worker\n");
        assertThat(world.read("155/task/156/stat")).startsWith("156 (worker)");
        assertThat(world.read("155/task/156/status")).contains("Tgid:\t155\n", "\nPid:\t156\n");
        assertThat(world.read("155/stat").split(" ")[13]).isEqualTo("150");
        assertThat(world.read("155/task/156/stat").split(" ")[13]).isEqualTo("50");
        assertThat(world.find(world.shell, "155/task/100")).isNull();
        assertThat(world.find(world.shell, "155/task/156/task")).isNull();
        assertThat(world.read("100/task/100/children")).isEqualTo("155 ");
    }

    @Test
    void aNameCanBeChangedByTheProcessItself() {
        assertThat(world.write(task, "155/comm", "a name that is too long\n")).isEqualTo(24);
        assertThat(task.comm).isEqualTo("a name that is ");
        assertThat(world.write(world.shell, "155/comm", "x")).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void theScoreForAnEndInNeedGoesUpFreelyAndDownByRoot() {
        assertThat(world.write(task, "155/oom_score_adj", "300\n")).isEqualTo(4);
        assertThat(world.write(task, "155/oom_score_adj", "200")).isEqualTo(-Errno.EACCES);
        assertThat(world.write(world.shell, "155/oom_score_adj", "-1000")).isEqualTo(5);
        assertThat(world.read("155/oom_score_adj")).isEqualTo("-1000\n");
        assertThat(world.read("155/oom_score")).isEqualTo("0\n");
        assertThat(world.write(world.shell, "155/oom_score_adj", "1001")).isEqualTo(-Errno.EINVAL);
        assertThat(world.write(world.shell, "155/oom_score_adj", "x")).isEqualTo(-Errno.EINVAL);
        assertThat(world.write(world.shell, "155/status", "x")).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void aZombieHasNoMemoryAnyMore() {
        task.process.zombie = true;
        task.state = Task.State.DEAD;
        task.memory = null;
        assertThat(world.read("155/status")).contains("State:\tZ (zombie)\n").doesNotContain("VmSize");
        assertThat(world.read("155/stat").split(" ")).hasSize(52).contains("Z");
        assertThat(world.read("155/cmdline")).isEmpty();
        assertThat(world.read("155/maps")).isEmpty();
        assertThat(world.readlink(world.shell, "155/exe")).isEqualTo("ENOENT");
    }

    @Test
    void everyFileCanBeReadWhateverTheStateOfTheProcess() {
        task.files.set(0, world.file("/dev/null", Mode.S_IFCHR, 4, Mode.O_RDWR), false);
        readAll("155");
        task.state = Task.State.STOPPED;
        readAll("155");
        task.memory = null;
        task.process.zombie = true;
        readAll("155");
    }

    private void readAll(String dir) {
        for (String name : world.list(dir)) {
            Inode inode = world.find(world.shell, dir + "/" + name);
            if (inode != null && inode.regular()) {
                assertThat(world.read(dir + "/" + name)).as(name).doesNotStartWith("E");
            } else if (inode != null && inode.directory() && !name.startsWith(".")) {
                readAll(dir + "/" + name);
            }
        }
    }

    @Test
    void oneReaderSeesOneMoment() {
        OpenFile file = world.opened(world.find(world.shell, "155/comm"), Mode.O_RDONLY);
        assertThat(world.slot.get().open(world.shell, file)).isZero();
        task.comm = "other";
        assertThat(world.rest(world.shell, file)).isEqualTo("sleep\n");
        assertThat(world.read("155/comm")).isEqualTo("other\n");
    }

    @Test
    void whatIsNoPidIsNoProcess() {
        for (String name :
                new String[] {"0", "00155", "+155", "-1", "99999999999999999999", "154", "nothing", "155x"}) {
            assertThat(world.slot
                            .get()
                            .lookup(world.shell, world.sb.root(), name)
                            .error())
                    .as(name)
                    .isEqualTo(-Errno.ENOENT);
        }
    }

    @Test
    void aProcessThatEndsWhileTheDirectoryIsReadHidesNoOther() {
        world.task(300, world.shell.process, "next", World.user(5));
        OpenFile dir = world.opened(world.sb.root(), 0);
        List<String> seen = new ArrayList<>(world.list(dir, world.list("").indexOf("155") + 1));
        assertThat(seen).endsWith("155");
        world.processes.remove(task.process);
        world.processes.remove(task);
        assertThat(world.list(dir, 100)).containsExactly("300");
        assertThat(world.read("155/stat")).isEqualTo("ENOENT");
    }
}
