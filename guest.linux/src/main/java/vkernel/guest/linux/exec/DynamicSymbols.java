package vkernel.guest.linux.exec;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import vkernel.guest.linux.user.Le;

/** The dynamic symbols of an ELF shared object that is mapped as it lies in its file, as the vDSO is. */
final class DynamicSymbols {
    private static final int PT_DYNAMIC = 2;
    private static final int DT_HASH = 4;
    private static final int DT_STRTAB = 5;
    private static final int DT_SYMTAB = 6;
    private static final int SYMBOL_SIZE = 24;

    private final Map<String, Long> addresses = new TreeMap<>();

    static DynamicSymbols of(byte[] elf) {
        DynamicSymbols symbols = new DynamicSymbols();
        int headers = (int) Le.i64(elf, 32);
        for (int i = 0; i < Le.u16(elf, 56); i++) {
            int at = headers + i * Elf.PROGRAM_HEADER_SIZE;
            if (Le.i32(elf, at) == PT_DYNAMIC) {
                symbols.read(elf, (int) Le.i64(elf, at + 8));
            }
        }
        return symbols;
    }

    private void read(byte[] elf, int dynamic) {
        int hash = 0;
        int strings = 0;
        int table = 0;
        for (int at = dynamic; Le.i64(elf, at) != 0; at += 16) {
            int value = (int) Le.i64(elf, at + 8);
            switch ((int) Le.i64(elf, at)) {
                case DT_HASH -> hash = value;
                case DT_STRTAB -> strings = value;
                case DT_SYMTAB -> table = value;
                default -> {
                    // Not needed to find a symbol.
                }
            }
        }
        // The hash table's second word is the number of symbols.
        for (int i = 1; i < Le.i32(elf, hash + 4); i++) {
            int at = table + i * SYMBOL_SIZE;
            addresses.put(string(elf, strings + Le.i32(elf, at)), Le.i64(elf, at + 8));
        }
    }

    private static String string(byte[] elf, int at) {
        int end = at;
        while (elf[end] != 0) {
            end++;
        }
        return new String(elf, at, end - at, StandardCharsets.US_ASCII);
    }

    /** All names with their addresses. */
    Map<String, Long> all() {
        return addresses;
    }

    /** @throws IllegalArgumentException when there is no such symbol */
    long address(String name) {
        Long address = addresses.get(name);
        if (address == null) {
            throw new IllegalArgumentException("no symbol " + name);
        }
        return address;
    }
}
