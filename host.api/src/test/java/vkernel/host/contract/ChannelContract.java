package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.host.Channel;

/** {@link Channel}: what comes in, what goes out, and who is told. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class ChannelContract {
    /**
     * A channel and its other end.
     *
     * @param in where the test writes what the channel reads; closing it ends the input
     * @param out where the test reads what the channel wrote; it takes a bounded amount ahead, and closing it makes the
     *     channel's writes fail
     */
    public record Ends(Channel channel, OutputStream in, InputStream out) {}

    private final Semaphore told = new Semaphore(0);
    private Ends ends;
    private Channel channel;

    /** Makes a channel. */
    protected abstract Ends open() throws IOException;

    /** Ends a channel, without waiting for its output. */
    protected abstract void close(Channel opened);

    @BeforeEach
    void openChannel() throws IOException {
        ends = open();
        channel = ends.channel();
        channel.listener(told::release);
    }

    @AfterEach
    void closeChannel() {
        close(channel);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Waits until a condition holds, looking again only when the channel's listener was told. */
    private void untilTold(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            assertThat(told.tryAcquire(30, TimeUnit.SECONDS))
                    .as("listener told")
                    .isTrue();
        }
    }

    private String readText(int length) throws InterruptedException {
        byte[] to = new byte[length + 2];
        int[] count = {0};
        untilTold(() -> (count[0] += channel.read(to, 1 + count[0], length - count[0])) == length);
        assertThat(to).startsWith(0).endsWith(0);
        return new String(to, 1, length, StandardCharsets.US_ASCII);
    }

    @Test
    void readsNothingBeforeSomethingComes() {
        assertThat(channel.read(new byte[10], 0, 10)).isZero();
    }

    @Test
    void readsWhatCameInAndTellsOfIt() throws Exception {
        ends.in().write(ascii("hello"));
        ends.in().flush();
        assertThat(readText(2)).isEqualTo("he");
        assertThat(readText(3)).isEqualTo("llo");
        assertThat(channel.read(new byte[10], 0, 10)).isZero();
        assertThat(channel.read(new byte[0], 0, 0)).isZero();
    }

    @Test
    void readsToTheEndOfInput() throws Exception {
        ends.in().write(ascii("end"));
        ends.in().close();
        assertThat(readText(3)).isEqualTo("end");
        byte[] to = new byte[1];
        untilTold(() -> channel.read(to, 0, 1) == -1);
        assertThat(channel.read(to, 0, 1)).isEqualTo(-1);
        assertThat(channel.read(to, 0, 0)).isZero();
    }

    @Test
    void sendsWhatWasWritten() throws Exception {
        assertThat(channel.write(ascii("xhellox"), 1, 5)).isEqualTo(5);
        assertThat(ends.out().readNBytes(5)).isEqualTo(ascii("hello"));
        untilTold(channel::drained);
    }

    @Test
    void takesABoundedAmountAheadAndTellsOfRoom() throws Exception {
        byte[] block = new byte[4096];
        Arrays.fill(block, (byte) 'a');
        long accepted = 0;
        int count;
        while ((count = channel.write(block, 0, block.length)) > 0) accepted += count;
        assertThat(count).isZero();
        assertThat(channel.drained()).isFalse();
        assertThat(accepted).isLessThan(10 << 20);
        assertThat(ends.out().readNBytes((int) accepted)).containsOnly('a');
        untilTold(() -> channel.write(ascii("b"), 0, 1) == 1);
        assertThat(ends.out().read()).isEqualTo('b');
    }

    @Test
    void keepsInputThatIsNotRead() throws Exception {
        byte[] much = new byte[1 << 18];
        for (int i = 0; i < much.length; i++) much[i] = (byte) (i * 7);
        Thread feeder = Thread.ofPlatform().daemon().start(() -> {
            try {
                ends.in().write(much);
                ends.in().close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        byte[] all = new byte[much.length];
        int[] done = {0};
        untilTold(() -> {
            int count = channel.read(all, done[0], Math.min(1000, all.length - done[0]));
            done[0] += count;
            return done[0] == all.length || count > 0 && again();
        });
        assertThat(all).isEqualTo(much);
        feeder.join();
    }

    /** Looks again without waiting: there may be more. */
    private boolean again() {
        told.release();
        return false;
    }

    @Test
    void saysThatTheOutsideHasGone() throws Exception {
        ends.out().close();
        byte[] block = new byte[4096];
        untilTold(() -> channel.write(block, 0, block.length) == -1);
        assertThat(channel.write(block, 0, 1)).isEqualTo(-1);
        assertThat(channel.drained()).isTrue();
    }
}
