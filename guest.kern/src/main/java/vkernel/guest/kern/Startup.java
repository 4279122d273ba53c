package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.End;
import vkernel.kern.Errno;
import vkernel.kern.KernelConfig;
import vkernel.kern.Result;
import vkernel.kern.Spawn;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

/** How the kernel comes up (Linux: init/main.c), once every subsystem that it needs is there. */
final class Startup {
    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    /** What is mounted before the first process: {@code type:place} or {@code type:place:options}, by the kernel option {@code mounts}. */
    private static final String MOUNTS = "devtmpfs:/dev proc:/proc";

    private final EventKernel kernel;
    private final KernelConfig config;

    Startup(EventKernel kernel) {
        this.kernel = kernel;
        this.config = kernel.config();
    }

    /** The file systems that it mounts. */
    List<String> fileSystems() {
        List<String> types = new ArrayList<>();
        types.add("tmpfs");
        if (!config.options().getOrDefault("root", "").isEmpty()) {
            types.add("ext4");
        } else if (!config.roots().isEmpty()) {
            types.add("archive"); // unpacks into a tmpfs
        }
        for (String[] mount : mounts()) {
            types.add(mount[0]);
        }
        if (!shares().isEmpty()) {
            types.add("host");
        }
        return types;
    }

    private List<String[]> mounts() {
        return mounts(config.options().getOrDefault("mounts", MOUNTS));
    }

    /** Folders of the host, by the kernel option {@code shares}; the first process does not start without them. */
    private List<String[]> shares() {
        return mounts(config.options().getOrDefault("shares", ""));
    }

    private static List<String[]> mounts(String mounts) {
        return mounts.isBlank()
                ? List.of()
                : List.of(mounts.trim().split("\\s+")).stream()
                        .map(mount -> mount.split(":", 3))
                        .toList();
    }

    Path root() {
        Path root = kernel.state.life().root;
        if (root == null) {
            throw new IllegalStateException("no root file system yet");
        }
        return root;
    }

    /** Everything, in order. */
    void run() {
        LOG.info(
                "vkernel: {} MiB, {} harts, scheduler {}",
                kernel.host().config().ramBytes() >> 20,
                kernel.host().config().harts(),
                kernel.sched().name());
        try {
            mountRoot();
            Limits.initial(kernel.first(), kernel.maxTasks());
            mountOthers();
            startFirst();
        } catch (StartFailed e) {
            // told by whoever boots the kernel: nobody has a terminal yet
            LOG.warn("{}", e.getMessage());
            kernel.shutdown(new End(End.Kind.PANIC, 255, e.getMessage()));
        }
    }

    private void mountRoot() throws StartFailed {
        String disk = config.options().getOrDefault("root", "");
        Result<Path> mounted = !disk.isEmpty()
                ? kernel.vfs().mountRoot("ext4", "dev=" + disk)
                : config.roots().isEmpty()
                        ? kernel.vfs().mountRoot("tmpfs", "")
                        : kernel.vfs().mountRoot("archive", "rom=" + String.join(",rom=", config.roots()));
        if (!mounted.ok()) {
            throw new StartFailed("cannot mount the root file system: " + error(mounted.error()) + reason());
        }
        kernel.state.life().root = mounted.value();
    }

    /** The last warning of the log: whoever refused has said there what was wrong. */
    private String reason() {
        return kernel.dmesg().lines().reversed().stream()
                .filter(line -> line.level() <= 4)
                .findFirst()
                .map(line -> " (" + line.text() + ")")
                .orElse("");
    }

    private void mountOthers() throws StartFailed {
        FsContext fs = new FsContext(root(), root());
        Task nobody =
                new Task(0, new Process(0, new Session(0)), new FdTable(), fs, new SigHandlers(), Credentials.ROOT);
        java.util.Arrays.fill(nobody.process.softLimits, Limits.INFINITY);
        for (String[] mount : mounts()) {
            long error = mount(nobody, mount);
            if (error != 0) {
                LOG.warn("cannot mount {} on {}: {}", mount[0], mount[1], error(error));
            }
        }
        for (String[] share : shares()) {
            long error = mount(nobody, share);
            if (error != 0) {
                throw new StartFailed("cannot mount " + share[2] + " on " + share[1] + ": " + error(error));
            }
        }
    }

    /** Mounts at a place, which is made if it is not there. */
    private long mount(Task nobody, String[] mount) {
        Vfs vfs = kernel.vfs();
        for (int slash = mount[1].indexOf('/', 1); slash > 0; slash = mount[1].indexOf('/', slash + 1)) {
            vfs.mkdir(nobody, root(), mount[1].substring(0, slash), 0755);
        }
        vfs.mkdir(nobody, root(), mount[1], 0755);
        Result<Path> point = vfs.walk(nobody, root(), mount[1], Vfs.FOLLOW | Vfs.DIRECTORY);
        return point.ok()
                ? vfs.mount(nobody, mount[0], point.value(), mount[0], 0, mount.length > 2 ? mount[2] : "")
                : point.error();
    }

    private void startFirst() throws StartFailed {
        if (config.init().isEmpty()) {
            return;
        }
        Spawn init = new Spawn(
                config.init(), config.env(), config.cwd(), config.console(), config.console(), config.console());
        Result<Process> started = kernel.spawned.start(1, init, status -> {});
        if (!started.ok()) {
            throw new StartFailed(
                    "cannot run " + config.init().getFirst() + place() + ": " + error(started.error()) + why(started));
        }
    }

    /** Where the first program was looked for, if that is not what one would expect. */
    private String place() {
        String disk = config.options().getOrDefault("root", "");
        return disk.isEmpty() ? "" : " of the root file system on /dev/" + disk;
    }

    private static String why(Result<?> failure) {
        return failure.why().isEmpty() ? "" : " (" + failure.why() + ")";
    }

    private static String error(long error) {
        return Errno.name((int) -error);
    }

    /** The kernel cannot come up. */
    private static final class StartFailed extends Exception {
        private static final long serialVersionUID = 1L;

        StartFailed(String message) {
            super(message);
        }
    }
}
