package vkernel.guest.fs.procfs;

import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Task;

/**
 * Who looks at what.
 *
 * @param reader who looks
 * @param subject the thread looked at, for /proc/PID the first of its process; null outside the folders of processes
 * @param thread whether it is looked at as a thread, below task/
 * @param fd the descriptor, below fd/ and fdinfo/; else -1
 */
record View(Kernel kernel, Task reader, @Nullable Task subject, boolean thread, int fd) {
    Task task() {
        if (subject == null) {
            throw new IllegalStateException("not about a process");
        }
        return subject;
    }

    Process process() {
        return task().process;
    }

    /** The file of {@link #fd}; null when it is closed. */
    @Nullable
    OpenFile file() {
        return task().files.get(fd);
    }

    /** The name of a place as the reader sees it; empty when there is none. */
    String name(@Nullable Path place) {
        return place == null ? "" : kernel.vfs().name(reader, place);
    }

    /** Whether the reader may look into the process (ptrace(2), ptrace access mode checking). */
    boolean mayTrace() {
        Task task = task();
        Credentials who = reader.credentials;
        if (reader.process == task.process || who.can(Credentials.CAP_SYS_PTRACE)) {
            return true;
        }
        Credentials owner = task.credentials;
        return task.process.dumpable
                && same(who.fsuid(), owner.uid(), owner.euid(), owner.suid())
                && same(who.fsgid(), owner.gid(), owner.egid(), owner.sgid());
    }

    private static boolean same(int id, int a, int b, int c) {
        return id == a && id == b && id == c;
    }
}
