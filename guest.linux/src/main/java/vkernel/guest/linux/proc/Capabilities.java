package vkernel.guest.linux.proc;

import vkernel.task.Credentials;

/** What a change of user ids does to capabilities (capabilities(7), "Effect of user ID changes on capabilities"). */
final class Capabilities {
    /** CAP_CHOWN to CAP_FSETID, CAP_LINUX_IMMUTABLE, CAP_MKNOD, CAP_MAC_OVERRIDE: what goes with the fsuid. */
    private static final long FILES = 0x1f | 1L << 9 | 1L << 27 | 1L << 32;

    /** The fsuid follows the effective id. @param keep PR_SET_KEEPCAPS */
    static Credentials afterUids(Credentials old, int real, int effective, int saved, boolean keep) {
        boolean wasRoot = old.uid() == 0 || old.euid() == 0 || old.suid() == 0;
        boolean isRoot = real == 0 || effective == 0 || saved == 0;
        long permitted = wasRoot && !isRoot && !keep ? 0 : old.permitted();
        long inForce = old.effective() & permitted;
        if (old.euid() == 0 && effective != 0) {
            inForce = 0;
        }
        if (old.euid() != 0 && effective == 0) {
            inForce = permitted;
        }
        return old.withUids(real, effective, saved, effective).withCapabilities(permitted, inForce, old.inheritable());
    }

    static Credentials afterFsuid(Credentials old, int fsuid) {
        long inForce = old.effective();
        if (old.fsuid() == 0 && fsuid != 0) {
            inForce &= ~FILES;
        }
        if (old.fsuid() != 0 && fsuid == 0) {
            inForce |= old.permitted() & FILES;
        }
        return old.withUids(old.uid(), old.euid(), old.suid(), fsuid)
                .withCapabilities(old.permitted(), inForce, old.inheritable());
    }

    private Capabilities() {}
}
