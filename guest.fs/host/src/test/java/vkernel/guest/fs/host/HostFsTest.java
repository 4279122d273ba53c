package vkernel.guest.fs.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.SuperBlock;
import vkernel.fs.Vfs;
import vkernel.guest.fs.contract.FileSystemContract;
import vkernel.host.Folder;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.rump.Partial;
import vkernel.vm.PageCache;

/** A folder of the host does what every file system does; what the host does in it is seen at once. */
class HostFsTest extends FileSystemContract {
    @TempDir
    private Path temp;

    private Path folder;
    private Folder machineFolder;
    private int made;
    private int room = Integer.MAX_VALUE;

    @Override
    protected FileSystemType fileSystem(Kernel unused) {
        try {
            folder = Files.createDirectory(temp.resolve("shared" + made++));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        machineFolder = limited(Folder.of(folder, false));
        return new HostFs(unused, Shared.host(machineFolder));
    }

    /** A folder on a disk that takes {@link #room} bytes more. */
    private Folder limited(Folder real) {
        return Partial.proxy(Folder.class, (method, arguments) -> {
            if (method.getName().equals("write") && room == 0) {
                return (long) -Errno.ENOSPC;
            }
            if (method.getName().equals("write")) {
                arguments[4] = Math.min((int) arguments[4], room);
                room -= (int) arguments[4];
            }
            try {
                return method.invoke(real, arguments);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    // --- otherwise than in memory -----------------------------------------------------------------------------------

    @Override
    @Test
    protected void aNewFileBelongsToItsMakerAndIsEmpty() {
        Inode file = fs.create(task, root, "a", Mode.S_IFREG | 0640, 0).value();
        assertThat(file.mode).isEqualTo(Mode.S_IFREG | 0640);
        // all that is made belongs to the host's user, who is root here
        assertThat(List.of(file.uid, file.gid, file.nlink)).containsExactly(0, 0, 1);
        assertThat(fs.lookup(task, root, "a").value()).isSameAs(file);
    }

    @Override
    @Test
    protected void aSetGroupIdDirectoryGivesItsGroup() {
        assertThat(fs.mkdir(task, root, "d", Mode.S_IFDIR | Mode.S_ISGID | 0755).value().mode & Mode.S_ISGID)
                .isNotZero();
    }

    @Override
    @Test
    protected void everyChangeOfADirectoryMovesItsTimes() throws IOException {
        Files.setLastModifiedTime(folder, FileTime.fromMillis(1000));
        file(root, "f");
        long after = root.mtime;
        assertThat(after).isGreaterThan(1_000_000_000L);
        Files.setLastModifiedTime(folder, FileTime.fromMillis(1000));
        fs.unlink(task, root, "f", fs.lookup(task, root, "f").value());
        assertThat(root.mtime).isGreaterThanOrEqualTo(after);
    }

    @Override
    @Test
    protected void allMemoryComesBackWhenFilesEnd() {
        Inode file = file(root, "f");
        write(file, 0, new byte[20 * 4096]);
        assertThat(kernel.memory.used()).isZero(); // nothing has mapped it
        touchPages(file);
        assertThat(kernel.memory.used()).isEqualTo(20);
        fs.unlink(task, root, "f", file);
        fs.evict(file);
        assertThat(kernel.memory.used()).isZero();
        Inode other = file(dir(root, "d"), "g");
        write(other, 0, new byte[4096]);
        touchPages(other);
        fs.unmount(sb);
        assertThat(kernel.memory.used()).isZero();
    }

    private void touchPages(Inode file) {
        PageCache pages = opened(file).inode().pages;
        for (long index = 0; index << 12 < pages.size; index++) {
            assertThat(kernel.vm().page(pages, index, false)).isNotNegative();
        }
    }

    private OpenFile opened(Inode inode) {
        OpenFile file = open(inode);
        assertThat(fs.open(task, file)).isZero();
        return file;
    }

    // --- the host
    // -----------------------------------------------------------------------------------------------------

    @Test
    void whatTheHostChangesIsSeenAtOnce() throws IOException {
        Files.writeString(folder.resolve("f"), "one");
        Inode file = fs.lookup(task, root, "f").value();
        assertThat(read(file, 0, 10)).asString().isEqualTo("one");
        Files.writeString(folder.resolve("f"), "three");
        assertThat(read(file, 0, 10)).asString().isEqualTo("three");
        Files.delete(folder.resolve("f"));
        assertThat(fs.lookup(task, root, "f").error()).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void theHostSeesWhatIsMade() throws IOException {
        Inode file =
                fs.create(task, dir(root, "d"), "f", Mode.S_IFREG | 0444, 0).value();
        OpenFile open = opened(file); // although nobody may write it
        write(file, 0, "text".getBytes());
        fs.release(open);
        assertThat(folder.resolve("d/f")).hasContent("text");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("d/f"))))
                .isEqualTo("r--r--r--");
        fs.symlink(task, root, "l", "/etc/passwd");
        assertThat(Files.readSymbolicLink(folder.resolve("l"))).hasToString("/etc/passwd");
    }

    @Test
    void pagesOfAMappingAreWrittenBackAndMadeAnewWhenTheHostWrites() throws IOException {
        Files.write(folder.resolve("f"), new byte[9000]);
        Inode inode = fs.lookup(task, root, "f").value();
        OpenFile file = opened(inode);
        nodesWritable(inode);
        PageCache pages = fs.pages(file);
        long address = kernel.vm().page(pages, 1, true);
        kernel.vm().buffer("mapped".getBytes(), 0, 6).get(address, 6);
        kernel.vm().dirty(pages, 1);
        assertThat(read(inode, 4096, 6)).asString().isEqualTo("mapped");
        assertThat(fs.sync(task, file)).isZero();
        byte[] there = Files.readAllBytes(folder.resolve("f"));
        assertThat(there).hasSize(9000);
        assertThat(new String(there, 4096, 6)).isEqualTo("mapped");

        write(inode, 4098, "XX".getBytes()); // a write goes to both
        assertThat(read(inode, 4096, 6)).asString().isEqualTo("maXXed");

        Files.writeString(folder.resolve("f"), "short");
        assertThat(read(inode, 0, 100)).asString().isEqualTo("short");
        assertThat(inode.length()).isEqualTo(5);
    }

    @Test
    void aFullDiskIsSaidByAWriteAndByASyncOfWhatAMappingWrote() throws IOException {
        Files.write(folder.resolve("f"), new byte[9000]);
        Inode inode = fs.lookup(task, root, "f").value();
        OpenFile file = opened(inode);
        room = 5;
        assertThat(write(inode, 0, "longer".getBytes())).isEqualTo(5);
        assertThat(write(inode, 5, "r".getBytes())).isEqualTo(-Errno.ENOSPC);
        assertThat(read(inode, 0, 6)).asString().isEqualTo("longe\0");

        PageCache pages = fs.pages(file);
        long address = kernel.vm().page(pages, 1, true);
        kernel.vm().buffer("mapped".getBytes(), 0, 6).get(address, 6);
        kernel.vm().dirty(pages, 1);
        room = 3; // the host takes a part
        assertThat(fs.sync(task, file)).isEqualTo(-Errno.ENOSPC);
        assertThat(Files.readAllBytes(folder.resolve("f"))).hasSize(9000).containsSequence("map\0".getBytes());
        room = Integer.MAX_VALUE;
        assertThat(fs.sync(task, file)).isZero();
    }

    private void nodesWritable(Inode inode) {
        write(inode, 0, new byte[1]);
    }

    @Test
    void anUnlinkedFileLivesWhileItIsOpen() {
        Inode inode = file(root, "f");
        OpenFile file = opened(inode);
        write(inode, 0, "still".getBytes());
        assertThat(fs.unlink(task, root, "f", inode)).isZero();
        assertThat(inode.nlink).isZero();
        assertThat(read(inode, 0, 10)).asString().isEqualTo("still");
        assertThat(fs.truncate(task, inode, 2)).isZero();
        assertThat(read(inode, 0, 10)).asString().isEqualTo("st");
        fs.release(file);
        fs.evict(inode);
        assertThat(HostFs.data(inode).handle).isNegative();
    }

    @Test
    void anotherProviderGoesOnWithWhatIsOpen() {
        Inode kept = file(root, "kept");
        Inode gone = file(root, "gone");
        OpenFile one = opened(kept);
        OpenFile two = opened(gone);
        write(kept, 0, "kept".getBytes());
        write(gone, 0, "gone".getBytes());
        fs.unlink(task, root, "gone", gone);
        OpenFile reader = open(root);
        fs.readdir(task, reader, (name, ino, type, next) -> name.equals("."));
        fs = new HostFs(kernel.kernel(), Shared.host(machineFolder));
        sb.type.fill(fs);
        assertThat(read(kept, 0, 9)).asString().isEqualTo("kept");
        assertThat(read(gone, 0, 9)).asString().isEqualTo("gone");
        assertThat(fs.lookup(task, root, "kept").value()).isSameAs(kept);
        List<String> rest = new ArrayList<>();
        fs.readdir(task, reader, (name, ino, type, next) -> rest.add(name));
        assertThat(rest).containsExactly("..", "kept");
        fs.release(one);
        fs.release(two);
        fs.unmount(sb);
    }

    @Test
    void attributesAreTheHosts() throws IOException {
        Inode inode = file(root, "f");
        int mode = Mode.S_IFREG | Mode.S_ISUID | 0755;
        assertThat(fs.change(inode, mode, 0, 0, Vfs.UTIME_OMIT, 3_000_000_007L)).isZero();
        fs.refresh(inode);
        // no program of the host is made to run with its owner's rights
        assertThat(inode.mode).isEqualTo(Mode.S_IFREG | 0755);
        assertThat(inode.mtime).isEqualTo(3_000_000_007L);
        assertThat(fs.change(inode, mode, 1000, 0, Vfs.UTIME_OMIT, Vfs.UTIME_OMIT))
                .isEqualTo(-Errno.EPERM);
    }

    @Test
    void aSparseFileStaysSparse() throws IOException {
        Inode inode = file(root, "f");
        assertThat(write(inode, 1L << 40, "end".getBytes())).isEqualTo(3);
        assertThat(read(inode, (1L << 40) - 1, 10)).containsExactly(0, 'e', 'n', 'd');
        assertThat((long) Files.getAttribute(folder.resolve("f"), "unix:size")).isEqualTo((1L << 40) + 3);
    }

    @Test
    void manyNamesAreAllRead() throws IOException {
        for (int i = 0; i < 5000; i++) {
            Files.createFile(folder.resolve("a file with a name of some length " + i));
        }
        List<String> names = names(root);
        Set<String> once = new HashSet<>(names);
        assertThat(names).hasSize(5002);
        assertThat(once).hasSize(5002);
    }

    @Test
    void specialFilesAreNeitherMadeNorOpened() throws Exception {
        assertThat(fs.create(task, root, "fifo", Mode.S_IFIFO | 0600, 0).error())
                .isEqualTo(-Errno.EPERM);
        assertThat(fs.create(task, root, "null", Mode.S_IFCHR | 0600, 0x103).error())
                .isEqualTo(-Errno.EPERM);
        new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start().waitFor();
        Inode pipe = fs.lookup(task, root, "pipe").value();
        assertThat(pipe.ops).isSameAs(sb.type);
        assertThat(fs.open(task, open(pipe))).isEqualTo(-Errno.EACCES);
        assertThat(fs.unlink(task, root, "pipe", pipe)).isZero();
    }

    @Test
    void aFolderThatIsNotToBeWrittenIsNot() throws IOException {
        Files.writeString(folder.resolve("f"), "text");
        fs = new HostFs(kernel.kernel(), Shared.host(Folder.of(folder, true)));
        SuperBlock mounted = fs.mount(sb.type, 9, "source", "").value();
        Inode top = mounted.root();
        assertThat(mounted.readOnly).isTrue();
        Inode file = fs.lookup(task, top, "f").value();
        assertThat(read(file, 0, 9)).asString().isEqualTo("text");
        assertThat(write(file, 0, "x".getBytes())).isEqualTo(-Errno.EROFS);
        assertThat(fs.create(task, top, "g", Mode.S_IFREG | 0644, 0).error()).isEqualTo(-Errno.EROFS);
        assertThat(fs.unlink(task, top, "f", file)).isEqualTo(-Errno.EROFS);
        assertThat(fs.rename(task, top, "f", top, "g", 0)).isEqualTo(-Errno.EROFS);
        assertThat(fs.truncate(task, file, 0)).isEqualTo(-Errno.EROFS);
        assertThat(fs.change(file, Mode.S_IFREG | 0777, 0, 0, Vfs.UTIME_OMIT, Vfs.UTIME_OMIT))
                .isEqualTo(-Errno.EROFS);
        assertThat(folder.resolve("f")).hasContent("text");
    }

    @Test
    void aFileThatTheHostPutsInPlaceOfAnotherIsAnother() throws IOException {
        Files.writeString(folder.resolve("f"), "one");
        Inode first = fs.lookup(task, root, "f").value();
        OpenFile file = opened(first);
        Files.writeString(folder.resolve("new"), "two");
        Files.move(folder.resolve("new"), folder.resolve("f"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        Inode second = fs.lookup(task, root, "f").value();
        assertThat(second).isNotSameAs(first);
        assertThat(read(first, 0, 9)).asString().isEqualTo("one");
        assertThat(read(second, 0, 9)).asString().isEqualTo("two");
        fs.release(file);
        try (RandomAccessFile other = new RandomAccessFile(folder.resolve("f").toFile(), "rw")) {
            other.setLength(1);
        }
        assertThat(read(second, 0, 9)).asString().isEqualTo("t");
    }
}
