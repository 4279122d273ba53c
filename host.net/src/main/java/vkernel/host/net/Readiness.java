package vkernel.host.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.ThreadBody;

/** The thread that waits for sockets. It begins with the first one and ends with {@link #close}. */
final class Readiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    /** How long the thread may take to let go of sockets, milliseconds. */
    private static final long PATIENCE = 500;

    /** What is told of news. */
    interface Ready {
        void ready();
    }

    private @Nullable Selector selector; // guarded by this
    private volatile boolean closed;
    /** Who waits until what was closed before has gone. */
    private final Queue<CountDownLatch> asked = new ConcurrentLinkedQueue<>();

    private synchronized Selector selector() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        Selector now = selector;
        if (now == null) {
            now = selector = Selector.open();
            Selector used = now;
            ThreadBody.daemon("host.net", () -> run(used)).start();
        }
        return now;
    }

    /** Watches a socket, for nothing yet. */
    SelectionKey watch(SelectableChannel channel, Ready ready) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector(), 0, ready);
    }

    /** Tells of news of these kinds, beside those asked for already. Each is told once. */
    static void want(SelectionKey key, int operations) {
        try {
            if ((key.interestOpsOr(operations) & operations) != operations) {
                key.selector().wakeup();
            }
        } catch (CancelledKeyException closedMeanwhile) {
            LOG.trace("no news of a closed socket", closedMeanwhile);
        }
    }

    /** Closes a socket: it is gone once the thread that watches it has let go of it. */
    static void close(SelectableChannel channel, @Nullable SelectionKey key) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("close", e);
        }
        if (key != null) {
            key.selector().wakeup();
        }
    }

    /**
     * Waits until sockets that were closed before this call are gone, and their ports free.
     *
     * @return false when nothing was to be waited for, or it took too long
     */
    boolean settle() {
        Selector now;
        synchronized (this) {
            now = selector;
        }
        if (now == null || closed) {
            return false;
        }
        CountDownLatch gone = new CountDownLatch(1);
        asked.add(gone);
        now.wakeup();
        try {
            return gone.await(PATIENCE, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run(Selector waiting) {
        try (waiting) {
            while (!closed) {
                CountDownLatch gone = asked.poll(); // before the selector looks who was closed
                if (gone == null) {
                    waiting.select(Readiness::tell);
                } else {
                    waiting.selectNow(Readiness::tell);
                    gone.countDown();
                }
            }
        } catch (IOException e) {
            LOG.error("the network of the machine around is lost", e);
            throw new UncheckedIOException(e);
        }
    }

    private static void tell(SelectionKey key) {
        try {
            key.interestOpsAnd(~key.readyOps());
        } catch (CancelledKeyException closedMeanwhile) {
            LOG.trace("no news of a closed socket", closedMeanwhile);
        }
        if (key.attachment() instanceof Ready ready) {
            ready.ready();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (selector != null) {
            selector.wakeup();
        }
    }
}
