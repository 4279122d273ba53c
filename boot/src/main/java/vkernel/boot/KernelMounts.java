package vkernel.boot;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Limits;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

/** The option {@code mounts} of a kernel that runs: clauses {@code TYPE:PLACE[:OPTIONS]}. With the kernel lock held. */
final class KernelMounts {
    private final Kernel kernel;

    KernelMounts(Kernel kernel) {
        this.kernel = kernel;
    }

    static List<String> clauses(Map<String, String> options) {
        String mounts = options.getOrDefault("mounts", "").trim();
        return mounts.isEmpty() ? List.of() : List.of(mounts.split("\\s+"));
    }

    /** Mounts as a boot would. @return why not; empty when it is there */
    String mount(String clause) {
        String[] words = clause.split(":", 3);
        Vfs vfs = kernel.vfs();
        Task nobody = nobody();
        Path root = nobody.fs.root;
        vfs.mkdir(nobody, root, words[1], 0755);
        Result<Path> point = vfs.walk(nobody, root, words[1], Vfs.FOLLOW | Vfs.DIRECTORY);
        long error = point.ok()
                ? vfs.mount(nobody, words[0], point.value(), words[0], 0, words.length > 2 ? words[2] : "")
                : point.error();
        return error == 0 ? "" : words[0] + " on " + words[1] + " (" + Errno.name((int) -error) + ")";
    }

    /** Whether such a file system is mounted there. */
    boolean there(String clause) {
        String[] words = clause.split(":", 3);
        Task nobody = nobody();
        for (Mount mount : kernel.vfs().mounts()) {
            if (mount.point != null
                    && mount.sb.type.name().equals("fs." + words[0])
                    && kernel.vfs().name(nobody, mount.point).equals(words[1])) {
                return true;
            }
        }
        return false;
    }

    /** Who acts for the kernel itself: root, at the root. */
    private Task nobody() {
        Mount first = kernel.vfs().mounts().getFirst();
        Path root = new Path(first, first.root);
        Task nobody = new Task(
                0,
                new Process(0, new Session(0)),
                new FdTable(),
                new FsContext(root, root),
                new SigHandlers(),
                Credentials.ROOT);
        Arrays.fill(nobody.process.softLimits, Limits.INFINITY);
        return nobody;
    }
}
