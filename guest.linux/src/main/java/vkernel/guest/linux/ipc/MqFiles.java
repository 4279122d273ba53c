package vkernel.guest.linux.ipc;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import vkernel.fs.FileOps;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.ipc.PosixQueue;
import vkernel.task.Process;
import vkernel.task.Task;

/** A message queue as an open file: read(2) tells its state, poll(2) waits for messages and for room. */
final class MqFiles implements FileOps {
    private static final int SIGEV_SIGNAL = 0, SIGEV_NONE = 1;

    private final PosixNames names;

    MqFiles(PosixNames names) {
        this.names = names;
    }

    /** The queue of an open file, or null. */
    static @Nullable PosixQueue queue(@Nullable OpenFile file) {
        return file != null && file.data instanceof PosixQueue queue ? queue : null;
    }

    @Override
    public void release(OpenFile file) {
        PosixQueue queue = queue(file);
        if (queue != null) {
            names.closed(queue);
        }
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        byte[] text = status(file).getBytes(StandardCharsets.US_ASCII);
        if (position >= text.length) {
            return 0;
        }
        return to.put(text, (int) position, text.length - (int) position);
    }

    /** As mq_overview(7) has it under "Mounting the message queue filesystem". */
    private static String status(OpenFile file) {
        PosixQueue queue = queue(file);
        if (queue == null) {
            return "";
        }
        long bytes = queue.messages.stream()
                .mapToLong(message -> message.text().length)
                .sum();
        Process told = queue.notified;
        int how = told == null || queue.signal != 0 ? SIGEV_SIGNAL : SIGEV_NONE;
        int signal = told == null ? 0 : queue.signal;
        int pid = told == null ? 0 : told.pid;
        return "QSIZE:%-10d NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n".formatted(bytes, how, signal, pid);
    }

    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        PosixQueue queue = queue(file);
        if (queue == null) {
            return Mode.POLLERR;
        }
        if (waiter != null) {
            waiter.waitOn(queue.forMessage);
            waiter.waitOn(queue.forRoom);
        }
        return (queue.messages.isEmpty() ? 0 : Mode.POLLIN | Mode.POLLRDNORM)
                | (queue.messages.size() < queue.maxMessages ? Mode.POLLOUT | Mode.POLLWRNORM : 0);
    }
}
