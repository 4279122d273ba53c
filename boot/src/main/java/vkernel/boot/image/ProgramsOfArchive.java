package vkernel.boot.image;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Tells for what machine the programs in a root file system are: a plain archive does not say (elf(5)). */
final class ProgramsOfArchive {
    private static final String OF_PROGRAMS = "(\\./|/)?(usr/)?s?bin/[^/]+";
    private static final int HEADER = 20;
    private static final int RISCV = 243;
    private static final int BITS_64 = 2;

    /** Looks at the first program of a tar stream. @throws ImageException when it cannot run here, saying why */
    static void check(InputStream tar) throws IOException {
        TarArchiveInputStream in = new TarArchiveInputStream(new BufferedInputStream(tar, 1 << 16), "UTF-8");
        for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            if (!entry.isFile() || !entry.getName().matches(OF_PROGRAMS)) {
                continue;
            }
            byte[] header = in.readNBytes(HEADER);
            if (isElf(header)) {
                check(entry.getName(), header[4], header[18] & 0xff | (header[19] & 0xff) << 8);
                return;
            }
        }
    }

    private static boolean isElf(byte[] header) {
        return header.length == HEADER && header[0] == 0x7f && header[1] == 'E' && header[2] == 'L' && header[3] == 'F';
    }

    private static void check(String name, int bits, int machine) {
        if (machine != RISCV || bits != BITS_64) {
            throw new ImageException("the archive's programs are for " + machine(bits, machine)
                    + "; vkernel runs riscv64 (" + name + ")");
        }
    }

    /** e_machine by name. */
    private static String machine(int bits, int machine) {
        return switch (machine) {
            case 3 -> "i386";
            case 40 -> "arm";
            case 62 -> "x86-64";
            case 183 -> "arm64";
            case RISCV -> bits == BITS_64 ? "riscv64" : "riscv32";
            case 258 -> "loongarch";
            default -> "another machine (" + machine + ")";
        };
    }

    private ProgramsOfArchive() {}
}
