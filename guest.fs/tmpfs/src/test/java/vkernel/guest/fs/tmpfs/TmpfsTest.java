package vkernel.guest.fs.tmpfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.SuperBlock;
import vkernel.guest.fs.contract.FileSystemContract;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;

/** tmpfs does what every file system must, and minds its limits. */
class TmpfsTest extends FileSystemContract {
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;

    @Override
    protected FileSystemType fileSystem(Kernel kernel) {
        return new Tmpfs(kernel);
    }

    private Result<SuperBlock> mount(String options) {
        return fs.mount(sb.type, 8, "t", options);
    }

    private void limited(String options) {
        sb = mount(options).value();
        root = sb.root();
    }

    @Test
    void withoutOptionsHalfOfMemoryMayBeUsed() {
        FsStat stat = fs.stat(sb);
        assertThat(stat.blocks()).isEqualTo(512);
        assertThat(stat.free()).isEqualTo(512);
        assertThat(root.mode).isEqualTo(Mode.S_IFDIR | 01777);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "size=8k;2;512",
                "size=1m;256;512",
                "size=8193;3;512",
                "size=50%;512;512",
                "nr_blocks=7,nr_inodes=2k;7;2048",
                "size=0;0;512"
            })
    void optionsSetTheLimits(String options, long pages, long inodes) {
        SuperBlock mounted = mount(options).value();
        assertThat(mounted.maxPages).isEqualTo(pages);
        assertThat(mounted.maxInodes).isEqualTo(inodes);
    }

    @Test
    void thereAreNoMoreFilesThanTheJavaHeapHolds() {
        long ram = 1L << 40;
        assertThat(Options.initial(ram, 1 << 30).maxInodes()).isEqualTo(1 << 17);
        assertThat(Options.initial(ram, 1 << 30).maxPages()).isEqualTo(1 << 27);
        assertThat(Options.initial(1 << 20, 1 << 30).maxInodes()).isEqualTo(128);
    }

    @Test
    void modeAndOwnerOfTheRootAreOptions() {
        Inode top = mount("mode=0750,uid=3,gid=4").value().root();
        assertThat(top.mode).isEqualTo(Mode.S_IFDIR | 0750);
        assertThat(top.uid).isEqualTo(3);
        assertThat(top.gid).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"size=", "size=x", "size=-1", "size=99999999999g", "mode=9", "colour=red", "uid=-2"})
    void nonsenseIsRefused(String options) {
        assertThat(mount(options).error()).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void aWriteBeyondTheLimitTakesWhatFits() {
        limited("size=8k");
        Inode file = file(root, "f");
        assertThat(write(file, 0, new byte[10_000])).isEqualTo(8192);
        assertThat(write(file, 8192, new byte[1])).isEqualTo(-Errno.ENOSPC);
        assertThat(write(file, 100, new byte[50])).isEqualTo(50);
        assertThat(fs.stat(sb).free()).isZero();
        fs.truncate(task, file, 1);
        assertThat(fs.stat(sb).free()).isEqualTo(1);
        assertThat(write(file(root, "g"), 0, new byte[4096])).isEqualTo(4096);
    }

    @Test
    void aHoleTakesNoSpace() {
        limited("size=8k");
        Inode file = file(root, "f");
        assertThat(fs.truncate(task, file, 1L << 40)).isZero();
        assertThat(write(file, (1L << 40) - 1, new byte[1])).isEqualTo(1);
        assertThat(sb.pages).isEqualTo(1);
    }

    @Test
    void inodesAreCountedAndComeBack() {
        limited("nr_inodes=2");
        Inode file = file(root, "f");
        assertThat(fs.create(task, root, "g", Mode.S_IFREG, 0).error()).isEqualTo(-Errno.ENOSPC);
        assertThat(fs.mkdir(task, root, "g", Mode.S_IFDIR).error()).isEqualTo(-Errno.ENOSPC);
        assertThat(fs.symlink(task, root, "g", "x").error()).isEqualTo(-Errno.ENOSPC);
        assertThat(fs.tmpfile(task, root, Mode.S_IFREG).error()).isEqualTo(-Errno.ENOSPC);
        fs.unlink(task, root, "f", file);
        fs.evict(file);
        assertThat(fs.create(task, root, "g", Mode.S_IFREG, 0).ok()).isTrue();
    }

    @Test
    void furtherNamesCountAsInodes() {
        limited("nr_inodes=3");
        Inode file = file(root, "f");
        assertThat(fs.link(task, root, "g", file)).isZero();
        assertThat(fs.link(task, root, "h", file)).isEqualTo(-Errno.ENOSPC);
        fs.unlink(task, root, "f", file);
        assertThat(sb.inodes).isEqualTo(2);
        fs.unlink(task, root, "g", file);
        fs.evict(file);
        assertThat(sb.inodes).isEqualTo(1);
    }

    @Test
    void aLongSymbolicLinkTakesAPage() {
        limited("size=4k");
        fs.symlink(task, root, "short", "x".repeat(128));
        assertThat(sb.pages).isZero();
        Inode link = fs.symlink(task, root, "long", "x".repeat(129)).value();
        assertThat(fs.symlink(task, root, "more", "x".repeat(129)).error()).isEqualTo(-Errno.ENOSPC);
        assertThat(sb.inodes).isEqualTo(3);
        fs.unlink(task, root, "long", link);
        fs.evict(link);
        assertThat(sb.pages).isZero();
    }

    @Test
    void allocationMakesPagesAndGrowsTheFile() {
        limited("size=16k");
        Inode file = file(root, "f");
        assertThat(fs.allocate(task, file, 0, 4000, 200)).isZero();
        assertThat(file.length()).isEqualTo(4200);
        assertThat(sb.pages).isEqualTo(2);
        assertThat(fs.allocate(task, file, KEEP_SIZE, 8192, 4096)).isZero();
        assertThat(file.length()).isEqualTo(4200);
        assertThat(sb.pages).isEqualTo(3);
        assertThat(fs.allocate(task, file, 0, 0, 1 << 20)).isEqualTo(-Errno.ENOSPC);
        assertThat(fs.allocate(task, file, 0x10, 0, 10)).isEqualTo(-Errno.EOPNOTSUPP);
    }

    @Test
    void allocationBeyondAllMemoryIsRefusedAtOnce() {
        limited("size=0");
        assertThat(fs.allocate(task, file(root, "f"), 0, 0, 1L << 60)).isEqualTo(-Errno.ENOSPC);
    }

    @Test
    void aPunchedHoleReadsAsZerosAndGivesSpaceBack() {
        Inode file = file(root, "f");
        write(file, 0, "x".repeat(12288).getBytes());
        assertThat(fs.allocate(task, file, PUNCH_HOLE | KEEP_SIZE, 10, 8182)).isZero();
        assertThat(sb.pages).isEqualTo(2);
        assertThat(file.length()).isEqualTo(12288);
        assertThat(read(file, 0, 12288)).asString().isEqualTo("x".repeat(10) + "\0".repeat(8182) + "x".repeat(4096));
        assertThat(fs.allocate(task, file, PUNCH_HOLE, 0, 10)).isEqualTo(-Errno.EOPNOTSUPP);
    }

    @Test
    void aRemountChangesTheLimitButNotBelowWhatIsThere() {
        write(file(root, "f"), 0, new byte[3 * 4096]);
        assertThat(fs.remount(sb, "size=8k")).isEqualTo(-Errno.EINVAL);
        assertThat(fs.remount(sb, "size=16k")).isZero();
        assertThat(sb.maxPages).isEqualTo(4);
        assertThat(sb.options).startsWith("size=16k");
    }

    @Test
    void aFileWithoutANameIsUnlinked() {
        Inode file = fs.tmpfile(task, root, Mode.S_IFREG | 0600).value();
        assertThat(file.nlink).isZero();
        assertThat(names(root)).containsExactly(".", "..");
        assertThat(fs.link(task, root, "now", file)).isZero();
        assertThat(file.nlink).isEqualTo(1);
    }
}
