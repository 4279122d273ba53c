package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;
import static vkernel.task.Credentials.CAP_SETGID;
import static vkernel.task.Credentials.CAP_SETUID;

import java.util.ArrayList;
import java.util.List;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.task.Task;

/** User and group ids (credentials(7)); each thread has its own. */
public final class IdCalls implements CallGroup {
    private static final int NGROUPS_MAX = User.SIZE / 4;

    private final Kernel kernel;
    private final User user;

    public IdCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.full(
                this,
                Nr.GETUID,
                Nr.GETEUID,
                Nr.GETGID,
                Nr.GETEGID,
                Nr.GETRESUID,
                Nr.GETRESGID,
                Nr.SETUID,
                Nr.SETGID,
                Nr.SETREUID,
                Nr.SETREGID,
                Nr.SETRESUID,
                Nr.SETRESGID,
                Nr.SETFSUID,
                Nr.SETFSGID);
        table.partial(this, Nr.GETGROUPS, "at most 16384 groups");
        table.partial(this, Nr.SETGROUPS, "at most 16384 groups");
        table.looking(Nr.GETUID, Nr.GETEUID, Nr.GETGID, Nr.GETEGID);
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.GETUID -> Integer.toUnsignedLong(task.credentials.uid());
            case Nr.GETEUID -> Integer.toUnsignedLong(task.credentials.euid());
            case Nr.GETGID -> Integer.toUnsignedLong(task.credentials.gid());
            case Nr.GETEGID -> Integer.toUnsignedLong(task.credentials.egid());
            case Nr.GETRESUID -> getresuid(task, a0, a1, a2);
            case Nr.GETRESGID -> getresgid(task, a0, a1, a2);
            case Nr.SETUID -> setuid(task, a0);
            case Nr.SETGID -> setgid(task, a0);
            case Nr.SETREUID -> setreuid(task, a0, a1);
            case Nr.SETREGID -> setregid(task, a0, a1);
            case Nr.SETRESUID -> setresuid(task, a0, a1, a2);
            case Nr.SETRESGID -> setresgid(task, a0, a1, a2);
            case Nr.SETFSUID -> setfsuid(task, a0);
            case Nr.SETFSGID -> setfsgid(task, a0);
            case Nr.GETGROUPS -> getgroups(task, a0, a1);
            case Nr.SETGROUPS -> setgroups(task, a0, a1);
            default -> throw Table.unclaimed(call);
        };
    }

    private long getresuid(Task task, long real, long effective, long saved) {
        Credentials c = task.credentials;
        return give(task, real, c.uid(), effective, c.euid(), saved, c.suid());
    }

    private long getresgid(Task task, long real, long effective, long saved) {
        Credentials c = task.credentials;
        return give(task, real, c.gid(), effective, c.egid(), saved, c.sgid());
    }

    private long give(Task task, long va1, int id1, long va2, int id2, long va3, int id3) {
        return user.giveInt(task, va1, id1) == 0
                        && user.giveInt(task, va2, id2) == 0
                        && user.giveInt(task, va3, id3) == 0
                ? 0
                : -EFAULT;
    }

    private long setuid(Task task, long id) {
        int uid = (int) id;
        Credentials c = task.credentials;
        if (uid == -1) {
            return -EINVAL;
        }
        if (c.can(CAP_SETUID)) {
            return uids(task, uid, uid, uid);
        }
        return uid == c.uid() || uid == c.suid() ? uids(task, c.uid(), uid, c.suid()) : -EPERM;
    }

    private long setgid(Task task, long id) {
        int gid = (int) id;
        Credentials c = task.credentials;
        if (gid == -1) {
            return -EINVAL;
        }
        if (c.can(CAP_SETGID)) {
            return gids(task, gid, gid, gid);
        }
        return gid == c.gid() || gid == c.sgid() ? gids(task, c.gid(), gid, c.sgid()) : -EPERM;
    }

    private long setreuid(Task task, long real, long effective) {
        Credentials c = task.credentials;
        int ruid = (int) real == -1 ? c.uid() : (int) real;
        int euid = (int) effective == -1 ? c.euid() : (int) effective;
        boolean realOk = ruid == c.uid() || ruid == c.euid();
        boolean effectiveOk = euid == c.uid() || euid == c.euid() || euid == c.suid();
        if (!c.can(CAP_SETUID) && !(realOk && effectiveOk)) {
            return -EPERM;
        }
        boolean save = (int) real != -1 || (int) effective != -1 && euid != c.uid();
        return uids(task, ruid, euid, save ? euid : c.suid());
    }

    private long setregid(Task task, long real, long effective) {
        Credentials c = task.credentials;
        int rgid = (int) real == -1 ? c.gid() : (int) real;
        int egid = (int) effective == -1 ? c.egid() : (int) effective;
        boolean realOk = rgid == c.gid() || rgid == c.egid();
        boolean effectiveOk = egid == c.gid() || egid == c.egid() || egid == c.sgid();
        if (!c.can(CAP_SETGID) && !(realOk && effectiveOk)) {
            return -EPERM;
        }
        boolean save = (int) real != -1 || (int) effective != -1 && egid != c.gid();
        return gids(task, rgid, egid, save ? egid : c.sgid());
    }

    private long setresuid(Task task, long real, long effective, long saved) {
        Credentials c = task.credentials;
        int ruid = (int) real == -1 ? c.uid() : (int) real;
        int euid = (int) effective == -1 ? c.euid() : (int) effective;
        int suid = (int) saved == -1 ? c.suid() : (int) saved;
        boolean allowed = c.can(CAP_SETUID) || isUid(c, ruid) && isUid(c, euid) && isUid(c, suid);
        return allowed ? uids(task, ruid, euid, suid) : -EPERM;
    }

    private long setresgid(Task task, long real, long effective, long saved) {
        Credentials c = task.credentials;
        int rgid = (int) real == -1 ? c.gid() : (int) real;
        int egid = (int) effective == -1 ? c.egid() : (int) effective;
        int sgid = (int) saved == -1 ? c.sgid() : (int) saved;
        boolean allowed = c.can(CAP_SETGID) || isGid(c, rgid) && isGid(c, egid) && isGid(c, sgid);
        return allowed ? gids(task, rgid, egid, sgid) : -EPERM;
    }

    /** The id before is the result, whether or not it changed. */
    private long setfsuid(Task task, long id) {
        Credentials c = task.credentials;
        int uid = (int) id;
        if (uid != -1 && (c.can(CAP_SETUID) || isUid(c, uid) || uid == c.fsuid())) {
            task.credentials = Capabilities.afterFsuid(c, uid);
        }
        return Integer.toUnsignedLong(c.fsuid());
    }

    private long setfsgid(Task task, long id) {
        Credentials c = task.credentials;
        int gid = (int) id;
        if (gid != -1 && (c.can(CAP_SETGID) || isGid(c, gid) || gid == c.fsgid())) {
            task.credentials = c.withGids(c.gid(), c.egid(), c.sgid(), gid, c.groups());
        }
        return Integer.toUnsignedLong(c.fsgid());
    }

    private static boolean isUid(Credentials c, int id) {
        return id == c.uid() || id == c.euid() || id == c.suid();
    }

    private static boolean isGid(Credentials c, int id) {
        return id == c.gid() || id == c.egid() || id == c.sgid();
    }

    /** Too many tasks of a user are no error of this call, for few programs expect one, but of execve(2). */
    private long uids(Task task, int real, int effective, int saved) {
        if (real != task.credentials.uid()) {
            task.tooMany = ProcessLimit.above(kernel, task, real, 0);
        }
        task.credentials = Capabilities.afterUids(task.credentials, real, effective, saved, task.process.keepCaps);
        return 0;
    }

    private static long gids(Task task, int real, int effective, int saved) {
        Credentials c = task.credentials;
        task.credentials = c.withGids(real, effective, saved, effective, c.groups());
        return 0;
    }

    private long getgroups(Task task, long size, long va) {
        List<Integer> groups = task.credentials.groups();
        if ((int) size < 0 || (int) size != 0 && (int) size < groups.size()) {
            return -EINVAL;
        }
        if ((int) size != 0) {
            for (int i = 0; i < groups.size(); i++) {
                user.put32(4 * i, groups.get(i));
            }
            if (!user.write(task, va, 4 * groups.size())) {
                return -EFAULT;
            }
        }
        return groups.size();
    }

    private long setgroups(Task task, long size, long va) {
        Credentials c = task.credentials;
        if (!c.can(CAP_SETGID)) {
            return -EPERM;
        }
        if ((int) size < 0 || (int) size > NGROUPS_MAX) {
            return -EINVAL;
        }
        if (!user.read(task, va, 4 * (int) size)) {
            return -EFAULT;
        }
        List<Integer> groups = new ArrayList<>();
        for (int i = 0; i < (int) size; i++) {
            groups.add(user.i32(4 * i));
        }
        groups.sort(Integer::compareUnsigned);
        task.credentials = c.withGids(c.gid(), c.egid(), c.sgid(), c.fsgid(), groups);
        return 0;
    }
}
