package vkernel.guest.linux.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static vkernel.guest.linux.FakeMemory.BASE;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vkernel.guest.linux.FakeKernel;
import vkernel.kern.Errno;
import vkernel.task.Credentials;
import vkernel.vm.AddressSpace;

class FirstStackTest {
    private static final long TOP = BASE + 0x10000;
    private final FakeKernel kernel = new FakeKernel();
    private final AddressSpace space = new AddressSpace(1, 0);

    private long write(List<String> argv, List<String> env) throws BadProgram {
        FirstStack.Facts facts = new FirstStack.Facts(0x7000, 0x10040, 9, 0x8000, 0x9000, Credentials.ROOT, true);
        byte[] random = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        return new FirstStack(TOP, FirstStack.sizeFor("/bin/x", argv, env))
                .write(kernel.kernel(), space, "/bin/x", argv, env, random, facts);
    }

    private String string(long va) {
        StringBuilder text = new StringBuilder();
        for (int i = (int) (va - BASE); kernel.memory.bytes[i] != 0; i++) {
            text.append((char) kernel.memory.bytes[i]);
        }
        return text.toString();
    }

    @Test
    void argumentsEnvironmentAndAuxiliaryVectorAreWhereProgramsLook() throws BadProgram {
        long sp = write(List.of("x", "-a"), List.of("A=1", "B=", "C=3"));
        assertThat(sp & 15).isZero();
        assertThat(kernel.memory.getLong(sp)).isEqualTo(2);
        assertThat(string(kernel.memory.getLong(sp + 8))).isEqualTo("x");
        assertThat(string(kernel.memory.getLong(sp + 16))).isEqualTo("-a");
        assertThat(kernel.memory.getLong(sp + 24)).isZero();
        assertThat(string(kernel.memory.getLong(sp + 48))).isEqualTo("C=3");
        assertThat(kernel.memory.getLong(sp + 56)).isZero();
        Map<Long, Long> auxv = new HashMap<>();
        for (long at = sp + 64; kernel.memory.getLong(at) != 0; at += 16) {
            auxv.put(kernel.memory.getLong(at), kernel.memory.getLong(at + 8));
        }
        assertThat(auxv)
                .containsEntry(33L, 0x7000L)
                .containsEntry(51L, 0x440L)
                .containsEntry(16L, 0x112dL)
                .containsEntry(3L, 0x10040L)
                .containsEntry(5L, 9L)
                .containsEntry(7L, 0x8000L)
                .containsEntry(9L, 0x9000L)
                .containsEntry(23L, 1L)
                .containsEntry(28L, 32L)
                .hasSize(28);
        assertThat(string(auxv.get(31L))).isEqualTo("/bin/x");
        assertThat(kernel.memory.getLong(auxv.get(25L))).isEqualTo(0x0807_0605_0403_0201L);
    }

    @Test
    void procCanFindTheStrings() throws BadProgram {
        write(List.of("x", "-a"), List.of("A=1"));
        assertThat(string(space.argStart)).isEqualTo("x");
        assertThat(space.argEnd - space.argStart).isEqualTo(5);
        assertThat(space.envStart).isEqualTo(space.argEnd);
        assertThat(string(space.envStart)).isEqualTo("A=1");
    }

    @Test
    void tooMuchIsTooBig() {
        List<String> many = java.util.Collections.nCopies(1000, "x".repeat(1000));
        assertThatExceptionOfType(BadProgram.class)
                .isThrownBy(() -> FirstStack.checkLimits(128 << 10, "/x", many, List.of()))
                .satisfies(e -> assertThat(e.errno).isEqualTo(-Errno.E2BIG));
        assertThatExceptionOfType(BadProgram.class)
                .isThrownBy(() ->
                        FirstStack.checkLimits(6 << 20, "/x", List.of("y".repeat(Arguments.STRING_MAX)), List.of()));
    }
}
