package vkernel.guest.fs.vfs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Dentry;
import vkernel.fs.FileOps;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.fs.VfsState;
import vkernel.kern.Kernel;
import vkernel.kern.RecentStrings;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** The hard state of vfs: what is mounted where, and where files without a name belong. */
final class Tree {
    final Kernel kernel;
    final Notify notify;
    final Dentries dentries = new Dentries();
    /** Names within paths. */
    final RecentStrings names = new RecentStrings();
    /** A walk that has ended, for the next one: most calls walk once. */
    private @Nullable Walk ended;

    /** In order of mounting; detached ones stay until their last file is closed. */
    final List<Mount> mounts;

    final Mount anonymous;
    final Slot<FileSystemType> nameless;
    final Slot<FileOps> pipes;
    /** Bytes of all pipe buffers. */
    long pipeBytes;
    /** Locks on all files. */
    int locks;

    private int nextMount;
    private int nextDevice;
    private long nextTicket;

    /** An empty tree. */
    Tree(Kernel kernel) {
        this.kernel = kernel;
        notify = new Notify(kernel);
        mounts = new ArrayList<>();
        nameless = new Slot<>("fs.anonymous");
        pipes = new Slot<>("pipe");
        nextMount = 1;
        nextTicket = 1;
        SuperBlock sb = new SuperBlock(nameless, newDevice(), "none");
        sb.root(new Inode(sb, sb.nextIno(), Mode.S_IFDIR));
        anonymous = new Mount(newMountId(), sb, new Dentry(null, "", sb.root()), null, 0);
    }

    Tree(Kernel kernel, VfsState state) {
        this.kernel = kernel;
        notify = new Notify(kernel);
        mounts = state.mounts();
        anonymous = state.anonymous();
        nameless = state.nameless();
        pipes = state.pipes();
        pipeBytes = state.pipeBytes();
        locks = state.locks();
        nextMount = state.nextMount();
        nextDevice = state.nextDevice();
        nextTicket = state.nextTicket();
    }

    VfsState state() {
        return new VfsState(mounts, nextMount, nextDevice, nextTicket, anonymous, nameless, pipes, pipeBytes, locks);
    }

    /** A walk, to be given to {@link #end} when nothing of it is needed any more. */
    Walk walk(Task task, Path base, int resolve) {
        Walk walk = ended == null ? new Walk(this, task, base, resolve) : ended.anew(task, base, resolve);
        ended = null;
        return walk;
    }

    void end(Walk walk) {
        ended = walk;
    }

    int newMountId() {
        return nextMount++;
    }

    /** A device number for a file system that has no device. */
    long newDevice() {
        return Mode.device(0, ++nextDevice);
    }

    long newTicket() {
        return nextTicket++;
    }

    /** The mount that covers a place; null when none does. */
    @Nullable
    Mount mountedAt(Mount mount, Dentry dentry) {
        for (int i = mounts.size() - 1; i >= 0; i--) {
            Path point = mounts.get(i).point;
            if (point != null && point.dentry() == dentry && point.mount() == mount) {
                return mounts.get(i);
            }
        }
        return null;
    }

    /** A file that nothing refers to any more goes for good. */
    static void evictIfGone(Inode inode) {
        if (inode.nlink == 0 && inode.opens == 0) {
            inode.sb.xattrBytes -= Xattrs.bytes(inode.xattrs);
            inode.xattrs = null;
            inode.sb.fs().evict(inode);
        }
    }
}
