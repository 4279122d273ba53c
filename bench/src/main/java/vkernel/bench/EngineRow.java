package vkernel.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program of the engine benchmark, and how it is started in each of the ways that are compared.
 *
 * @param guest its command line here
 * @param qemu under qemu-riscv64
 * @param host as native code; empty where this machine does not have it
 * @param cold what {@code vk run} is given
 * @param debian whether its root is Debian's
 */
record EngineRow(
        String name, List<String> guest, List<String> qemu, List<String> host, List<String> cold, boolean debian) {
    /** Where the inputs are in the guest. */
    static final String INPUTS = "/bench/";
    /** Programs of Debian that are measured, with their inputs; the packages are in {@code bench/run}. */
    private static final List<List<String>> DEBIAN = List.of(
            List.of("lua5.4", "lua5.4", "/bench/work.lua"),
            List.of("python3", "python3", "-I", "-S", "/bench/work.py"),
            List.of("gawk", "gawk", "-f", "/bench/work.awk", "/bench/text"),
            List.of("sqlite3", "sqlite3", "-batch", "-init", "/bench/work.sql", ":memory:", ".quit"),
            List.of("xz", "xz", "-2", "-T1", "-k", "-c", "/bench/text"),
            List.of("zstd", "zstd", "-q", "-6", "--single-thread", "-c", "/bench/text"),
            List.of(
                    "openssl",
                    "openssl",
                    "kdf",
                    "-keylen",
                    "32",
                    "-kdfopt",
                    "digest:SHA256",
                    "-kdfopt",
                    "pass:bench",
                    "-kdfopt",
                    "salt:0123456789",
                    "-kdfopt",
                    "iter:60000",
                    "PBKDF2"),
            // in /usr/bin is a script
            List.of("7zip", "../lib/7zip/7za", "a", "-an", "-txz", "-mx1", "-mmt1", "-so", "/bench/text"));

    /** The C kernels of a folder, in which they are built for the guest and for this machine. */
    static List<EngineRow> kernels(Path folder) throws java.io.IOException {
        try (Stream<Path> files = Files.list(folder.resolve("guest"))) {
            return files.sorted().map(file -> kernel(folder, file)).toList();
        }
    }

    private static EngineRow kernel(Path folder, Path file) {
        String name = file.getFileName().toString();
        String host = folder.resolve("native").resolve(name).toString();
        return new EngineRow(
                name,
                List.of("/bin/" + name),
                List.of("qemu-riscv64", file.toString()),
                List.of(host),
                List.of(file.toString()),
                false);
    }

    /** Debian's programs. @param root its files on this machine @param archive the same as an archive */
    static List<EngineRow> debian(Path root, String archive) {
        return DEBIAN.stream().map(row -> program(root, archive, row)).toList();
    }

    private static EngineRow program(Path root, String archive, List<String> row) {
        List<String> guest = new ArrayList<>(row.subList(1, row.size()));
        String program = guest.getFirst();
        List<String> here = guest.stream()
                .map(word -> word.startsWith(INPUTS) ? root + word : word)
                .toList();
        List<String> arguments = here.subList(1, here.size());
        guest.set(0, "/usr/bin/" + program);
        List<String> qemu = new ArrayList<>(List.of(
                "qemu-riscv64",
                "-L",
                root.toString(),
                root.resolve("usr/bin/" + program).toString()));
        qemu.addAll(arguments);
        List<String> host = new ArrayList<>();
        Path installed = Path.of("/usr/bin", program);
        if (Files.isExecutable(installed)) {
            host.add(installed.toString());
            host.addAll(arguments);
        }
        List<String> cold = new ArrayList<>(List.of("--root", archive, "-m", "512M"));
        cold.addAll(guest);
        return new EngineRow(row.getFirst(), List.copyOf(guest), qemu, host, cold, true);
    }
}
