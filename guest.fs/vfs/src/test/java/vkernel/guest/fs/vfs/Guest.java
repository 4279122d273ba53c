package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vkernel.fs.FsContext;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.fs.contract.HeapKernel;
import vkernel.guest.fs.tmpfs.Tmpfs;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Restart;
import vkernel.task.Task;

/** A small system for tests: vfs on a tmpfs root, and processes whose calls are a line each. */
final class Guest {
    final HeapKernel kernel = new HeapKernel(1 << 14);
    DentryVfs vfs = new DentryVfs(kernel.kernel());
    final Path root;

    Guest() {
        kernel.add(new Tmpfs(kernel.kernel()));
        root = vfs.mountRoot("tmpfs", "mode=0755").value();
    }

    Process process(int uid, int gid, Integer... groups) {
        Task task = kernel.task(uid, gid, groups);
        task.fs = new FsContext(root, root);
        task.fs.umask = 022;
        return new Process(task);
    }

    Process rootProcess() {
        return process(0, 0);
    }

    /** A process. Paths are relative to its working directory; results are values or negative error numbers. */
    final class Process {
        final Task task;

        Process(Task task) {
            this.task = task;
        }

        private Path at() {
            return task.fs.cwd;
        }

        Result<OpenFile> tryOpen(String path, int flags, int mode) {
            return vfs.open(task, at(), path, flags, mode);
        }

        OpenFile open(String path, int flags) {
            Result<OpenFile> file = tryOpen(path, flags, 0666);
            assertThat(file.error()).as("open %s", path).isZero();
            return file.value();
        }

        /** @return 0 or the error */
        long openError(String path, int flags) {
            Result<OpenFile> file = tryOpen(path, flags, 0666);
            if (file.ok()) {
                vfs.close(file.value());
            }
            return file.error();
        }

        void file(String path, String content) {
            OpenFile file = open(path, Mode.O_CREAT | Mode.O_WRONLY | Mode.O_TRUNC);
            assertThat(write(file, content)).isEqualTo(content.length());
            vfs.close(file);
        }

        String content(String path) {
            OpenFile file = open(path, Mode.O_RDONLY);
            String content = read(file, 1 << 20);
            vfs.close(file);
            return content;
        }

        long write(OpenFile file, String text) {
            return write(file, text, -1);
        }

        long write(OpenFile file, String text, long position) {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            return called(vfs.write(task, file, kernel.vm().buffer(bytes, 0, bytes.length), position));
        }

        String read(OpenFile file, int most) {
            byte[] bytes = new byte[most];
            long n = called(vfs.read(task, file, kernel.vm().buffer(bytes, 0, most), -1));
            return n < 0
                    ? n == Kernel.BLOCKED ? "blocked" : "error " + n
                    : new String(Arrays.copyOf(bytes, (int) n), StandardCharsets.ISO_8859_1);
        }

        /** What the personality does when a call has gone through or not. */
        long called(long result) {
            if (result == Kernel.BLOCKED) {
                task.restart.active = true;
                task.state = Task.State.BLOCKED;
            } else {
                task.restart.clear();
            }
            return result;
        }

        /** A signal with a handler ends the blocked call. */
        void interrupt() {
            task.stopWaiting();
            task.state = Task.State.RUNNABLE;
            Restart restart = task.restart;
            assertThat(restart.active).isTrue();
            restart.clear();
        }

        boolean runnable() {
            return task.state == Task.State.RUNNABLE;
        }

        Result<Path> walk(String path, int flags) {
            return vfs.walk(task, at(), path, flags);
        }

        Path path(String path) {
            return walk(path, Vfs.FOLLOW).value();
        }

        Inode stat(String path) {
            return path(path).inode();
        }

        Inode lstat(String path) {
            return walk(path, 0).value().inode();
        }

        long error(String path) {
            return walk(path, Vfs.FOLLOW).error();
        }

        String name(String path) {
            return vfs.name(task, path(path));
        }

        long mkdir(String path) {
            return vfs.mkdir(task, at(), path, 0777);
        }

        long mknod(String path, int mode) {
            return vfs.mknod(task, at(), path, mode, 0);
        }

        long unlink(String path) {
            return vfs.unlink(task, at(), path);
        }

        long rmdir(String path) {
            return vfs.rmdir(task, at(), path);
        }

        long symlink(String target, String path) {
            return vfs.symlink(task, target, at(), path);
        }

        long link(String from, String to) {
            Result<Path> target = walk(from, 0);
            return target.ok() ? vfs.link(task, target.value(), at(), to) : target.error();
        }

        long rename(String from, String to) {
            return rename(from, to, 0);
        }

        long rename(String from, String to, int flags) {
            return vfs.rename(task, at(), from, at(), to, flags);
        }

        long chmod(String path, int mode) {
            return vfs.chmod(task, path(path), mode);
        }

        long chown(String path, int uid, int gid) {
            return vfs.chown(task, path(path), uid, gid);
        }

        void cd(String path) {
            task.fs.cwd = walk(path, Vfs.FOLLOW | Vfs.DIRECTORY).value();
        }

        long mount(String type, String at, long flags, String options) {
            return vfs.mount(task, "none", path(at), type, flags, options);
        }

        List<String> list(String path) {
            OpenFile file = open(path, Mode.O_RDONLY | Mode.O_DIRECTORY);
            List<String> names = new ArrayList<>();
            assertThat(vfs.readdir(task, file, (name, ino, type, next) -> names.add(name)))
                    .isZero();
            vfs.close(file);
            names.removeIf(name -> name.equals(".") || name.equals(".."));
            return names;
        }
    }
}
