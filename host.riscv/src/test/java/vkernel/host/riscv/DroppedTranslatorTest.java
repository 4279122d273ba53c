package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;
import vkernel.host.riscv.jit.Translator;

/** A translator that is dropped leaves nothing behind: its classes are unloaded. */
@Timeout(60)
class DroppedTranslatorTest {
    @Test
    void classesAreUnloadedWithTheEngine() {
        long before = unloaded();
        int classes = useATranslator();
        assertThat(classes).isGreaterThan(10);
        while (unloaded() - before < classes) System.gc();
    }

    /** @return classes that it made */
    private static int useATranslator() {
        Translator translator = new Translator(1, true, true);
        try (Machine machine = new Machine(1 << 20, translator)) {
            int size = (int) (RandomProgram.DATA - RandomProgram.CODE) + RandomProgram.DATA_SIZE;
            machine.map(RandomProgram.CODE, size, Machine.ALL)
                    .put(RandomProgram.CODE, new RandomProgram(1, 1000).code())
                    .put(RandomProgram.DATA, RandomProgram.data(1));
            for (int turn = 0; turn < 3; turn++) {
                machine.hart.regs[Registers.PC] = RandomProgram.CODE;
                assertThat(machine.run()).isEqualTo(Trap.SYSCALL);
            }
        }
        int made = Math.toIntExact(translator.figures().get("regions"));
        translator.close();
        return made;
    }

    private static long unloaded() {
        return ManagementFactory.getClassLoadingMXBean().getUnloadedClassCount();
    }
}
