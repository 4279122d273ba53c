package vkernel.boot.instance;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import vkernel.boot.CrashReport;
import vkernel.kern.Dmesg;

/** A kernel's log as a file, line by line: what is left of a kernel whose JVM is killed. It begins anew when it is long. */
final class KernelLog implements Consumer<Dmesg.Line> {
    private static final int MOST_LINES = 50_000;

    private final Path file;
    private PrintWriter out;
    private int lines;

    KernelLog(Path file) throws IOException {
        this.file = file;
        this.out = open();
    }

    private PrintWriter open() throws IOException {
        return new PrintWriter(Files.newBufferedWriter(file), true);
    }

    @Override
    public void accept(Dmesg.Line line) {
        if (lines++ == MOST_LINES) {
            beginAnew();
        }
        out.println(CrashReport.line(line)); // where a full disk has none left they are lost, and the kernel goes on
    }

    private void beginAnew() {
        out.close();
        lines = 0;
        try {
            out = open();
            out.println("(earlier lines have been dropped)");
        } catch (IOException e) {
            System.err.println("vk: the kernel's log is not kept any more: " + e);
        }
    }
}
