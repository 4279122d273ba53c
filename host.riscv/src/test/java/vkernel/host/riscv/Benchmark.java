package vkernel.host.riscv;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;

/**
 * Runs a static ELF file that only calls write and exit, several times, and prints millions of guest instructions a
 * second: {@code java … vkernel.host.riscv.Benchmark FILE [TIMES]}.
 */
final class Benchmark {
    private static final long STACK = 0x4000_0000;
    private static final int STACK_SIZE = 1 << 20;
    private static final int SYS_WRITE = 64;
    private static final int SYS_EXIT = 93;
    private static final int PT_LOAD = 1;

    private Benchmark() {}

    public static void main(String[] args) throws IOException {
        byte[] elf = Files.readAllBytes(Path.of(args[0]));
        int times = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        for (int i = 0; i < times; i++) {
            try (Machine machine = new Machine(64 << 20)) {
                long entry = load(machine, ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN));
                long start = cpuTime();
                execute(machine, entry);
                long nanos = cpuTime() - start;
                System.out.printf(
                        "%.1f million instructions, %.3f s, %.1f million/s%n",
                        machine.hart.retired / 1e6, nanos / 1e9, machine.hart.retired * 1e3 / nanos);
            }
        }
    }

    /** The thread's own time, so that other programs on the machine do not count. */
    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long load(Machine machine, ByteBuffer elf) {
        machine.map(STACK - STACK_SIZE, STACK_SIZE, Machine.ALL);
        machine.x(Registers.SP, STACK);
        for (int i = 0; i < elf.getShort(56); i++) {
            int header = (int) elf.getLong(32) + 56 * i;
            if (elf.getInt(header) != PT_LOAD) continue;
            long va = elf.getLong(header + 16);
            long end = va + elf.getLong(header + 40);
            byte[] bytes = new byte[(int) elf.getLong(header + 32)];
            elf.get((int) elf.getLong(header + 8), bytes);
            for (long a = va & -4096; a < end; a += 4096) if (!machine.mapped(a)) machine.map(a, 4096, Machine.ALL);
            for (int b = 0; b < bytes.length; b++) machine.ram.putByte(machine.physical(va + b), bytes[b]);
        }
        return elf.getLong(24);
    }

    private static void execute(Machine machine, long entry) {
        int trap = machine.run(entry);
        while (trap == Trap.SYSCALL && machine.x(Registers.A7) != SYS_EXIT) {
            if (machine.x(Registers.A7) == SYS_WRITE) write(machine);
            trap = machine.run(machine.pc() + 4);
        }
        if (trap != Trap.SYSCALL) throw new IllegalStateException(Trap.name(trap) + " at " + machine.pc());
    }

    private static void write(Machine machine) {
        for (int i = 0; i < machine.x(12); i++) {
            System.out.write(machine.ram.getByte(machine.physical(machine.x(11) + i)));
        }
    }
}
