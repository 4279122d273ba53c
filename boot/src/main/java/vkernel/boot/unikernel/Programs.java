package vkernel.boot.unikernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What the kernel itself reads of a program when it starts it, and so no system call shows. */
final class Programs {
    private static final int PT_INTERP = 3;

    /** The program that a program is given to: PT_INTERP of an ELF file (elf(5)), or what stands behind {@code #!}. */
    static Optional<String> interpreter(byte[] file) {
        if (file.length > 2 && file[0] == '#' && file[1] == '!') {
            int end = 2;
            while (end < file.length && file[end] != '\n' && end < 256) {
                end++;
            }
            String line = new String(file, 2, end - 2, StandardCharsets.ISO_8859_1).trim();
            return line.isEmpty() ? Optional.empty() : Optional.of(line.split("\\s+")[0]);
        }
        if (file.length < 64 || file[0] != 0x7f || file[1] != 'E' || file[2] != 'L' || file[3] != 'F') {
            return Optional.empty();
        }
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headers = (int) elf.getLong(32);
        int size = Short.toUnsignedInt(elf.getShort(54));
        int number = Short.toUnsignedInt(elf.getShort(56));
        for (int i = 0; i < number && headers + (i + 1) * size <= file.length; i++) {
            int at = headers + i * size;
            if (elf.getInt(at) == PT_INTERP) {
                int length = (int) elf.getLong(at + 32) - 1; // without the zero at its end
                return Optional.of(new String(file, (int) elf.getLong(at + 8), length, StandardCharsets.ISO_8859_1));
            }
        }
        return Optional.empty();
    }

    private Programs() {}
}
