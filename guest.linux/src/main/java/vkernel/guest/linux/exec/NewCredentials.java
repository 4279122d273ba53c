package vkernel.guest.linux.exec;

import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Path;
import vkernel.kern.Errno;
import vkernel.task.CapabilitySets;
import vkernel.task.Credentials;
import vkernel.task.Task;

/**
 * Who a program is executed as (Linux: security/commoncap.c, cap_bprm_creds_from_file; capabilities(7)).
 *
 * @param secure whether it is to mistrust its environment (AT_SECURE)
 */
record NewCredentials(Credentials credentials, boolean secure) {
    private static final long MNT_NOSUID = 2;

    /**
     * Set-user-ID and set-group-ID files lend their owner's identity, others grant capabilities, root has all that the
     * bounding set leaves, and what does none of this keeps the ambient ones.
     *
     * @throws BadProgram EPERM when a file wants in force what it cannot grant
     */
    static NewCredentials of(Task task, Path place) throws BadProgram {
        Credentials c = task.credentials;
        Inode inode = place.inode();
        boolean lends = (place.mount().flags & MNT_NOSUID) == 0 && !task.process.noNewPrivs;
        boolean setUid = lends && (inode.mode & Mode.S_ISUID) != 0;
        boolean setGid = lends && (inode.mode & (Mode.S_ISGID | 010)) == (Mode.S_ISGID | 010);
        int euid = setUid ? inode.uid : c.euid();
        int egid = setGid ? inode.gid : c.egid();
        FileCapabilities file =
                (place.mount().flags & MNT_NOSUID) == 0 ? FileCapabilities.of(inode) : FileCapabilities.NONE;
        boolean same = euid == c.suid() && euid == c.fsuid() && egid == c.sgid() && egid == c.fsgid();
        if (same && euid == 0 && c.uid() == 0 && whole(c)) {
            return new NewCredentials(c, false); // what most programs of root start with
        }
        CapabilitySets old = c.capabilities();
        long permitted = old.bounding() & file.permitted() | old.inheritable() & file.inheritable();
        if (file.effective() && (file.permitted() & ~permitted) != 0) {
            throw new BadProgram(Errno.EPERM, FileCapabilities.NAME + " of the file exceeds the bounding set");
        }
        boolean effective = file.effective();
        boolean root = euid == 0 || c.uid() == 0;
        boolean mixed = file != FileCapabilities.NONE && euid == 0 && c.uid() != 0; // the file's capabilities alone
        if (root && !mixed) {
            permitted = old.bounding() | old.inheritable();
            effective = euid == 0;
        }
        if (task.process.noNewPrivs) {
            permitted &= old.permitted();
        }
        boolean lent = c.uid() != euid || c.gid() != egid;
        long ambient = lent || file != FileCapabilities.NONE ? 0 : old.ambient();
        permitted |= ambient;
        CapabilitySets sets = new CapabilitySets(
                permitted, effective ? permitted : ambient, old.inheritable(), old.bounding(), ambient);
        boolean grown = effective || (permitted & ~ambient) != 0;
        return new NewCredentials(
                new Credentials(c.uid(), euid, euid, euid, c.gid(), egid, egid, egid, c.groups(), sets),
                lent || c.uid() != 0 && grown);
    }

    private static boolean whole(Credentials c) {
        CapabilitySets sets = c.capabilities();
        return sets.effective() == Credentials.ALL_CAPABILITIES
                && sets.permitted() == sets.effective()
                && sets.bounding() == sets.effective();
    }
}
