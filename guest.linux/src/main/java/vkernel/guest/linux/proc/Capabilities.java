package vkernel.guest.linux.proc;

import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.task.CapabilitySets;
import vkernel.task.Credentials;
import vkernel.task.Task;

/**
 * What a change of user ids does to capabilities (capabilities(7), "Effect of user ID changes on capabilities"), and what
 * prctl(2) changes of them.
 */
final class Capabilities {
    private static final int AMBIENT_IS_SET = 1, AMBIENT_RAISE = 2, AMBIENT_LOWER = 3, AMBIENT_CLEAR_ALL = 4;
    /** CAP_CHOWN to CAP_FSETID, CAP_LINUX_IMMUTABLE, CAP_MKNOD, CAP_MAC_OVERRIDE: what goes with the fsuid. */
    private static final long FILES = 0x1f | 1L << 9 | 1L << 27 | 1L << 32;

    /** The fsuid follows the effective id. @param keep PR_SET_KEEPCAPS */
    static Credentials afterUids(Credentials old, int real, int effective, int saved, boolean keep) {
        boolean wasRoot = old.uid() == 0 || old.euid() == 0 || old.suid() == 0;
        boolean isRoot = real == 0 || effective == 0 || saved == 0;
        boolean leaves = wasRoot && !isRoot;
        CapabilitySets sets = old.capabilities();
        long permitted = leaves && !keep ? 0 : sets.permitted();
        long inForce = sets.effective() & permitted;
        if (old.euid() == 0 && effective != 0) {
            inForce = 0;
        }
        if (old.euid() != 0 && effective == 0) {
            inForce = permitted;
        }
        return old.withUids(real, effective, saved, effective)
                .with(sets.with(permitted, inForce, sets.inheritable()).withAmbient(leaves ? 0 : sets.ambient()));
    }

    static Credentials afterFsuid(Credentials old, int fsuid) {
        CapabilitySets sets = old.capabilities();
        long inForce = sets.effective();
        if (old.fsuid() == 0 && fsuid != 0) {
            inForce &= ~FILES;
        }
        if (old.fsuid() != 0 && fsuid == 0) {
            inForce |= sets.permitted() & FILES;
        }
        return old.withUids(old.uid(), old.euid(), old.suid(), fsuid)
                .with(sets.with(sets.permitted(), inForce, sets.inheritable()));
    }

    /** PR_CAPBSET_READ. @return 0, 1 or -EINVAL */
    static long bounds(Task task, long capability) {
        return known(capability) ? bit(task.credentials.capabilities().bounding(), capability) : -EINVAL;
    }

    /** PR_CAPBSET_DROP. @return 0, -EPERM or -EINVAL */
    static long dropFromBounding(Task task, long capability) {
        CapabilitySets sets = task.credentials.capabilities();
        if (!task.credentials.can(Credentials.CAP_SETPCAP)) {
            return -EPERM;
        }
        if (!known(capability)) {
            return -EINVAL;
        }
        task.credentials = task.credentials.with(sets.withBounding(sets.bounding() & ~(1L << capability)));
        return 0;
    }

    /** PR_CAP_AMBIENT. @return 0, 1, -EPERM or -EINVAL */
    static long ambient(Task task, long what, long capability, long rest) {
        CapabilitySets sets = task.credentials.capabilities();
        boolean all = what == AMBIENT_CLEAR_ALL;
        if (rest != 0 || !known(capability) || all && capability != 0) {
            return -EINVAL;
        }
        if (what == AMBIENT_IS_SET) {
            return bit(sets.ambient(), capability);
        }
        if (what == AMBIENT_RAISE && bit(sets.permitted() & sets.inheritable(), capability) == 0) {
            return -EPERM;
        }
        if (what != AMBIENT_RAISE && what != AMBIENT_LOWER && !all) {
            return -EINVAL;
        }
        long others = all ? 0 : sets.ambient() & ~(1L << capability);
        long ambient = what == AMBIENT_RAISE ? others | 1L << capability : others;
        task.credentials = task.credentials.with(sets.withAmbient(ambient));
        return 0;
    }

    private static boolean known(long capability) {
        return capability >= 0 && capability <= Credentials.CAP_LAST;
    }

    private static long bit(long set, long capability) {
        return set >>> capability & 1;
    }

    private Capabilities() {}
}
