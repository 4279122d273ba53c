package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static vkernel.fs.Mode.*;

import org.junit.jupiter.api.Test;
import vkernel.fs.OpenFile;
import vkernel.fs.VfsState;
import vkernel.kern.Kernel;
import vkernel.kern.StateRejected;

/** Another provider of vfs goes on where the one before stopped. */
class SwapTest {
    private final Guest guest = new Guest();
    private final Guest.Process one = guest.rootProcess();
    private final Guest.Process two = guest.rootProcess();

    private void swap() {
        DentryVfs next = new DentryVfs(guest.kernel.kernel());
        VfsState state = guest.vfs.release();
        try {
            next.adopt(state);
        } catch (StateRejected e) {
            throw new AssertionError(e);
        }
        guest.vfs = next;
    }

    @Test
    void openFilesPipesLocksAndMountsGoOn() {
        one.mkdir("/mnt");
        one.mount("tmpfs", "/mnt", 0, "");
        one.file("/mnt/f", "text");
        OpenFile file = one.open("/mnt/f", O_RDWR);
        one.read(file, 2);
        guest.vfs.flock(one.task, file, 2);
        OpenFile[] pipe = guest.vfs.pipe(one.task, 0);
        one.write(pipe[1], "in flight");
        two.cd("/mnt");

        swap();

        assertThat(one.read(file, 10)).isEqualTo("xt");
        assertThat(two.read(pipe[0], 20)).isEqualTo("in flight");
        assertThat(guest.vfs.flock(two.task, two.open("f", O_RDONLY), 1 | 4)).isNegative();
        assertThat(guest.vfs.umount(one.task, one.path("/mnt"), 0)).isNegative();
        assertThat(guest.vfs.name(two.task, two.task.fs.cwd)).isEqualTo("/mnt");
        assertThat(one.mount("tmpfs", "/mnt", 0, "")).isZero();
        assertThat(guest.vfs.mounts()).extracting("id").doesNotHaveDuplicates();
    }

    @Test
    void aBlockedCallIsMadeAgainAtTheSuccessor() {
        OpenFile[] pipe = guest.vfs.pipe(one.task, 0);
        one.mknod("/fifo", S_IFIFO | 0600);
        assertThat(one.read(pipe[0], 5)).isEqualTo("blocked");
        assertThat(two.called(two.tryOpen("/fifo", O_WRONLY, 0).error())).isEqualTo(Kernel.BLOCKED);
        swap();
        Guest.Process three = guest.rootProcess();
        three.write(pipe[1], "x");
        assertThat(one.runnable()).isTrue();
        assertThat(one.read(pipe[0], 5)).isEqualTo("x");
        three.open("/fifo", O_RDONLY);
        assertThat(two.tryOpen("/fifo", O_WRONLY, 0).ok()).isTrue();
    }

    @Test
    void theOldProviderAcceptsNoCall() {
        DentryVfs old = guest.vfs;
        swap();
        assertThatThrownBy(old::mounts).isInstanceOf(IllegalStateException.class);
    }
}
