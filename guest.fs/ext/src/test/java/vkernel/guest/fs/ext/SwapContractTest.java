package vkernel.guest.fs.ext;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import vkernel.fs.FileSystemType;
import vkernel.fs.Inode;
import vkernel.kern.OpenState;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;

/** A successor writes on where the former one was, in the same files; e2fsck has nothing to say. */
class SwapContractTest extends SwapContract<OpenState> {
    private static final byte[] TEXT = "half of it, ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MORE = "and the rest".getBytes(StandardCharsets.US_ASCII);

    private final Machine machine = Machine.mounted(Images.make(8, "-t", "ext4"));
    private Inode file;

    @Override
    protected Swappable<OpenState> inService() {
        file = machine.file(machine.root(), "file").value();
        assertThat(machine.write(file, 0, TEXT)).isEqualTo(TEXT.length);
        return (Ext) machine.fs();
    }

    @Override
    protected Swappable<OpenState> another() {
        return new Ext(machine.kernel.kernel());
    }

    @Override
    protected void fill(Swappable<OpenState> provider) {
        machine.slot.fill((FileSystemType) provider);
    }

    @Override
    protected void goOn() {
        assertThat(machine.write(file, TEXT.length, MORE)).isEqualTo(MORE.length);
        assertThat(machine.sync(file)).isZero();
        assertThat(machine.lookup(machine.root(), "file")).isSameAs(file);
        assertThat(machine.read(file, 0, 100)).asString().isEqualTo("half of it, and the rest");
        Images.check(machine.unmounted(), "after a swap");
    }
}
