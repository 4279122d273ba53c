package vkernel.guest.linux.proc;

import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Signal;
import vkernel.task.Task;

/** Who may do something to another task. */
public final class Permission {
    /** kill(2): root, or a real or effective uid that is the target's real or saved one; SIGCONT within a session. */
    public static boolean signal(Task sender, Process target, int signal) {
        Task leader = target.leader();
        if (target == sender.process || sender.credentials.can(Credentials.CAP_KILL)) {
            return true;
        }
        Credentials from = sender.credentials;
        // Without threads: process 1 when it is the kernel itself.
        Credentials to = leader == null ? Credentials.ROOT : leader.credentials;
        return from.euid() == to.suid()
                || from.euid() == to.uid()
                || from.uid() == to.suid()
                || from.uid() == to.uid()
                || signal == Signal.SIGCONT && target.session == sender.process.session;
    }

    /** prlimit(2): root, or all ids of the target are the caller's real ones. */
    static boolean same(Task caller, Task target) {
        Credentials from = caller.credentials;
        Credentials to = target.credentials;
        return from.can(Credentials.CAP_SYS_RESOURCE)
                || from.uid() == to.uid()
                        && from.uid() == to.euid()
                        && from.uid() == to.suid()
                        && from.gid() == to.gid()
                        && from.gid() == to.egid()
                        && from.gid() == to.sgid();
    }

    /** setpriority(2), sched_setaffinity(2): root, or the caller's effective uid is the target's real or effective. */
    static boolean schedule(Task caller, Task target) {
        int euid = caller.credentials.euid();
        return caller.credentials.can(Credentials.CAP_SYS_NICE)
                || euid == target.credentials.uid()
                || euid == target.credentials.euid();
    }

    /** ptrace(2), PTRACE_MODE_ATTACH: root, or all ids of the target are the caller's real ones and it may be dumped. */
    public static boolean trace(Task caller, Task target) {
        if (caller.process == target.process || caller.credentials.can(Credentials.CAP_SYS_PTRACE)) {
            return true;
        }
        Credentials from = caller.credentials;
        Credentials to = target.credentials;
        return target.process.dumpable
                && from.uid() == to.uid()
                && from.uid() == to.euid()
                && from.uid() == to.suid()
                && from.gid() == to.gid()
                && from.gid() == to.egid()
                && from.gid() == to.sgid();
    }

    private Permission() {}
}
