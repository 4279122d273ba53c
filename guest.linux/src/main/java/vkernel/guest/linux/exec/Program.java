package vkernel.guest.linux.exec;

import static vkernel.kern.Errno.EIO;
import static vkernel.kern.Errno.ELIBBAD;
import static vkernel.kern.Errno.ELOOP;
import static vkernel.kern.Errno.ENOENT;
import static vkernel.kern.Errno.ENOEXEC;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Task;

/**
 * What execve(2) is to run, found and checked, nothing mapped yet: the file or, for a script, its interpreter; and for
 * a dynamic program the loader that it names. To be closed.
 */
final class Program implements AutoCloseable {
    /** How often a script's interpreter may be a script (fs/exec.c, exec_binprm). */
    private static final int SCRIPTS_MAX = 5;

    /** Name as given to execve(2): comm and AT_EXECFN. */
    final String name;

    final List<String> argv;
    final Path place;
    final Image image;
    final Elf elf;
    final @Nullable Image loader;
    final @Nullable Elf loaderElf;

    private Program(
            String name,
            List<String> argv,
            Path place,
            Image image,
            Elf elf,
            @Nullable Image loader,
            @Nullable Elf loaderElf) {
        this.name = name;
        this.argv = argv;
        this.place = place;
        this.image = image;
        this.elf = elf;
        this.loader = loader;
        this.loaderElf = loaderElf;
    }

    static Program find(Kernel kernel, Task task, Path place, String name, boolean goes, List<String> argv)
            throws BadProgram, Image.Blocked {
        List<String> args = new ArrayList<>(argv.isEmpty() ? List.of("") : argv);
        String called = name;
        Path at = place;
        Image image = Image.open(kernel, task, at);
        try {
            for (int depth = 0; Script.is(image.head); depth++) {
                if (depth == SCRIPTS_MAX) {
                    throw new BadProgram(ELOOP, "scripts whose interpreters are scripts, too deep");
                }
                Script script = Script.parse(image.head);
                if (goes) {
                    throw new BadProgram(ENOENT, "a script of a close-on-exec descriptor");
                }
                rewrite(args, script, called);
                called = script.interpreter();
                Path next = walk(kernel, task, called, "its interpreter " + called);
                Image opened = named(called, () -> Image.open(kernel, task, next));
                at = next;
                image.close();
                image = opened;
            }
            Program found = dynamic(kernel, task, new Program(name, args, at, image, image.elf(), null, null));
            if (found.elf.segments().isEmpty()) {
                found.close();
                throw new BadProgram(ENOEXEC, "an ELF file with nothing to load");
            }
            return found;
        } catch (BadProgram | Image.Blocked e) {
            image.close();
            throw e;
        }
    }

    private static void rewrite(List<String> args, Script script, String called) {
        args.set(0, called);
        if (script.argument() != null) {
            args.addFirst(script.argument());
        }
        args.addFirst(script.interpreter());
    }

    private static Program dynamic(Kernel kernel, Task task, Program program) throws BadProgram, Image.Blocked {
        Elf.Part part = program.elf.interpreter();
        if (part == null) {
            return program;
        }
        String path = program.image.interpreter(part);
        Path at = walk(kernel, task, path, "its interpreter " + path);
        Image loader = named(path, () -> Image.loader(kernel, task, at));
        try {
            return new Program(
                    program.name, program.argv, program.place, program.image, program.elf, loader, loader.elf());
        } catch (BadProgram e) {
            loader.close();
            // who has not even room for a header is not looked at
            int errno = loader.size() < Elf.HEADER_SIZE ? EIO : ELIBBAD;
            throw new BadProgram(errno, "its interpreter " + path + ": " + e.getMessage());
        } catch (Image.Blocked e) {
            loader.close();
            throw e;
        }
    }

    /** Opens an image. */
    private interface Opening {
        Image open() throws BadProgram, Image.Blocked;
    }

    /** Opens an interpreter; a refusal says which. */
    private static Image named(String path, Opening opening) throws BadProgram, Image.Blocked {
        try {
            return opening.open();
        } catch (BadProgram e) {
            throw new BadProgram((int) -e.errno, "its interpreter " + path + ": " + e.getMessage());
        }
    }

    private static Path walk(Kernel kernel, Task task, String path, String what) throws BadProgram {
        Result<Path> found = kernel.vfs().walk(task, start(task, path), path, Vfs.FOLLOW);
        if (!found.ok()) {
            String why = found.error() == -ENOENT ? " is missing" : " cannot be reached";
            throw new BadProgram((int) -found.error(), what + why);
        }
        return found.value();
    }

    private static Path start(Task task, String path) {
        return path.startsWith("/") ? task.fs.root : task.fs.cwd;
    }

    /**
     * Linux maps what is there of a file and lets the program find out. Whoever starts a program from outside is told.
     *
     * @throws BadProgram ENOEXEC when a segment is cut off
     */
    void checkWhole() throws BadProgram {
        for (Elf.Segment segment : elf.segments()) {
            if (segment.offset() > image.size() - segment.file()) {
                throw new BadProgram(ENOEXEC, "a truncated ELF file: a segment is cut off");
            }
        }
    }

    @Override
    public void close() {
        image.close();
        if (loader != null) {
            loader.close();
        }
    }
}
