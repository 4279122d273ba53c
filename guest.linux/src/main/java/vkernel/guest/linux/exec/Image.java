package vkernel.guest.linux.exec;

import static vkernel.kern.Errno.EACCES;
import static vkernel.kern.Errno.EIO;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENOEXEC;
import static vkernel.kern.Errno.ETXTBSY;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/** A file about to be run: opened, allowed, and its first bytes at hand. To be closed. */
final class Image implements AutoCloseable {
    /** Bytes looked at to tell what a file is (BINPRM_BUF_SIZE). */
    static final int HEAD = 256;

    private static final long MNT_NOEXEC = 8;

    /** A read would have to wait: the call is to be made again. */
    static final class Blocked extends Exception {
        private static final long serialVersionUID = 1L;

        Blocked() {
            super(null, null, false, false);
        }
    }

    private final Kernel kernel;
    private final Task task;
    final OpenFile file;
    final byte[] head;

    private Image(Kernel kernel, Task task, OpenFile file, byte[] head) {
        this.kernel = kernel;
        this.task = task;
        this.file = file;
        this.head = head;
    }

    /**
     * Opens a program; nobody may write it until it is closed.
     *
     * @throws BadProgram when it cannot be run by this task, whatever is in it
     */
    static Image open(Kernel kernel, Task task, Path path) throws BadProgram, Blocked {
        return image(kernel, task, path, Mode.O_EXEC);
    }

    /** Opens a program's loader; it may be written. @throws BadProgram when it cannot be run by this task */
    static Image loader(Kernel kernel, Task task, Path path) throws BadProgram, Blocked {
        return image(kernel, task, path, Mode.O_RDONLY);
    }

    private static Image image(Kernel kernel, Task task, Path path, int flags) throws BadProgram, Blocked {
        long allowed = path.inode().regular() ? kernel.vfs().permission(task, path, Vfs.EXECUTE, false) : -EACCES;
        if (allowed != 0 || (path.mount().flags & MNT_NOEXEC) != 0) {
            throw new BadProgram(EACCES, "not executable");
        }
        if (path.inode().writers > 0) {
            throw new BadProgram(ETXTBSY, "open for writing");
        }
        Result<OpenFile> file = open(kernel, task, path, flags);
        Image image = new Image(kernel, task, file.value(), new byte[0]);
        try {
            byte[] head = image.read(0, (int) Math.min(HEAD, image.size()));
            return new Image(kernel, task, file.value(), head);
        } catch (BadProgram | Blocked e) {
            image.close();
            throw e;
        }
    }

    private static Result<OpenFile> open(Kernel kernel, Task task, Path path, int flags) throws BadProgram, Blocked {
        Result<OpenFile> file = kernel.vfs().open(task, path, flags);
        if (file.error() == Kernel.BLOCKED) {
            throw new Blocked();
        }
        if (!file.ok()) {
            throw new BadProgram((int) -file.error(), "cannot be opened");
        }
        return file;
    }

    long size() {
        return file.inode().length();
    }

    /** A part of the file, all of it. */
    byte[] read(long offset, int length) throws BadProgram, Blocked {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            long n = kernel.vfs().read(task, file, kernel.vm().buffer(bytes, done, length - done), offset + done);
            if (n == Kernel.BLOCKED) {
                throw new Blocked();
            }
            if (n < 0) {
                throw new BadProgram((int) -n, "cannot be read");
            }
            if (n == 0) {
                throw new BadProgram(EIO, "shorter than it was");
            }
            done += (int) n;
        }
        return bytes;
    }

    Elf elf() throws BadProgram, Blocked {
        Elf.Part part = Elf.programHeaders(head, head.length, size());
        return Elf.parse(head, read(part.offset(), (int) part.length()), size());
    }

    /** The name of an ELF file's interpreter. */
    String interpreter(Elf.Part part) throws BadProgram, Blocked {
        byte[] name = read(part.offset(), (int) part.length());
        if (name[name.length - 1] != 0) {
            throw new BadProgram(ENOEXEC, "an ELF file with a bad interpreter name");
        }
        int end = 0;
        while (name[end] != 0) {
            end++;
        }
        if (end == 0) {
            throw new BadProgram(ENOENT, "an ELF file with an empty interpreter name");
        }
        return new String(Arrays.copyOf(name, end), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        kernel.vfs().close(file);
    }
}
