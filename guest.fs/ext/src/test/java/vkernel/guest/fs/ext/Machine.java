package vkernel.guest.fs.ext;

import java.util.Arrays;
import vkernel.dev.CharDevice;
import vkernel.fs.Dentry;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.guest.fs.contract.HeapKernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Task;

/** A kernel with a disk and ext. */
final class Machine {
    final HeapKernel kernel = new HeapKernel(4096);
    final HeapDisk disk;
    final Slot<FileSystemType> slot;
    final Task task = kernel.task(0, 0);
    SuperBlock sb;

    Machine(byte[] image) {
        disk = new HeapDisk(kernel, image);
        Slot<CharDevice> device = new Slot<>("dev.disk");
        device.fill(disk);
        kernel.blockDevices.put(HeapDisk.RDEV, device);
        slot = kernel.add(new Ext(kernel.kernel()));
    }

    /** A kernel that has mounted an image. */
    static Machine mounted(byte[] image) {
        Machine machine = new Machine(image);
        machine.sb = machine.mount("").value();
        return machine;
    }

    Result<SuperBlock> mount(String options) {
        return slot.get().mount(slot, 0, "source", options);
    }

    FileSystemType fs() {
        return slot.get();
    }

    Inode root() {
        return sb.root();
    }

    OpenFile open(Inode inode) {
        Dentry dentry = new Dentry(null, "", inode);
        return new OpenFile(new Path(new Mount(1, inode.sb, dentry, null, 0), dentry), slot, Mode.O_RDWR);
    }

    Result<Inode> file(Inode dir, String name) {
        return fs().create(task, dir, name, Mode.S_IFREG | 0644, 0);
    }

    long write(Inode inode, long position, byte[] bytes) {
        return fs().write(task, open(inode), kernel.vm().buffer(bytes, 0, bytes.length), position);
    }

    byte[] read(Inode inode, long position, int most) {
        byte[] bytes = new byte[most];
        int done = 0;
        while (done < most) {
            long n = fs().read(task, open(inode), kernel.vm().buffer(bytes, done, most - done), position + done);
            if (n <= 0) {
                break;
            }
            done += (int) n;
        }
        return Arrays.copyOf(bytes, done);
    }

    Inode lookup(Inode dir, String name) {
        return fs().lookup(task, dir, name).value();
    }

    long sync(Inode inode) {
        return fs().sync(task, open(inode));
    }

    /** Takes a file's only name away; nobody has it open. */
    long remove(Inode dir, String name) {
        Inode inode = lookup(dir, name);
        long error = inode.directory() ? fs().rmdir(task, dir, name, inode) : fs().unlink(task, dir, name, inode);
        if (error == 0 && inode.nlink == 0) {
            fs().evict(inode);
        }
        return error;
    }

    byte[] unmounted() {
        fs().unmount(sb);
        return disk.image();
    }
}
