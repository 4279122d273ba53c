package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static vkernel.host.HostException.Reason.ABSENT;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vkernel.host.ByteRom;
import vkernel.host.Channel;
import vkernel.host.Host;
import vkernel.host.MachineConfig;
import vkernel.host.Rom;
import vkernel.host.StreamChannel;

/** {@link Host}: the machine has what it was given and nothing else. */
public abstract class DevicesContract extends MachineContract {
    private final Channel channel =
            new StreamChannel("test", InputStream.nullInputStream(), OutputStream.nullOutputStream());
    private final Rom rom = new ByteRom(new byte[3]);
    private final MachineConfig config = new MachineConfig(
            MachineConfig.MIN_RAM,
            3,
            MachineConfig.Time.REAL,
            0,
            false,
            Map.of("console", channel),
            Map.of("initrd", rom),
            Map.of());

    @Test
    void hasTheChannelsAndRomsItWasGiven() {
        Host host = machine(config, new ScriptedEngine());
        assertThat(host.config()).isEqualTo(config);
        assertThat(host.channel("console")).isSameAs(channel);
        assertThat(host.rom("initrd")).isSameAs(rom);
        assertReason(ABSENT, () -> host.channel("initrd"));
        assertReason(ABSENT, () -> host.rom("console"));
        assertReason(ABSENT, () -> host.open("disk"));
    }

    @Test
    void hasItsHartsAndNoOther() {
        Host host = machine(config, new ScriptedEngine());
        for (int id = 0; id < 3; id++) {
            assertThat(host.hart(id).id).isEqualTo(id);
            assertThat(host.hart(id)).isSameAs(host.hart(id));
            assertThat(host.hart(id).clock).isSameAs(host.clock());
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> host.hart(3));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> host.hart(-1));
    }

    @Test
    void machinesShareNothing() {
        Host one = machine(config, new ScriptedEngine());
        Host other = machine(config, new ScriptedEngine());
        one.ram().putLong(0, 1);
        one.vmspaces().create(1);
        assertThat(other.ram().getLong(0)).isZero();
        assertThat(other.vmspaces().ids()).isEmpty();
    }
}
