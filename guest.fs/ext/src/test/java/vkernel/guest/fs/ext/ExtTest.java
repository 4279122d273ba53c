package vkernel.guest.fs.ext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import vkernel.dev.CharDevice;
import vkernel.fs.FileSystemType;
import vkernel.guest.fs.contract.FileSystemContract;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;

/** What mke2fs makes does what every file system does, and e2fsck has nothing to say afterwards. */
class ExtTest {
    /** Of one kind of image. */
    abstract static class OfKind extends FileSystemContract {
        private HeapDisk disk;

        @Override
        protected FileSystemType fileSystem(Kernel unused) {
            // the contract wants an empty root, and its clock begins early
            byte[] image = Images.change(image(), "rmdir lost+found", "sif / mtime @1", "sif / ctime @1");
            disk = new HeapDisk(kernel, image);
            Slot<CharDevice> slot = new Slot<>("dev.disk");
            slot.fill(disk);
            kernel.blockDevices.put(HeapDisk.RDEV, slot);
            return new Ext(unused);
        }

        abstract byte[] image();

        @AfterEach
        void e2fsckIsContent() {
            fs.unmount(sb);
            Images.check(Images.change(disk.image(), "mkdir lost+found"), "after unmounting");
        }
    }

    @Nested
    class SmallBlocks extends OfKind {
        @Override
        byte[] image() {
            return Images.make(8, "-t", "ext4");
        }
    }

    @Nested
    class LargeBlocks extends OfKind {
        @Override
        byte[] image() {
            return Images.make(16, "-t", "ext4", "-b", "4096");
        }
    }

    @Nested
    class WithoutChecksums extends OfKind {
        @Override
        byte[] image() {
            return Images.make(8, "-t", "ext4", "-O", "^metadata_csum,^64bit");
        }
    }

    @Nested
    class Ext3 extends OfKind {
        @Override
        byte[] image() {
            return Images.make(8, "-t", "ext3");
        }
    }

    @Nested
    class Ext2 extends OfKind {
        @Override
        byte[] image() {
            return Images.make(8, "-t", "ext2");
        }
    }
}
