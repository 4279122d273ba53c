package vkernel.shell;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.net.Capture;

/**
 * Writes what a capture shows into a file as tcpdump and Wireshark read it (pcap-savefile(5), nanoseconds, Ethernet). A
 * thread of its own writes, so the guest does not wait for the disk.
 */
final class CaptureFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureFile.class);
    private static final int MAGIC = 0xa1b2_3c4d; // with nanoseconds
    private static final int ETHERNET = 1;
    private static final int SNAPLEN = 262_144;
    private static final long SECOND = 1_000_000_000;
    /** Says that no more comes. */
    private static final Capture.Frame END = new Capture.Frame(0, new byte[0]);

    final Path path;
    final Capture capture = new Capture();
    private final OutputStream out;
    private final Thread writer;
    private volatile long written;
    private volatile String failure = "";

    /** @throws IOException when the file cannot be made */
    CaptureFile(Path path) throws IOException {
        this.path = path;
        out = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
        out.write(ByteBuffer.allocate(24)
                .putInt(MAGIC)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(SNAPLEN)
                .putInt(ETHERNET)
                .array());
        out.flush();
        writer = Thread.ofPlatform().daemon().name("net.capture").start(this::write);
    }

    /** Frames in the file. */
    long written() {
        return written;
    }

    /** Why no more is written; empty while all is well. */
    String failure() {
        return failure;
    }

    private void write() {
        try (out) {
            for (Capture.Frame next = capture.frames.take(); next != END; next = capture.frames.take()) {
                append(next);
                if (capture.frames.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
            LOG.warn("net:capture: {} ends with frame {}: {}", path, written, failure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "interrupted";
        }
    }

    private void append(Capture.Frame frame) throws IOException {
        int length = frame.bytes().length;
        int kept = Math.min(length, SNAPLEN);
        ByteBuffer head = ByteBuffer.allocate(16);
        head.putInt((int) (frame.time() / SECOND)).putInt((int) (frame.time() % SECOND));
        out.write(head.putInt(kept).putInt(length).array());
        out.write(frame.bytes(), 0, kept);
        written++;
    }

    /** Writes what is there and closes the file. No more may come. */
    @Override
    public void close() {
        try {
            while (writer.isAlive() && !capture.frames.offer(END, 100, TimeUnit.MILLISECONDS)) {
                LOG.debug("net:capture: {} is slow", path);
            }
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
