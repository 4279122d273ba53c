package vkernel.guest.fs.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.Dentry;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** What every writable file system must do. A provider's test extends it and says how one is made. */
public abstract class FileSystemContract {
    protected HeapKernel kernel;
    protected FileSystemType fs;
    protected SuperBlock sb;
    protected Inode root;
    protected Task task;

    protected abstract FileSystemType fileSystem(Kernel kernel);

    @BeforeEach
    void mount() {
        mount(1024);
    }

    private void mount(int pages) {
        kernel = new HeapKernel(pages);
        fs = fileSystem(kernel.kernel());
        sb = fs.mount(kernel.add(fs), 7, "source", "").value();
        root = sb.root();
        task = kernel.task(10, 20);
    }

    protected final Inode file(Inode dir, String name) {
        return fs.create(task, dir, name, Mode.S_IFREG | 0644, 0).value();
    }

    protected final Inode dir(Inode dir, String name) {
        return fs.mkdir(task, dir, name, Mode.S_IFDIR | 0755).value();
    }

    protected final OpenFile open(Inode inode) {
        Dentry dentry = new Dentry(null, "", inode);
        return new OpenFile(new Path(new Mount(1, sb, dentry, null, 0), dentry), sb.type, Mode.O_RDWR);
    }

    protected final long write(Inode inode, long position, byte[] bytes) {
        return fs.write(task, open(inode), kernel.vm().buffer(bytes, 0, bytes.length), position);
    }

    protected final byte[] read(Inode inode, long position, int most) {
        byte[] bytes = new byte[most];
        long n = fs.read(task, open(inode), kernel.vm().buffer(bytes, 0, most), position);
        return java.util.Arrays.copyOf(bytes, (int) n);
    }

    protected final List<String> names(Inode dir) {
        List<String> names = new ArrayList<>();
        fs.readdir(task, open(dir), (name, ino, type, next) -> names.add(name));
        return names;
    }

    @Test
    void anEmptyInstanceHasARootThatIsItsOwnParent() {
        assertThat(root.directory()).isTrue();
        assertThat(root.nlink).isEqualTo(2);
        assertThat(names(root)).containsExactly(".", "..");
    }

    @Test
    protected void aNewFileBelongsToItsMakerAndIsEmpty() {
        Inode made = fs.create(task, root, "a", Mode.S_IFREG | 0640, 0).value();
        assertThat(made.mode).isEqualTo(Mode.S_IFREG | 0640);
        assertThat(List.of(made.uid, made.gid, made.nlink)).containsExactly(10, 20, 1);
        assertThat(made.length()).isZero();
        assertThat(made.mtime).isEqualTo(made.atime).isPositive();
        assertThat(fs.lookup(task, root, "a").value()).isSameAs(made);
    }

    @Test
    protected void aSetGroupIdDirectoryGivesItsGroup() {
        Inode shared = dir(root, "shared");
        shared.gid = 99;
        shared.mode |= Mode.S_ISGID;
        assertThat(file(shared, "f").gid).isEqualTo(99);
    }

    @Test
    void aDirectoryCountsItsSubdirectories() {
        Inode sub = dir(root, "sub");
        assertThat(List.of(root.nlink, sub.nlink)).containsExactly(3, 2);
        assertThat(fs.rmdir(task, root, "sub", sub)).isZero();
        assertThat(List.of(root.nlink, sub.nlink)).containsExactly(2, 0);
    }

    @Test
    void aDirectoryWithEntriesIsNotRemoved() {
        Inode sub = dir(root, "sub");
        file(sub, "f");
        assertThat(fs.rmdir(task, root, "sub", sub)).isEqualTo(-Errno.ENOTEMPTY);
        assertThat(names(root)).contains("sub");
    }

    @Test
    protected void everyChangeOfADirectoryMovesItsTimes() throws Exception {
        long before = root.mtime;
        file(root, "f");
        assertThat(root.mtime).isGreaterThan(before);
        long between = root.ctime;
        fs.unlink(task, root, "f", fs.lookup(task, root, "f").value());
        assertThat(root.ctime).isGreaterThan(between);
    }

    @Test
    void aSecondNameKeepsTheFileAlive() {
        Inode file = file(root, "a");
        write(file, 0, "text".getBytes());
        assertThat(fs.link(task, root, "b", file)).isZero();
        assertThat(file.nlink).isEqualTo(2);
        assertThat(fs.unlink(task, root, "a", file)).isZero();
        assertThat(file.nlink).isEqualTo(1);
        assertThat(read(fs.lookup(task, root, "b").value(), 0, 10)).asString().isEqualTo("text");
    }

    @Test
    void aSymbolicLinkHoldsItsTarget() {
        Inode link = fs.symlink(task, root, "l", "/some/where").value();
        assertThat(link.symlink()).isTrue();
        assertThat(link.length()).isEqualTo(11);
        assertThat(fs.readlink(task, link).value()).isEqualTo("/some/where");
    }

    @Test
    void whatIsWrittenIsReadAndTheRestIsZero() {
        Inode file = file(root, "f");
        assertThat(write(file, 5000, "end".getBytes())).isEqualTo(3);
        assertThat(file.length()).isEqualTo(5003);
        assertThat(read(file, 4998, 100)).containsExactly(0, 0, 'e', 'n', 'd');
        assertThat(read(file, 5003, 10)).isEmpty();
        assertThat(read(file, 99999, 10)).isEmpty();
    }

    @Test
    void whatWasCutOffDoesNotComeBack() {
        Inode file = file(root, "f");
        write(file, 0, "x".repeat(9000).getBytes());
        assertThat(fs.truncate(task, file, 10)).isZero();
        assertThat(fs.truncate(task, file, 9000)).isZero();
        assertThat(file.length()).isEqualTo(9000);
        assertThat(read(file, 0, 9000)).asString().isEqualTo("x".repeat(10) + "\0".repeat(8990));
    }

    @Test
    void aReaderOfADirectorySeesEveryEntryOnceWhateverHappensMeanwhile() {
        for (int i = 0; i < 100; i++) {
            file(root, "f" + i);
        }
        OpenFile reader = open(root);
        List<String> seen = new ArrayList<>();
        for (int round = 0; seen.size() < 102 && round < 200; round++) {
            int[] room = {7};
            fs.readdir(task, reader, (name, ino, type, next) -> room[0]-- > 0 && seen.add(name));
            for (int i = 0; i < 3 && round < 20; i++) {
                file(root, "new" + round + "-" + i);
                Inode victim = fs.lookup(task, root, "new" + round + "-" + i).value();
                fs.unlink(task, root, "new" + round + "-" + i, victim);
            }
        }
        Set<String> once = new HashSet<>(seen);
        assertThat(seen).hasSize(once.size());
        for (int i = 0; i < 100; i++) {
            assertThat(once).contains("f" + i);
        }
    }

    @Test
    void anEntryRemovedBehindTheReaderIsNotSkippedOver() {
        for (int i = 0; i < 50; i++) {
            file(root, "f" + i);
        }
        OpenFile reader = open(root);
        int removed = 0;
        for (int round = 0; round < 60; round++) {
            List<String> batch = new ArrayList<>();
            fs.readdir(task, reader, (name, ino, type, next) -> batch.size() < 5 && batch.add(name));
            batch.removeIf(name -> name.startsWith("."));
            for (String name : batch) {
                fs.unlink(task, root, name, fs.lookup(task, root, name).value());
                removed++;
            }
        }
        assertThat(removed).isEqualTo(50);
        assertThat(names(root)).containsExactly(".", "..");
    }

    @Test
    void renamingMovesOverAFileAndEndsIt() {
        Inode file = file(root, "a");
        Inode old = file(root, "b");
        assertThat(fs.rename(task, root, "a", root, "b", 0)).isZero();
        assertThat(fs.lookup(task, root, "b").value()).isSameAs(file);
        assertThat(fs.lookup(task, root, "a").error()).isEqualTo(-Errno.ENOENT);
        assertThat(old.nlink).isZero();
    }

    @Test
    void renamingADirectoryMovesItsParent() {
        Inode from = dir(root, "from");
        Inode to = dir(root, "to");
        Inode moved = dir(from, "d");
        assertThat(fs.rename(task, from, "d", to, "e", 0)).isZero();
        assertThat(List.of(from.nlink, to.nlink, moved.nlink)).containsExactly(2, 3, 2);
        List<Long> inos = new ArrayList<>();
        fs.readdir(task, open(moved), (name, ino, type, next) -> inos.add(ino));
        assertThat(inos).containsExactly(moved.ino, to.ino);
    }

    @Test
    void renamingOverADirectoryWithEntriesIsRefused() {
        dir(root, "a");
        file(dir(root, "b"), "f");
        assertThat(fs.rename(task, root, "a", root, "b", 0)).isEqualTo(-Errno.ENOTEMPTY);
        assertThat(names(root)).contains("a", "b");
    }

    @Test
    void anExchangeSwapsAFileAndADirectory() {
        Inode sub = dir(root, "sub");
        Inode file = file(sub, "f");
        Inode other = dir(root, "d");
        assertThat(fs.rename(task, sub, "f", root, "d", 2)).isZero();
        assertThat(fs.lookup(task, root, "d").value()).isSameAs(file);
        assertThat(fs.lookup(task, sub, "f").value()).isSameAs(other);
        assertThat(List.of(root.nlink, sub.nlink)).containsExactly(3, 3);
    }

    @Test
    protected void allMemoryComesBackWhenFilesEnd() {
        Inode file = file(root, "f");
        write(file, 0, new byte[20 * 4096]);
        assertThat(kernel.memory.used()).isEqualTo(20);
        fs.unlink(task, root, "f", file);
        fs.evict(file);
        assertThat(kernel.memory.used()).isZero();
        Inode other = file(dir(root, "d"), "g");
        write(other, 0, new byte[4096]);
        fs.unmount(sb);
        assertThat(kernel.memory.used()).isZero();
    }

    @Test
    void randomOperationsAgreeWithAModel() {
        mount(1 << 16);
        long seed = Long.getLong("vkernel.seed", System.nanoTime());
        System.out.println("FileSystemContract seed " + seed + " (-Dvkernel.seed=)");
        new RandomOperations(this, seed).run(3000);
    }
}
