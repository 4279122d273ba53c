package vkernel.guest.fs.procfs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.FdTable;
import vkernel.fs.FsContext;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

/**
 * A path below /proc, taken apart.
 *
 * @param path without a leading slash; empty for /proc itself
 * @param pid process or thread; 0 outside the folders of processes
 * @param tid thread below task/; else 0
 * @param fd descriptor below fd/ and fdinfo/; else -1
 * @param name what stands in the tables: the rest, {@code fd/N} for a descriptor; empty for a process's own folder
 */
record Place(String path, int pid, int tid, int fd, String name) {
    private static final int NONE = -1;

    static Place of(String path) {
        String[] parts = path.split("/", -1);
        int pid = number(parts[0]);
        if (pid < 1) {
            return new Place(path, 0, 0, NONE, path);
        }
        int at = 1;
        int tid = 0;
        if (parts.length > 2 && parts[1].equals("task")) {
            tid = Math.max(0, number(parts[2]));
            at = tid > 0 ? 3 : 1;
        }
        boolean descriptor = parts.length == at + 2 && (parts[at].equals("fd") || parts[at].equals("fdinfo"));
        int fd = descriptor ? number(parts[at + 1]) : NONE;
        String name =
                fd >= 0 ? parts[at] + "/N" : String.join("/", List.of(parts).subList(at, parts.length));
        return new Place(path, pid, tid, fd, name);
    }

    /** A decimal number as Linux takes it for a pid: no sign, no leading zero; -1 for anything else. */
    private static int number(String text) {
        if (text.isEmpty() || text.length() > 9 || text.charAt(0) == '0' && text.length() > 1) {
            return NONE;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return NONE;
            }
        }
        return Integer.parseInt(text);
    }

    Place child(String name) {
        return of(path.isEmpty() ? name : path + "/" + name);
    }

    Place parent() {
        int slash = path.lastIndexOf('/');
        return of(slash < 0 ? "" : path.substring(0, slash));
    }

    boolean ofProcess() {
        return pid > 0;
    }

    /** The thread that it is about; null when it is about none, or that has gone. For the time of a call only. */
    @Nullable
    Task task(Kernel kernel) {
        if (pid == 0) {
            return null;
        }
        Process process = kernel.processes().process(pid);
        Task first = kernel.processes().task(pid);
        if (process == null && first != null) {
            process = first.process;
        }
        if (process == null) {
            return null;
        }
        if (tid > 0) {
            Task thread = kernel.processes().task(tid);
            return thread != null && thread.process == process ? thread : null;
        }
        if (first == null) {
            first = process.leader();
        }
        return first == null && pid == 1 ? kernelItself(kernel, process) : first;
    }

    /** Process 1 without a program is the kernel, which has no threads: it looks as Linux's kernel threads do. */
    private static @Nullable Task kernelItself(Kernel kernel, Process process) {
        Task reader = kernel.current();
        if (reader == null) {
            return null;
        }
        FsContext fs = new FsContext(reader.fs.root, reader.fs.root);
        Task task = new Task(process.pid, process, new FdTable(), fs, new SigHandlers(), Credentials.ROOT);
        task.comm = "vkernel";
        return task;
    }

    /** Its inode number: the same as long as it is there, most likely its own. */
    long ino() {
        if (path.isEmpty()) {
            return 1;
        }
        long hash = 0xcbf2_9ce4_8422_2325L;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x100_0000_01b3L;
        }
        return hash >>> 16 | 2;
    }
}
