package vkernel.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.Output;
import vkernel.boot.VirtualKernel;
import vkernel.host.BlockSource;
import vkernel.host.FileRom;

/**
 * Files on a disk: an ext4 image here, and a loop mount of another one in the Linux beneath, row by row in turn. User-Mode
 * Linux's figures were taken on a quiet machine of this kind (6.1 and 7.2, the better one, on tmpfs). Ends with 1 when
 * e2fsck complains of what was written.
 */
public final class DiskBench {
    /** A kind of operation, and its arguments. */
    private record Row(String name, List<String> timing, boolean anew) {}

    private static final List<String> TIMED = List.of("-s", "0.2", "-r", "3");
    private static final List<String> ONCE = List.of("-s", "0.000001", "-r", "1");
    private static final List<Row> ROWS = List.of(
            new Row("read-4k", TIMED, false),
            new Row("read-random", TIMED, false),
            new Row("write-4k", TIMED, false),
            new Row("write-random", TIMED, false),
            new Row("stat", TIMED, false),
            new Row("open+close", TIMED, false),
            new Row("create", TIMED, false),
            new Row("unlink", TIMED, false),
            new Row("write+fsync", TIMED, false),
            new Row("cold-write", ONCE, false),
            new Row("cold-read", ONCE, true),
            new Row("cold-random", ONCE, true),
            new Row("untar", ONCE, false));

    /** A second, of User-Mode Linux with its files in memory. */
    private static final Map<String, Double> UML = Map.of(
            "read-4k", 109e3, "write-4k", 109e3, "stat", 116e3, "open+close", 58.8e3, "create", 53.8e3);

    private static final int ROUNDS = 3;
    private static final long SIZE = 512L << 20;

    private final Path programs;
    private final Path work;
    private final List<Row> rows;
    private final boolean loop;

    private DiskBench(Path programs, Path work, List<Row> rows) throws IOException, InterruptedException {
        this.programs = programs;
        this.work = work;
        this.rows = rows;
        Files.createDirectories(folder());
        make(work.resolve("here.img"));
        make(work.resolve("native.img"));
        loop = mount();
    }

    /** @param args the folder of the programs, then names of rows, none for all */
    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> wanted = List.of(args).subList(1, args.length);
        Path work = Files.createTempDirectory("vkernel-disk");
        DiskBench bench = new DiskBench(
                Path.of(args[0]),
                work,
                ROWS.stream().filter(row -> wanted.isEmpty() || wanted.contains(row.name)).toList());
        try {
            bench.table();
        } finally {
            bench.unmount();
        }
        int broken = run(List.of("e2fsck", "-fn", work.resolve("here.img").toString()));
        System.out.println("\ne2fsck of what was written: " + (broken == 0 ? "clean" : "status " + broken));
        run(List.of("rm", "-r", work.toString()));
        System.exit(broken == 0 ? 0 : 1);
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        int status = process.waitFor();
        if (status != 0) System.err.print(output);
        return status;
    }

    private static void make(Path image) throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(SIZE);
        }
        if (run(List.of("mke2fs", "-q", "-F", "-t", "ext4", "-E", "lazy_itable_init=0", image.toString())) != 0) {
            throw new IOException("no image without mke2fs (apt: e2fsprogs)");
        }
    }

    private Path folder() {
        return work.resolve("native");
    }

    private boolean mount() throws IOException, InterruptedException {
        return run(List.of("mount", "-o", "loop", work.resolve("native.img").toString(), folder().toString())) == 0;
    }

    private void unmount() throws IOException, InterruptedException {
        if (loop) run(List.of("umount", folder().toString()));
    }

    private void table() throws IOException, InterruptedException {
        String peer = loop ? "ext4 on a loop image" : "a folder (no loop mount without root)";
        System.out.println("| operation | here | native: " + peer + " | here/native | here/UML, goal 10 |");
        System.out.println("|---|---|---|---|---|");
        BootConfig config = BootConfig.standard()
                .withMemory(512L << 20)
                .withRoot(HostTar.file("bin/operations", new FileRom(programs.resolve("guest"))))
                .withDisk(BlockSource.of(work.resolve("here.img")));
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            sh(kernel, "mkdir -p /mnt && mount -t ext4 /dev/vda /mnt");
            for (Row row : rows) {
                row(kernel, row);
            }
            sh(kernel, "umount /mnt");
        }
    }

    private void row(VirtualKernel kernel, Row row) throws IOException, InterruptedException {
        List<Double> here = new ArrayList<>();
        List<Double> there = new ArrayList<>();
        for (int i = 0; i <= ROUNDS; i++) {
            if (row.anew) {
                guest(kernel, row, "cold-write");
                sh(kernel, "umount /mnt && mount -t ext4 /dev/vda /mnt");
                there(row, "cold-write");
                unmount();
                if (loop) mount();
            }
            double one = guest(kernel, row, row.name);
            if (i > 0) { // what is cold for the JVM is not what is asked here
                here.add(one);
                there.add(there(row, row.name));
            }
        }
        here.sort(null);
        there.sort(null);
        double ours = here.get(ROUNDS / 2);
        double theirs = there.get(ROUNDS / 2);
        Double uml = UML.get(row.name);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.2f | %s |%n",
                row.name,
                rate(ours),
                rate(theirs),
                ours / theirs,
                uml == null ? "" : String.format(Locale.ROOT, "%.1f", ours / uml));
    }

    private static String rate(double value) {
        return value >= 1e6
                ? String.format(Locale.ROOT, "%.2f M", value / 1e6)
                : value >= 1e4 ? String.format(Locale.ROOT, "%.1f K", value / 1e3) : String.format(Locale.ROOT, "%.0f", value);
    }

    private static List<String> command(Row row, String program, String folder, String name) {
        List<String> command = new ArrayList<>(List.of(program, "-d", folder));
        command.addAll(row.timing);
        command.add(name);
        return command;
    }

    private static double guest(VirtualKernel kernel, Row row, String name) throws IOException {
        Output output = kernel.run(command(row, "/bin/operations", "/mnt", name).toArray(String[]::new));
        if (output.status() != 0) throw new IOException(name + ": " + output.err());
        return number(output.out());
    }

    private double there(Row row, String name) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        command(row, programs.resolve("native").toString(), folder().toString(), name))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) throw new IOException(name + " failed on the Linux beneath");
        return number(output);
    }

    private static double number(String line) {
        return Double.parseDouble(line.strip().split(" ")[1]);
    }

    private static void sh(VirtualKernel kernel, String commands) throws IOException {
        Output output = kernel.run("/bin/sh", "-c", commands);
        if (output.status() != 0) throw new IOException(commands + ": " + output.out() + output.err());
    }
}
