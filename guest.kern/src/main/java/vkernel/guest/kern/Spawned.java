package vkernel.guest.kern;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.dev.Tty;
import vkernel.fs.FsContext;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.kern.Spawn;
import vkernel.task.Process;
import vkernel.task.Task;

/** Programs started from outside: process 1, and those of {@link vkernel.kern.Kernel#spawn}. Kernel lock held. */
final class Spawned {
    private static final Logger LOG = LoggerFactory.getLogger(Spawned.class);

    private final EventKernel kernel;
    private final Map<Process, IntConsumer> watchers = new HashMap<>();

    Spawned(EventKernel kernel) {
        this.kernel = kernel;
    }

    Result<Process> start(int pid, Spawn program, IntConsumer exited) {
        FsContext fs = new FsContext(kernel.startup.root(), kernel.startup.root());
        Task task = kernel.lives.newTask(pid, kernel.first(), fs);
        if (task == null) {
            return Result.error(-Errno.ENOMEM);
        }
        long error = prepare(task, program);
        if (error != 0) {
            kernel.lives.exit(task, 0x7f00);
            return Result.error(error);
        }
        watchers.put(task.process, exited);
        kernel.dispatcher.makeRunnable(task, false);
        return Result.of(task.process);
    }

    /** Told once for each process that ends. */
    void ended(Process process) {
        IntConsumer watcher = watchers.remove(process);
        if (watcher != null) {
            watcher.accept(shellStatus(process.exitStatus));
        }
    }

    /** A wait status as a shell shows it: 128 + n for signal n. */
    static int shellStatus(int status) {
        int signal = status & 0x7f;
        return signal != 0 ? 128 + signal : status >>> 8 & 0xff;
    }

    private long prepare(Task task, Spawn program) {
        long error = openStreams(task, program);
        if (error != 0) {
            return error;
        }
        Vfs vfs = kernel.vfs();
        Result<Path> cwd = vfs.walk(task, task.fs.root, bytes(program.cwd()), Vfs.FOLLOW | Vfs.DIRECTORY);
        if (!cwd.ok()) {
            LOG.error("{}: cannot start in the working directory {}", program.argv().getFirst(), program.cwd());
            return cwd.error();
        }
        task.fs.cwd = cwd.value();
        String name = bytes(program.argv().getFirst());
        error = -Errno.ENOENT;
        for (String candidate : candidates(name, program)) {
            error = kernel.abi().exec(
                            task,
                            candidate,
                            program.argv().stream().map(Spawned::bytes).toList(),
                            program.env().stream().map(Spawned::bytes).toList());
            if (error != -Errno.ENOENT && error != -Errno.ENOTDIR && error != -Errno.EACCES) {
                break;
            }
        }
        return error == vkernel.kern.Kernel.BLOCKED ? -Errno.EAGAIN : error;
    }

    private static java.util.List<String> candidates(String name, Spawn program) {
        if (name.indexOf('/') >= 0) {
            return java.util.List.of(name);
        }
        String path = program.env().stream()
                .filter(entry -> entry.startsWith("PATH="))
                .map(entry -> entry.substring(5))
                .findFirst()
                .orElse("/bin:/usr/bin");
        return java.util.Arrays.stream(path.split(":", -1))
                .map(folder -> folder.isEmpty() ? name : folder + "/" + name)
                .toList();
    }

    private long openStreams(Task task, Spawn program) {
        String[] channels = {program.in(), program.out(), program.err()};
        for (int fd = 0; fd < 3; fd++) {
            Result<Tty> tty = kernel.streams().tty(channels[fd]);
            int mode = tty.ok() ? Mode.O_RDWR : fd == 0 ? Mode.O_RDONLY : Mode.O_WRONLY;
            Result<OpenFile> file = kernel.streams().open(channels[fd], mode);
            if (!file.ok()) {
                return file.error();
            }
            task.files.set(fd, file.value(), false);
            if (tty.ok() && task.process.pid != 1 && tty.value().session == null) {
                tty.value().session = task.process.session;
                tty.value().foreground = task.process.pgid;
                task.process.session.tty = tty.value();
            }
        }
        return 0;
    }

    /** The guest's names and arguments are byte strings; see vkernel.fs. */
    private static String bytes(String text) {
        return new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
