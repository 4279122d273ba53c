package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.fs.Mode.*;

import vkernel.fs.OpenFile;
import vkernel.fs.VfsState;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;

class SwapContractTest extends SwapContract<VfsState> {
    private final Guest guest = new Guest();
    private final Guest.Process one = guest.rootProcess();
    private final Guest.Process two = guest.rootProcess();
    private OpenFile file;
    private OpenFile[] pipe;

    @Override
    protected Swappable<VfsState> inService() {
        one.mkdir("/mnt");
        one.mount("tmpfs", "/mnt", 0, "");
        one.file("/mnt/f", "text");
        one.mknod("/fifo", S_IFIFO | 0600);
        file = one.open("/mnt/f", O_RDWR);
        one.read(file, 2);
        guest.vfs.flock(one.task, file, 2);
        pipe = guest.vfs.pipe(one.task, 0);
        one.write(pipe[1], "in flight");
        two.called(two.tryOpen("/fifo", O_WRONLY, 0).error());
        return guest.vfs;
    }

    @Override
    protected Swappable<VfsState> another() {
        return new DentryVfs(guest.kernel.kernel());
    }

    @Override
    protected void fill(Swappable<VfsState> provider) {
        guest.vfs = (DentryVfs) provider;
    }

    @Override
    protected void goOn() {
        assertThat(one.read(file, 10)).isEqualTo("xt");
        assertThat(two.read(pipe[0], 20)).isEqualTo("in flight");
        assertThat(guest.vfs.flock(two.task, two.open("/mnt/f", O_RDONLY), 1 | 4))
                .isNegative();
        one.open("/fifo", O_RDONLY | O_NONBLOCK);
        assertThat(two.tryOpen("/fifo", O_WRONLY, 0).ok()).isTrue();
        assertThat(guest.vfs.umount(one.task, one.path("/mnt"), 0)).isNegative();
    }
}
