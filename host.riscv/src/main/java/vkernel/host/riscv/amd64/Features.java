package vkernel.host.riscv.amd64;

import static vkernel.host.riscv.amd64.Asm.RAX;
import static vkernel.host.riscv.amd64.Asm.RBX;
import static vkernel.host.riscv.amd64.Asm.RCX;
import static vkernel.host.riscv.amd64.Asm.RDI;
import static vkernel.host.riscv.amd64.Asm.RDX;
import static vkernel.host.riscv.amd64.Asm.RSI;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import vkernel.host.CodeMemory;

/** What the host's processor must be able to do (AMD64 Architecture Programmer's Manual, volume 3, appendix E). */
final class Features {
    private static final long FMA = 1L << 12;
    /** Vector registers that the system saves. */
    private static final long SAVED = 1L << 27;

    private static final long AVX = 1L << 28;
    private static final long BMI2 = 1L << 8;

    /** Whether machine code can be written and executed here. */
    static final boolean SUFFICE = System.getProperty("os.arch", "").equals("amd64") && suffice();

    private Features() {}

    private static boolean suffice() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = CodeMemory.allocate(1 << 12, arena);
            if (code == null) return false;
            byte[] ask = ask(code.address()).bytes();
            MemorySegment.copy(ask, 0, code, ValueLayout.JAVA_BYTE, 0, ask.length);
            long vectors = CodeMemory.call(code, 1, 0) >>> 32;
            long bits = CodeMemory.call(code, 7, 0);
            return (vectors & (FMA | SAVED | AVX)) == (FMA | SAVED | AVX) && (bits & BMI2) != 0;
        }
    }

    /** A function of a leaf and a subleaf: ebx and, in the upper half, ecx. */
    private static Asm ask(long address) {
        Asm asm = new Asm(address);
        asm.push(RBX);
        asm.rr(Asm.MOV, RAX, RDI);
        asm.rr(Asm.MOV, RCX, RSI);
        asm.cpuid();
        asm.rr32(Asm.MOV, RAX, RBX);
        asm.rr32(Asm.MOV, RDX, RCX);
        asm.shift(Asm.SHL_I, RDX, 32);
        asm.rr(Asm.OR, RAX, RDX);
        asm.pop(RBX);
        asm.ret();
        return asm;
    }
}
