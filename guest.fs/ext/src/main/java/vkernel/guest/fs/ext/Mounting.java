package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.u16;
import static vkernel.guest.fs.ext.Le.u32;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.dev.BlockDevices;
import vkernel.dev.BlockRequest;
import vkernel.dev.BlockRequest.Kind;
import vkernel.dev.CharDevice;
import vkernel.fs.BlockMap;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.fs.SuperBlock;
import vkernel.fs.Volume;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;

/**
 * How a disk becomes a mounted file system (Linux: ext4_fill_super), and stops being one. Waits for the disk, for a mount
 * has no file yet that could be come again to.
 */
final class Mounting {
    private static final Logger LOG = LoggerFactory.getLogger(Mounting.class);

    private final Kernel kernel;

    Mounting(Kernel kernel) {
        this.kernel = kernel;
    }

    Result<Mounted> mount(
            Slot<FileSystemType> self, Slot<CharDevice> device, long rdev, String source, Options options) {
        try {
            BlockDevices disks = Mounted.disks(device);
            boolean write = !options.readOnly() && !disks.readOnly(rdev);
            if (!options.readOnly() && !write) {
                LOG.info("{}: the disk is read-only, and so is what is on it", source);
            }
            long claimed = disks.claim(rdev, write, "mounted as " + self.name());
            if (claimed != 0) {
                return Result.error(claimed);
            }
            try {
                return Result.of(mounted(self, device, rdev, source, write, options));
            } catch (Halt e) {
                disks.unclaim(rdev);
                throw e;
            }
        } catch (Halt e) {
            if (e.damage().isEmpty()) {
                LOG.info("{} cannot be mounted: {}", source, Errno.name(-e.error));
            } else {
                LOG.warn("{} cannot be mounted: {}", source, e.damage());
            }
            return Result.error(e.damage().isEmpty() ? e.error : -Errno.EUCLEAN);
        }
    }

    private Mounted mounted(
            Slot<FileSystemType> self,
            Slot<CharDevice> device,
            long rdev,
            String source,
            boolean write,
            Options options)
            throws Halt {
        BlockDevices disks = Mounted.disks(device);
        byte[] bytes = new byte[Layout.SUPER_SIZE];
        transfer(disks, BlockRequest.of(Kind.READ, rdev, Layout.SUPER_AT, bytes));
        var part = disks.part(rdev);
        Layout layout = new Layout(bytes, part == null ? 0 : part.length);
        if (!layout.unreadable().isEmpty()) {
            throw Halt.damaged("it has features that are not supported: %s", String.join(", ", layout.unreadable()));
        }
        if (write && !layout.unwritable().isEmpty()) {
            throw Halt.damaged(
                    "it has features that cannot be written, mount it read-only: %s",
                    String.join(", ", layout.unwritable()));
        }
        Recover found = recover(disks, layout, rdev, bytes, source, write);
        SuperBlock sb = new SuperBlock(self, rdev, source);
        sb.readOnly = !write;
        Volume volume = new Volume(rdev, found.superBlock());
        volume.freeBlocks =
                u32(volume.superBlock, 0xc) | (layout.has(Layout.BIT64) ? u32(volume.superBlock, 0x158) << 32 : 0);
        volume.freeInodes = u32(volume.superBlock, 0x10);
        volume.onErrors = options.onErrors() > 0 ? options.onErrors() : Supers.onErrors(volume.superBlock);
        volume.journal = write ? found.journal() : new long[0];
        volume.journalSuper = found.journalSuper();
        volume.sequence = found.sequence();
        sb.data = volume;
        Mounted fs = new Mounted(kernel, sb, volume, device);
        root(fs);
        if (write) {
            begin(fs);
        }
        return fs;
    }

    private static void root(Mounted fs) throws Halt {
        Result<Inode> root = fs.look(null, op -> fs.inodes.get(op, Layout.ROOT));
        if (!root.ok()) {
            throw Halt.error((int) -root.error());
        }
        if (!root.value().directory()) {
            throw Halt.damaged("its root is no directory");
        }
        fs.sb.root(root.value());
    }

    private static void transfer(BlockDevices disks, BlockRequest request) throws Halt {
        disks.submit(request);
        request.await();
        if (request.result != 0) {
            throw Halt.error(-request.result);
        }
    }

    // --- the journal ------------------------------------------------------------------------------------------------

    private record Recover(byte[] superBlock, long[] journal, byte[] journalSuper, int sequence) {}

    private Recover recover(
            BlockDevices disks, Layout layout, long rdev, byte[] superBlock, String source, boolean write) throws Halt {
        boolean has = (layout.compat & Layout.HAS_JOURNAL) != 0 && u32(superBlock, 0xe0) != 0;
        boolean needed = Supers.needsRecovery(superBlock);
        if (!has) {
            if (needed) {
                throw Halt.damaged("it needs recovery from a journal that it does not have here");
            }
            if (write && !Supers.clean(superBlock)) {
                LOG.warn("{}: it was not unmounted; e2fsck should look after it", source);
            }
            return new Recover(superBlock, new long[0], new byte[0], 0);
        }
        if (needed && !write) {
            LOG.warn("{}: it needs recovery from its journal, for which it must be mounted read-write once", source);
            throw Halt.error(Errno.EROFS);
        }
        if (!write) {
            return new Recover(superBlock, new long[0], new byte[0], 0);
        }
        Volume volume = new Volume(rdev, superBlock);
        long[] places = places(disks, layout, volume, u32(superBlock, 0xe0));
        Recovery recovery = new Recovery(layout, disk(disks, layout, rdev), places);
        int sequence =
                needed ? recovery.run() : ByteBuffer.wrap(recovery.superBlock()).getInt(0x18);
        if (recovery.first() != 1) {
            throw Halt.damaged("its journal begins at block %d", recovery.first());
        }
        byte[] now = superBlock;
        if (needed) {
            LOG.info("{}: recovered from its journal", source);
            transfer(disks, BlockRequest.flush(rdev));
            now = new byte[Layout.SUPER_SIZE];
            transfer(disks, BlockRequest.of(Kind.READ, rdev, Layout.SUPER_AT, now));
        }
        byte[] journalSuper = recovery.superBlock().clone();
        int length = Math.min(places.length, ByteBuffer.wrap(journalSuper).getInt(0x10));
        // a number that no block in the journal has
        return new Recover(now, Arrays.copyOf(places, length), journalSuper, sequence + 1);
    }

    private static Recovery.Disk disk(BlockDevices disks, Layout layout, long rdev) {
        return new Recovery.Disk() {
            @Override
            public byte[] read(long block) throws Halt {
                byte[] bytes = new byte[layout.blockSize];
                transfer(disks, BlockRequest.of(Kind.READ, rdev, block * layout.blockSize, bytes));
                return bytes;
            }

            @Override
            public void write(long block, byte[] bytes) throws Halt {
                transfer(disks, BlockRequest.of(Kind.WRITE, rdev, block * layout.blockSize, bytes));
            }
        };
    }

    /** Where the journal's blocks lie. Its inode is read as it is on the disk: nothing else is known yet. */
    private long[] places(BlockDevices disks, Layout layout, Volume volume, long ino) throws Halt {
        SuperBlock sb = new SuperBlock(new Slot<>("fs.ext4"), volume.rdev, "");
        Slot<CharDevice> device = new Slot<>("dev.disk");
        device.fill(disks);
        Mounted fs = new Mounted(kernel, sb, volume, device);
        Result<long[]> places = fs.look(null, op -> {
            byte[] raw = fs.inodes.load(op, ino);
            long size = (u32(raw, 4) | u32(raw, 0x6c) << 32) / layout.blockSize;
            BlockMap map = fs.maps.read(op, ino, raw);
            if (size < 8 || size > 1 << 24 || u16(raw, 0x1a) == 0) {
                throw Halt.damaged("its journal has %d blocks", size);
            }
            long[] all = new long[(int) size];
            for (int i = 0; i < all.length; i++) {
                all[i] = map.place(i);
                if (all[i] == 0) {
                    throw Halt.damaged("its journal has a hole");
                }
            }
            return all;
        });
        if (!places.ok()) {
            throw Halt.error((int) -places.error());
        }
        return places.value();
    }

    // --- begin and end ----------------------------------------------------------------------------------------------

    /** From now on it is written. */
    private void begin(Mounted fs) throws Halt {
        Volume volume = fs.volume;
        if (Supers.hasErrors(volume.superBlock)) {
            LOG.warn("{}: it has errors; e2fsck should look after it", fs.sb.source);
        }
        boolean journal = volume.journal.length > 0;
        if (journal) {
            Journal.superBlock(volume.journalSuper, fs.layout, volume.sequence, 0);
            written(fs, volume.journal[0] * fs.layout.blockSize, volume.journalSuper);
        }
        Supers.begin(fs.layout, volume.superBlock, journal, kernel.realtime());
        written(fs, Layout.SUPER_AT, volume.superBlock);
        fs.blocks.forget(Layout.SUPER_AT / fs.layout.blockSize);
        orphans(fs);
    }

    private static void written(Mounted fs, long position, byte[] bytes) throws Halt {
        if (!fs.commits.writeNow(position, bytes.clone())) {
            throw Halt.error(Errno.EIO);
        }
    }

    /** Files that had no name and were open when the power was cut (Linux: ext4_orphan_cleanup). */
    private static void orphans(Mounted fs) {
        Volume volume = fs.volume;
        long ino = u32(volume.superBlock, 0xe8);
        for (int i = 0; ino != 0 && ino <= fs.layout.inodes && i < fs.layout.inodes; i++) {
            long number = ino;
            volume.orphans.addFirst(number);
            Result<Inode> orphan = fs.look(null, op -> fs.inodes.get(op, number));
            if (!orphan.ok()) {
                volume.orphans.removeFirst();
                return;
            }
            ino = u32(Inodes.data(orphan.value()).raw, 0x14);
        }
        forget(fs);
    }

    /** Nobody has files without a name open: they go. */
    private static void forget(Mounted fs) {
        Volume volume = fs.volume;
        for (long number : List.copyOf(volume.orphans)) {
            Result<Inode> orphan = fs.look(null, op -> fs.inodes.get(op, number));
            if (orphan.ok() && orphan.value().nlink == 0) {
                fs.run(null, op -> Names.free(fs, op, orphan.value()));
            } else if (orphan.ok()) {
                fs.run(null, op -> Names.adopt(fs, op, orphan.value()));
            }
        }
    }

    /** It is written no more. */
    void end(Mounted fs, @Nullable BlockDevices disks) {
        Volume volume = fs.volume;
        if (!fs.sb.readOnly) {
            forget(fs);
        }
        if (!fs.sb.readOnly && fs.commits.now() == 0) {
            if (volume.journal.length > 0) {
                Journal.superBlock(volume.journalSuper, fs.layout, volume.sequence, 0);
                fs.commits.writeNow(volume.journal[0] * fs.layout.blockSize, volume.journalSuper.clone());
            }
            Supers.end(fs.layout, volume.superBlock);
            Supers.write(fs);
        }
        fs.contents.settleAll();
        fs.commits.stop();
        if (disks != null) {
            disks.unclaim(volume.rdev);
        }
    }
}
