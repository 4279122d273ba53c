package vkernel.guest.kern;

import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import vkernel.dev.Tty;
import vkernel.fs.FsContext;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Result;
import vkernel.kern.Spawn;
import vkernel.task.Client;
import vkernel.task.Process;
import vkernel.task.Task;

/** Programs started from outside: process 1, and those of {@link vkernel.kern.Kernel#spawn}. Kernel lock held. */
final class Spawned {
    private final EventKernel kernel;
    private final Map<Process, IntConsumer> watchers;

    Spawned(EventKernel kernel) {
        this.kernel = kernel;
        this.watchers = kernel.state.watchers();
    }

    /** Starts a program from outside; when a provider on probation breaks that, again with its predecessor. */
    Result<Process> begin(int pid, Spawn program, IntConsumer exited) {
        while (true) {
            try {
                return start(pid, program, exited);
            } catch (RuntimeException | Error e) {
                if (!kernel.containment.contain("start of a program", e, true)) {
                    throw e;
                }
            }
        }
    }

    Result<Process> start(int pid, Spawn program, IntConsumer exited) {
        FsContext fs = new FsContext(kernel.startup.root(), kernel.startup.root());
        Task task = kernel.forks.newTask(pid, kernel.first(), fs);
        if (task == null) {
            return Result.error(-Errno.ENOMEM);
        }
        StringBuilder why = new StringBuilder();
        long error = prepare(task, program, why);
        if (error != 0) {
            kernel.exits.exit(task, 0x7f00);
            return Result.error(error, why.toString());
        }
        watchers.put(task.process, exited);
        if (task.client == null) {
            kernel.dispatcher.makeRunnable(task, false);
        }
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

    private long prepare(Task task, Spawn program, StringBuilder why) {
        long error = openStreams(task, program);
        if (error != 0) {
            return error;
        }
        Vfs vfs = kernel.vfs();
        Result<Path> cwd = vfs.walk(task, task.fs.root, bytes(program.cwd()), Vfs.FOLLOW | Vfs.DIRECTORY);
        if (!cwd.ok()) {
            why.append("cannot start in the working directory ").append(program.cwd());
            return cwd.error();
        }
        task.fs.cwd = cwd.value();
        if (program.argv().isEmpty()) {
            task.client = new Client();
            task.comm = "client";
            return 0;
        }
        error = exec(task, program, why);
        return error == vkernel.kern.Kernel.BLOCKED ? -Errno.EAGAIN : error;
    }

    /** As execvp(3): what cannot be run by its rights is only told of when there is nothing else of that name. */
    private long exec(Task task, Spawn program, StringBuilder why) {
        List<String> argv = program.argv().stream().map(Spawned::bytes).toList();
        List<String> env = program.env().stream().map(Spawned::bytes).toList();
        long result = -Errno.ENOENT;
        for (String candidate : candidates(argv.getFirst(), program)) {
            StringBuilder refused = new StringBuilder();
            long error = kernel.abi().exec(task, candidate, argv, env, refused::append);
            boolean nothing = (error == -Errno.ENOENT || error == -Errno.ENOTDIR) && refused.isEmpty();
            if (!nothing) {
                result = error;
                why.setLength(0);
                why.append(refused);
                if (error != -Errno.EACCES) {
                    break;
                }
            }
        }
        return result;
    }

    private static List<String> candidates(String name, Spawn program) {
        if (name.indexOf('/') >= 0) {
            return List.of(name);
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
