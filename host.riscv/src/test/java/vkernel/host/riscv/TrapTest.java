package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.host.Vmspaces;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;

/** At a trap the registers and the pc are those before the instruction, and it has done nothing. */
class TrapTest {
    private static final long CODE = 0x10000;
    private static final long DATA = 0x20000;

    private final Machine machine = new Machine(1 << 20);

    @AfterEach
    void close() {
        machine.close();
    }

    private void code(int... words) {
        machine.map(CODE, 4096, Machine.ALL).put(CODE, words);
    }

    @Test
    void syscallLeavesPcAtTheEcall() {
        code(Asm.i("addi", 10, 0, 7), Asm.ECALL);
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.pc()).isEqualTo(CODE + 4);
        assertThat(machine.x(10)).isEqualTo(7);
        assertThat(machine.hart.retired).isEqualTo(1);
    }

    @Test
    void ebreakIsABreakpointInBothLengths() {
        code(Asm.EBREAK, 0x9002);
        assertThat(machine.run(CODE)).isEqualTo(Trap.BREAKPOINT);
        assertThat(machine.run(CODE + 4)).isEqualTo(Trap.BREAKPOINT);
        assertThat(machine.pc()).isEqualTo(CODE + 4);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x0000_0000, // all zero: a reserved compressed encoding
                0x0000_2001, // c.addiw with rd 0
                0x0000_6101, // c.addi16sp of 0
                0x0000_6081, // c.lui of 0
                0x0000_4002, // c.lwsp to x0
                0x0000_6002, // c.ldsp to x0
                0x0000_8002, // c.jr x0
                0x0000_8000, // quadrant 0, funct3 100
                0x0000_9C41, // quadrant 1, funct3 100, two reserved ones
                0x0000_9C61
            })
    void reservedCompressedEncodingIsIllegalWithItsBits(int half) {
        code(half | 0x1234_0000);
        assertThat(machine.run(CODE)).isEqualTo(Trap.ILLEGAL);
        assertThat(machine.hart.trapAddress).isEqualTo(half);
        assertThat(machine.pc()).isEqualTo(CODE);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0xFFFF_FFFF, // longer than 32 bits
                0x0000_007F,
                0x0000_207B, // custom-3
                0x4000_1013, // slli with bit 30
                0x0200_101B, // slliw with shamt 32
                0x0000_7003, // a load of 128 bits
                0x0000_4023, // a store of 128 bits
                0x0000_2063, // branch, funct3 010
                0x1020_0073, // sret
                0x1050_0073, // wfi
                0xC000_2573, // rdcycle
                0xC020_2573, // rdinstret
                0xC010_1573, // csrrw of time
                0xC010_A573, // csrrs of time with a source register
                0x3000_2573, // mstatus
                0x1011_202F, // lr.w with rs2
                0x0200_5053, // fadd.d, static rounding mode 5
                0x0600_0053, // fadd.q
                0x2000_3053 // fsgnj.s, funct3 011
            })
    void encodingThatDoesNotExistIsIllegalWithItsBits(int word) {
        code(word);
        assertThat(machine.run(CODE)).isEqualTo(Trap.ILLEGAL);
        assertThat(machine.hart.trapAddress).isEqualTo(Integer.toUnsignedLong(word));
        assertThat(machine.pc()).isEqualTo(CODE);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7})
    void dynamicRoundingWithAReservedModeIsIllegal(int frm) {
        int add = Asm.f("fadd.d", 1, 2, 3, 0, 7);
        code(Asm.i("csrrwi", 0, frm, 2), add);
        assertThat(machine.run(CODE)).isEqualTo(Trap.ILLEGAL);
        assertThat(machine.hart.trapAddress).isEqualTo(Integer.toUnsignedLong(add));
        assertThat(machine.pc()).isEqualTo(CODE + 4);
    }

    @Test
    void missingPageFaultsWithItsAddress() {
        code(Asm.i("ld", 5, 6, 8));
        machine.x(5, 99);
        machine.x(6, 0x7FFF_0000L);
        assertThat(machine.run(CODE)).isEqualTo(Trap.PAGE_MISSING);
        assertThat(machine.hart.trapAddress).isEqualTo(0x7FFF_0008L);
        assertThat(machine.hart.trapAccess).isEqualTo(Vmspaces.READ);
        assertThat(machine.x(5)).isEqualTo(99);
        assertThat(machine.pc()).isEqualTo(CODE);
        assertThat(machine.hart.retired).isZero();
    }

    @ParameterizedTest
    @CsvSource({"sd, 4089", "sd, 4095", "sw, 4093", "sh, 4095"})
    void storeOverTwoPagesWritesNothingWhenTheSecondFaults(String name, int offset) {
        machine.map(DATA, 4096, Machine.ALL).map(DATA + 4096, 4096, Vmspaces.READ);
        code(Asm.s(name, 5, 6, 0));
        machine.x(5, -1);
        machine.x(6, DATA + offset);
        assertThat(machine.run(CODE)).isEqualTo(Trap.PAGE_PROTECTED);
        assertThat(machine.hart.trapAddress).isEqualTo(DATA + 4096);
        assertThat(machine.hart.trapAccess).isEqualTo(Vmspaces.WRITE);
        assertThat(machine.bytes(DATA, 4096)).containsOnly(0);
    }

    @Test
    void loadOverTwoPagesJoinsThem() {
        machine.mapFrame(DATA, 9, Machine.ALL);
        machine.mapFrame(DATA + 4096, 5, Machine.ALL);
        code(Asm.s("sd", 5, 6, 0), Asm.i("ld", 7, 6, 0), Asm.i("lw", 8, 6, 2), Asm.i("lhu", 9, 6, 2), Asm.ECALL);
        machine.x(5, 0x8877_6655_4433_2211L);
        machine.x(6, DATA + 4093);
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(7)).isEqualTo(0x8877_6655_4433_2211L);
        assertThat(machine.x(8)).isEqualTo(0x6655_4433L);
        assertThat(machine.x(9)).isEqualTo(0x4433L);
    }

    @ParameterizedTest
    @CsvSource({
        "lr.w, 2, 1",
        "lr.d, 4, 1",
        "sc.w, 1, 2",
        "sc.d, 4, 2",
        "amoadd.w, 2, 2",
        "amoadd.d, 4, 2",
        "amomaxu.d, 1, 2"
    })
    void misalignedAtomicTraps(String name, int offset, int access) {
        machine.map(DATA, 4096, Machine.ALL);
        code(Asm.r(name, 5, 6, name.startsWith("lr") ? 0 : 7));
        machine.x(6, DATA + offset);
        assertThat(machine.run(CODE)).isEqualTo(Trap.MISALIGNED);
        assertThat(machine.hart.trapAddress).isEqualTo(DATA + offset);
        assertThat(machine.hart.trapAccess).isEqualTo(access);
        assertThat(machine.bytes(DATA, 4096)).containsOnly(0);
    }

    @Test
    void atomicOnAReadOnlyPageIsAWriteFault() {
        machine.map(DATA, 4096, Vmspaces.READ);
        code(Asm.r("amoor.w", 5, 6, 0));
        machine.x(6, DATA);
        assertThat(machine.run(CODE)).isEqualTo(Trap.PAGE_PROTECTED);
        assertThat(machine.hart.trapAccess).isEqualTo(Vmspaces.WRITE);
    }

    @Test
    void jumpDropsTheLowestBit() {
        code(Asm.i("jalr", 1, 6, 1), Asm.EBREAK, Asm.ECALL);
        machine.x(6, CODE + 8);
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(1)).isEqualTo(CODE + 4);
    }

    @Test
    void oddPcFromTheKernelIsMisaligned() {
        code(Asm.ECALL);
        assertThat(machine.run(CODE + 1)).isEqualTo(Trap.MISALIGNED);
        assertThat(machine.hart.trapAddress).isEqualTo(CODE + 1);
        assertThat(machine.hart.trapAccess).isEqualTo(Vmspaces.EXECUTE);
        assertThat(machine.pc()).isEqualTo(CODE + 1);
    }

    @Test
    void jumpToAMissingPageFaultsThere() {
        code(Asm.i("jalr", 1, 6, 0));
        machine.x(6, 0x5555_0002L);
        assertThat(machine.run(CODE)).isEqualTo(Trap.PAGE_MISSING);
        assertThat(machine.hart.trapAddress).isEqualTo(0x5555_0002L);
        assertThat(machine.hart.trapAccess).isEqualTo(Vmspaces.EXECUTE);
        assertThat(machine.pc()).isEqualTo(0x5555_0002L);
        assertThat(machine.x(1)).isEqualTo(CODE + 4);
        assertThat(machine.hart.retired).isEqualTo(1);
    }

    @Test
    void jumpToAPageThatIsNotExecutableIsProtected() {
        machine.map(DATA, 4096, Vmspaces.READ | Vmspaces.WRITE);
        code(Asm.i("jalr", 0, 6, 0));
        machine.x(6, DATA);
        assertThat(machine.run(CODE)).isEqualTo(Trap.PAGE_PROTECTED);
    }

    @Test
    void instructionInTwoPagesFaultsAtTheSecondWithThePcAtItsBeginning() {
        int add = Asm.i("addi", 5, 5, 3);
        machine.map(CODE, 4096, Machine.ALL);
        machine.ram.putShort(machine.physical(CODE + 4094), (short) add);
        assertThat(machine.run(CODE + 4094)).isEqualTo(Trap.PAGE_MISSING);
        assertThat(machine.hart.trapAddress).isEqualTo(CODE + 4096);
        assertThat(machine.pc()).isEqualTo(CODE + 4094);

        machine.map(CODE + 4096, 4096, Machine.ALL);
        machine.ram.putShort(machine.physical(CODE + 4096), (short) (add >>> 16));
        machine.ram.putInt(machine.physical(CODE + 4098), Asm.ECALL);
        assertThat(machine.run()).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(5)).isEqualTo(3);
        assertThat(machine.pc()).isEqualTo(CODE + 4098);
    }

    @Test
    void illegalInstructionInTwoPagesTellsAllItsBits() {
        machine.map(CODE, 8192, Machine.ALL);
        machine.ram.putInt(machine.physical(CODE + 4094), 0xABCD_207B);
        assertThat(machine.run(CODE + 4094)).isEqualTo(Trap.ILLEGAL);
        assertThat(machine.hart.trapAddress).isEqualTo(0xABCD_207BL);
    }

    @Test
    void slotOfThePcIsZeroOnlyWhileRunning() {
        code(Asm.i("addi", 0, 0, 5), Asm.r("add", 5, 0, 0), Asm.i("jalr", 0, 6, 0));
        machine.x(5, 1);
        machine.x(6, CODE + 12);
        machine.put(CODE + 12, Asm.ECALL);
        assertThat(machine.run(CODE)).isEqualTo(Trap.SYSCALL);
        assertThat(machine.x(5)).isZero();
        assertThat(machine.hart.regs[Registers.PC]).isEqualTo(CODE + 12);
    }
}
