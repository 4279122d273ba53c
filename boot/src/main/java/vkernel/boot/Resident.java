package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of processes. */
final class Resident {
    /** What is its own or shared, in memory now (proc(5): VmRSS); 0 where the system does not say. */
    static long mib(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
                    .findFirst()
                    .orElse(0);
        }
    }

    private Resident() {}
}
