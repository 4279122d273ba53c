package vkernel.guest.fs.ext;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.dev.BlockDevices;
import vkernel.dev.BlockRequest;
import vkernel.dev.CharDevice;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.fs.SuperBlock;
import vkernel.fs.Volume;
import vkernel.kern.End;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;
import vkernel.vm.PageStore;

/** A mounted file system: its parts, wired. All but {@link #volume} is soft. */
final class Mounted {
    // Volume.onErrors
    private static final int REMOUNT_READ_ONLY = 2;
    private static final int PANIC = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Mounted.class);

    /** What is to be done on the file system's own blocks. */
    @FunctionalInterface
    interface Action<T> {
        T run(Op op) throws Halt;
    }

    final Kernel kernel;
    final SuperBlock sb;
    final Volume volume;
    final Layout layout;
    final Slot<PageStore> store;
    final Slot<BlockRequest.Client> client;
    final Blocks blocks;
    final Groups groups;
    final Allocator allocator;
    final Inodes inodes;
    final Maps maps;
    final Xattrs xattrs;
    final Directories directories;
    final Contents contents;
    final Sizes sizes;
    final Commits commits;

    @SuppressWarnings("unchecked")
    Mounted(Kernel kernel, SuperBlock sb, Volume volume, Slot<CharDevice> device) throws Halt {
        this.kernel = kernel;
        this.sb = sb;
        this.volume = volume;
        Slot<FileSystemType> type = sb.type;
        // who is in this slot is this kind of file system, whichever bundle it comes from
        store = (Slot<PageStore>) (Slot<?>) type;
        client = (Slot<BlockRequest.Client>) (Slot<?>) type;
        var part = disks(device).part(volume.rdev);
        if (part == null) {
            throw Halt.error(Errno.ENXIO);
        }
        layout = new Layout(volume.superBlock, part.length);
        blocks = new Blocks(volume, layout, device);
        groups = new Groups(layout);
        allocator = new Allocator(this);
        inodes = new Inodes(this);
        maps = new Maps(this);
        xattrs = new Xattrs(this);
        directories = new Directories(this);
        contents = new Contents(this, device);
        sizes = new Sizes(this);
        commits = new Commits(this, device);
    }

    static BlockDevices disks(Slot<CharDevice> device) throws Halt {
        if (device.orNull() instanceof BlockDevices disks) {
            return disks;
        }
        throw Halt.error(Errno.ENXIO);
    }

    /** The task, when it can wait and come again. */
    private @Nullable Task patient(@Nullable Task task) {
        return task != null && kernel.current() == task ? task : null;
    }

    /** Does something whole, or says why not; BLOCKED when the task is to come again. */
    <T> Result<T> run(@Nullable Task task, Action<T> action) {
        while (true) {
            Op op = new Op(this);
            try {
                T done = action.run(op);
                op.commit();
                return Result.of(done);
            } catch (Halt halt) {
                if (halt.error != 0) {
                    return Result.error(failed(halt));
                }
                if (!blocks.bring(patient(task), halt.block)) {
                    return Result.error(Kernel.BLOCKED);
                }
            }
        }
    }

    /** Like {@link #run}, of something that changes nothing. */
    <T> Result<T> look(@Nullable Task task, Action<T> action) {
        while (true) {
            try {
                return Result.of(action.run(new Op(this)));
            } catch (Halt halt) {
                if (halt.error != 0) {
                    return Result.error(failed(halt));
                }
                if (!blocks.bring(patient(task), halt.block)) {
                    return Result.error(Kernel.BLOCKED);
                }
            }
        }
    }

    /** An inode is to be written some time. */
    void changed(Inode inode) {
        if (!sb.readOnly) {
            volume.changed.add(inode);
            commits.later();
        }
    }

    /** Whether the task can wait for a request and come again; else it has been waited for. */
    boolean waits(@Nullable Task task, BlockRequest request) {
        Task who = patient(task);
        if (request.pending() && who != null) {
            who.waitOn(request.done);
            return true;
        }
        request.await();
        return false;
    }

    /** What the disk says makes no sense: the operation is given up, and what follows is the mount's choice. */
    private int failed(Halt halt) {
        if (halt.damage().isEmpty()) {
            return halt.error;
        }
        LOG.warn("{}: {}", sb.source, halt.damage());
        if (!sb.readOnly) {
            Supers.error(layout, volume.superBlock);
            if (volume.onErrors == REMOUNT_READ_ONLY) {
                fail(halt.damage());
                Supers.write(this);
            } else if (volume.onErrors == PANIC) {
                kernel.shutdown(new End(End.Kind.PANIC, 255, sb.source + ": " + halt.damage()));
            }
        }
        return -Errno.EUCLEAN;
    }

    /** Nothing is written any more. */
    void fail(String why) {
        if (volume.failure == null) {
            LOG.error("{}: {}; it is read-only from now on", sb.source, why);
            volume.failure = why;
            sb.readOnly = true;
        }
    }
}
