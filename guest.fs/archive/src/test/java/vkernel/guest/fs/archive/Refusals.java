package vkernel.guest.fs.archive;

import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import vkernel.kern.Dmesg;

/** Hears what the file system logs. */
final class Refusals {
    /** What is logged while something is done. */
    static String of(Runnable action) {
        Dmesg log = (Dmesg) LoggerFactory.getILoggerFactory();
        log.clear();
        action.run();
        return log.lines().stream()
                .filter(line -> line.level() <= 4)
                .map(Dmesg.Line::text)
                .collect(Collectors.joining("\n"));
    }

    private Refusals() {}
}
