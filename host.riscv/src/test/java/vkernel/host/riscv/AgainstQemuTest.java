package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;
import vkernel.host.engine.Trap;

/**
 * The interpreter leaves the same registers and memory as qemu-riscv64 after random programs. To repeat a run, give
 * its seed: {@code -Dvkernel.seed=N}.
 */
class AgainstQemuTest {
    private static final int STEPS = 3000;
    private static final int IMAGE_SIZE = (int) (RandomProgram.DATA - RandomProgram.CODE) + RandomProgram.DATA_SIZE;
    private static final long FIRST_SEED = Long.getLong("vkernel.seed", System.nanoTime());

    @TempDir
    Path folder;

    @BeforeAll
    static void needsQemu() {
        assumeTrue(Qemu.present(), "qemu-riscv64 (Debian package qemu-user) is not on the PATH");
    }

    @RepeatedTest(30)
    void leavesSameRegistersAndMemory(RepetitionInfo info) {
        long seed = FIRST_SEED + info.getCurrentRepetition() - 1;
        if (!agrees(seed, STEPS)) assertThat(blame(seed)).isNull();
    }

    /** What the first wrong step of a program is. */
    private String blame(long seed) {
        int right = 0;
        int wrong = STEPS;
        while (wrong - right > 1) {
            int middle = (right + wrong) / 2;
            if (agrees(seed, middle)) right = middle;
            else wrong = middle;
        }
        byte[] ours = interpreted(seed, wrong);
        byte[] qemus = emulated(seed, wrong);
        String name = new RandomProgram(seed, wrong).names.getLast();
        if (qemus.length != ours.length) return String.format("seed %d, step %d, %s: qemu died", seed, wrong, name);
        int at = Arrays.mismatch(ours, qemus) & ~7;
        return String.format(
                "seed %d, step %d, %s: at %x ours is %s, qemu's is %s",
                seed, wrong, name, at, hex(ours, at), hex(qemus, at));
    }

    private static String hex(byte[] bytes, int at) {
        StringBuilder s = new StringBuilder();
        for (int i = at + 7; i >= at; i--) s.append(String.format("%02x", bytes[i]));
        return s.toString();
    }

    private boolean agrees(long seed, int steps) {
        return Arrays.equals(interpreted(seed, steps), emulated(seed, steps));
    }

    private byte[] emulated(long seed, int steps) {
        Path elf = folder.resolve("program");
        Qemu.write(elf, RandomProgram.CODE, image(seed, steps));
        elf.toFile().setExecutable(true);
        return Qemu.run(elf);
    }

    private static byte[] interpreted(long seed, int steps) {
        try (Machine machine = new Machine(1 << 20)) {
            machine.map(RandomProgram.CODE, IMAGE_SIZE, Machine.ALL).put(RandomProgram.CODE, image(seed, steps));
            int trap = machine.run(RandomProgram.CODE);
            assertThat(Trap.name(trap)).as("seed %d at %x", seed, machine.pc()).isEqualTo("syscall");
            return machine.bytes(RandomProgram.DATA, RandomProgram.DATA_SIZE);
        }
    }

    private static byte[] image(long seed, int steps) {
        byte[] image = new byte[IMAGE_SIZE];
        byte[] code = new RandomProgram(seed, steps).code();
        byte[] data = RandomProgram.data(seed);
        System.arraycopy(code, 0, image, 0, code.length);
        System.arraycopy(data, 0, image, (int) (RandomProgram.DATA - RandomProgram.CODE), data.length);
        return image;
    }
}
