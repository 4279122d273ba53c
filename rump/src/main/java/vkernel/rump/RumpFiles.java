package vkernel.rump;

import vkernel.fs.Dentry;
import vkernel.fs.FileOps;
import vkernel.fs.Inode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.kern.Slot;

/** Open files without names: the part of {@link vkernel.fs.Vfs} that sockets need. */
public final class RumpFiles {
    private static final int MOST = 1 << 16;

    private final SuperBlock nameless = new SuperBlock(new Slot<>("nameless"), 0, "none");
    private int open;

    RumpFiles() {}

    public OpenFile anonymous(String name, int mode, Slot<? extends FileOps> ops, int flags) {
        Dentry dentry = new Dentry(null, name, new Inode(nameless, nameless.nextIno(), mode));
        open++;
        return new OpenFile(new Path(new Mount(0, nameless, dentry, null, 0), dentry), ops, flags);
    }

    public void close(OpenFile file) {
        if (--file.refs == 0) {
            open--;
            file.ops().release(file);
        }
    }

    public int openFiles() {
        return open;
    }

    public int maxFiles() {
        return MOST;
    }
}
