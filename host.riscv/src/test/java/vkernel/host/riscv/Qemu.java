package vkernel.host.riscv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** qemu-riscv64 (Debian: qemu-user), the other opinion of what an instruction does. */
final class Qemu {
    private static final String PROGRAM = "qemu-riscv64";
    private static final int HEADER = 0x1000;

    private Qemu() {}

    static boolean present() {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : path.split(":")) {
            if (Files.isExecutable(Path.of(folder, PROGRAM))) return true;
        }
        return false;
    }

    /** Runs an ELF file. @return what it writes to standard output; an empty array if it dies of a signal */
    static byte[] run(Path elf) {
        try {
            Process process = new ProcessBuilder(PROGRAM, elf.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            byte[] output = process.getInputStream().readAllBytes();
            if (!process.waitFor(30, TimeUnit.SECONDS)) throw new IllegalStateException("it does not end");
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes a static ELF file of one segment, readable, writable and executable, that starts at its beginning. */
    static void write(Path elf, long va, byte[] image) {
        ByteBuffer b = ByteBuffer.allocate(HEADER + image.length).order(ByteOrder.LITTLE_ENDIAN);
        b.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        b.putShort((short) 2).putShort((short) 243).putInt(1);
        b.putLong(va).putLong(64).putLong(0).putInt(5);
        b.putShort((short) 64).putShort((short) 56).putShort((short) 1).putShort((short) 64);
        b.putShort((short) 0).putShort((short) 0);
        b.putInt(1).putInt(7).putLong(HEADER).putLong(va).putLong(va);
        b.putLong(image.length).putLong(image.length).putLong(0x1000);
        b.position(HEADER).put(image);
        try {
            Files.write(elf, b.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
