package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import vkernel.host.Entropy;

/** {@link Entropy}, the host's and the seeded one. */
public abstract class EntropyContract extends MachineContract {
    private Entropy real() {
        return machine(1, false, new ScriptedEngine()).entropy();
    }

    private Entropy virtual(long seed) {
        return virtual(1, seed, Map.of(), new ScriptedEngine()).entropy();
    }

    private static byte[] bytes(Entropy entropy) {
        byte[] bytes = new byte[100];
        entropy.fill(bytes, 3, 95);
        assertThat(bytes).startsWith(0, 0, 0).endsWith(0, 0);
        int differing = 0;
        for (int i = 4; i < 97; i++) if (bytes[i] != bytes[i - 1]) differing++;
        assertThat(differing).isGreaterThan(70);
        return bytes;
    }

    @Test
    void fillsExactlyTheRange() {
        bytes(real());
        bytes(virtual(0));
        real().fill(new byte[0], 0, 0);
        for (Entropy entropy : new Entropy[] {real(), virtual(1)}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> entropy.fill(new byte[4], 1, 4));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> entropy.fill(new byte[4], -1, 2));
        }
    }

    @Test
    void differsInRealTime() {
        Entropy entropy = real();
        assertThat(bytes(entropy)).isNotEqualTo(bytes(entropy));
        assertThat(bytes(real())).isNotEqualTo(bytes(real()));
    }

    @Test
    void comesFromTheSeedInVirtualTime() {
        Entropy entropy = virtual(5);
        byte[] first = bytes(entropy);
        byte[] second = bytes(entropy);
        Entropy same = virtual(5);
        assertThat(bytes(same)).isEqualTo(first).isNotEqualTo(second);
        assertThat(bytes(same)).isEqualTo(second);
        assertThat(bytes(virtual(6))).isNotEqualTo(first);
    }
}
