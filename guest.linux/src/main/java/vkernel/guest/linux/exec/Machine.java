package vkernel.guest.linux.exec;

import java.util.Map;

/** The machines that ELF files are for, by e_machine: what people bring along by mistake. */
final class Machine {
    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(2, "sparc"),
            Map.entry(3, "x86 (32 bit)"),
            Map.entry(8, "mips"),
            Map.entry(20, "powerpc"),
            Map.entry(21, "powerpc64"),
            Map.entry(22, "s390"),
            Map.entry(40, "arm (32 bit)"),
            Map.entry(43, "sparc64"),
            Map.entry(62, "x86-64"),
            Map.entry(183, "aarch64"),
            Map.entry(243, "riscv"),
            Map.entry(258, "loongarch"));

    /** What a file is that is no riscv64 program. */
    static String describe(byte elfClass, int machine) {
        String name = NAMES.getOrDefault(machine, "machine " + machine);
        String bits = machine != 243 ? "" : elfClass == 1 ? " (32 bit)" : "";
        return "an ELF file for " + name + bits + ", not for riscv64";
    }

    private Machine() {}
}
