package vkernel.guest.linux.exec;

import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Path;
import vkernel.kern.Errno;
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
     * Set-user-ID and set-group-ID files lend their owner's identity, others grant capabilities, and root has all that the
     * bounding set leaves.
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
        long permitted = c.bounding() & file.permitted() | c.inheritable() & file.inheritable();
        if (file.effective() && (file.permitted() & ~permitted) != 0) {
            throw new BadProgram(Errno.EPERM, FileCapabilities.NAME + " of the file exceeds the bounding set");
        }
        boolean effective = file.effective();
        boolean root = euid == 0 || c.uid() == 0;
        boolean mixed = file != FileCapabilities.NONE && euid == 0 && c.uid() != 0; // the file's capabilities alone
        if (root && !mixed) {
            permitted = c.bounding() | c.inheritable();
            effective = euid == 0;
        }
        if (task.process.noNewPrivs) {
            permitted &= c.permitted();
        }
        Credentials fresh = new Credentials(c.uid(), euid, euid, euid, c.gid(), egid, egid, egid, c.groups())
                .withBounding(c.bounding())
                .withCapabilities(permitted, effective ? permitted : 0, c.inheritable());
        boolean lent = c.uid() != euid || c.gid() != egid;
        return new NewCredentials(fresh, lent || c.uid() != 0 && (effective || permitted != 0));
    }

    private static boolean whole(Credentials c) {
        return c.effective() == Credentials.ALL_CAPABILITIES
                && c.permitted() == c.effective()
                && c.bounding() == Credentials.ALL_CAPABILITIES;
    }
}
