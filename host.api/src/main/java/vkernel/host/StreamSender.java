package vkernel.host;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends what channels write: a thread, started by the first write, that does the waiting. Channels that share one are
 * sent in the order in which they were written; then one whose outside is slow holds up the others. Any thread may
 * call.
 */
public final class StreamSender {
    private static final int CAPACITY = 1 << 16;
    private static final int CHUNK = 1 << 13;

    /** Bytes in a row for the same stream. */
    private static final class Run {
        final StreamSink to;
        int bytes;

        Run(StreamSink to) {
            this.to = to;
        }
    }

    private final String name;
    private final ByteRing ahead = new ByteRing(CAPACITY); // guarded by this
    private final Deque<Run> runs = new ArrayDeque<>(); // guarded by this
    private final byte[] chunk = new byte[CHUNK]; // the thread's own
    private final List<StreamSink> open = new ArrayList<>(); // guarded by this
    private boolean started; // guarded by this

    /** @param name of its thread, for people */
    public StreamSender(String name) {
        this.name = name;
    }

    synchronized void opened(StreamSink sink) {
        open.add(sink);
    }

    synchronized void closed(StreamSink sink) {
        open.remove(sink);
        notifyAll();
    }

    /** Takes what there is room for. @return how much */
    synchronized int put(StreamSink to, byte[] from, int offset, int length) {
        start();
        int count = ahead.put(from, offset, length);
        if (count > 0) {
            Run last = runs.peekLast();
            if (last == null || last.to != to) {
                last = new Run(to);
                runs.addLast(last);
            }
            last.bytes += count;
            notifyAll();
        }
        return count;
    }

    // guarded by this
    private void start() {
        if (started) return;
        started = true;
        Thread thread = new Thread(this::drain, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void drain() {
        Run next;
        while ((next = next()) != null) {
            next.to.send(chunk, next.bytes);
            next.to.tell();
            opened().forEach(StreamSink::tell); // there is room for every one
        }
    }

    private synchronized List<StreamSink> opened() {
        return List.copyOf(open);
    }

    /** Fills the chunk. @return whose it is, and how much; null when there will be no more */
    private synchronized @Nullable Run next() {
        try {
            while (runs.isEmpty() && !open.isEmpty()) wait();
        } catch (InterruptedException e) {
            open.forEach(StreamSink::end); // somebody wants this thread to end
            runs.clear();
            notifyAll();
        }
        Run first = runs.peekFirst();
        if (first == null) return null;
        Run part = new Run(first.to);
        part.bytes = ahead.take(chunk, 0, Math.min(CHUNK, first.bytes));
        first.bytes -= part.bytes;
        if (first.bytes == 0) runs.removeFirst();
        return part;
    }
}
