package vkernel.drivers.mem;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Dmesg;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/**
 * /dev/kmsg: a read gives one record of the kernel log, a write adds one (Documentation/ABI/testing/dev-kmsg). An open
 * file's data is the number of the next record, a Long.
 */
final class Kmsg {
    /** What a program writes, as a line of the log. */
    private static final Logger USER = LoggerFactory.getLogger("user");

    private static final Pattern PREFIX = Pattern.compile("<([0-9]{1,4})>");

    /** Longest record. */
    private static final int LIMIT = 1024;

    /** How soon a reader at the end looks again: host threads log too, and raise no interrupt. */
    private static final long AGAIN = TimeUnit.MILLISECONDS.toNanos(200);

    private final Kernel kernel;

    Kmsg(Kernel kernel) {
        this.kernel = kernel;
    }

    long open(OpenFile file) {
        List<Dmesg.Line> lines = kernel.dmesg().lines();
        file.data = lines.isEmpty() ? 0L : lines.getFirst().seq();
        return 0;
    }

    long read(Task task, OpenFile file, IoBuffer to) {
        Dmesg.Line line = next(file);
        if (line == null) {
            if (file.nonblocking()) {
                return -Errno.EAGAIN;
            }
            task.restart.deadline = kernel.now() + AGAIN;
            return Kernel.BLOCKED;
        }
        boolean lost = line.seq() > position(file);
        if (lost) {
            file.data = line.seq();
            return -Errno.EPIPE;
        }
        byte[] record = record(line);
        if (record.length > to.remaining()) {
            return -Errno.EINVAL;
        }
        int n = to.put(record, 0, record.length);
        if (n < record.length) {
            return -Errno.EFAULT;
        }
        file.data = line.seq() + 1;
        return n;
    }

    /** The first record at the file's position or behind it; null when there is none yet. */
    private Dmesg.@Nullable Line next(OpenFile file) {
        List<Dmesg.Line> lines = kernel.dmesg().lines();
        if (lines.isEmpty() || lines.getLast().seq() < position(file)) {
            return null;
        }
        // numbers have no gaps
        return lines.get((int) Math.max(0, position(file) - lines.getFirst().seq()));
    }

    private static long position(OpenFile file) {
        return file.data instanceof Long next ? next : 0;
    }

    private static byte[] record(Dmesg.Line line) {
        StringBuilder text = new StringBuilder()
                .append(line.level())
                .append(',')
                .append(line.seq())
                .append(',')
                .append(line.nanos() / 1000)
                .append(",-;");
        String message = line.source() + ": " + line.text();
        for (byte b : message.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c < ' ' || c >= 127 || c == '\\') {
                text.append(String.format("\\x%02x", c));
            } else {
                text.append((char) c);
            }
        }
        return text.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A write is one record; {@code <n>} before the text is its level and facility. */
    long write(IoBuffer from) {
        if (from.remaining() > LIMIT) {
            return -Errno.EINVAL;
        }
        byte[] bytes = new byte[(int) from.remaining()];
        int n = from.get(bytes, 0, bytes.length);
        if (n < bytes.length) {
            return -Errno.EFAULT;
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        int level = 4;
        Matcher prefix = PREFIX.matcher(text);
        if (prefix.lookingAt()) {
            level = Integer.parseInt(prefix.group(1)) & 7;
            text = text.substring(prefix.end());
        }
        log(level, text.stripTrailing());
        return n;
    }

    /** A program's words are no fault of the kernel: nothing graver than a warning. */
    private static void log(int level, String text) {
        switch (level) {
            case 0, 1, 2, 3, 4 -> USER.warn("{}", text);
            case 5, 6 -> USER.info("{}", text);
            default -> USER.debug("{}", text);
        }
    }

    int poll(OpenFile file) {
        int events = Mode.POLLOUT | Mode.POLLWRNORM;
        return next(file) == null ? events : events | Mode.POLLIN | Mode.POLLRDNORM;
    }
}
