package vkernel.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import vkernel.host.contract.ChannelContract;

class StreamChannelTest extends ChannelContract {
    @Override
    protected Ends open() throws IOException {
        PipedOutputStream toChannel = new PipedOutputStream();
        PipedOutputStream fromChannel = new PipedOutputStream();
        InputStream in = new PipedInputStream(toChannel);
        InputStream out = new PipedInputStream(fromChannel);
        return new Ends(new StreamChannel("test", in, fromChannel), toChannel, out);
    }

    @Override
    protected void close(Channel opened) {
        Thread.currentThread().interrupt(); // nobody reads what is left
        ((StreamChannel) opened).close();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void closeWaitsUntilTheOutputHasLeft() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = new byte[50_000];
        Arrays.fill(bytes, (byte) 3);
        try (StreamChannel channel = new StreamChannel("test", InputStream.nullInputStream(), out)) {
            assertThat(channel.write(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        }
        assertThat(out.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void channelsOfOneSenderAreSentInOrder() {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        StreamSender sender = new StreamSender("test");
        StringBuilder expected = new StringBuilder();
        try (StreamChannel a = sharing(sender, both);
                StreamChannel b = sharing(sender, both)) {
            for (int i = 0; i < 2000; i++) {
                byte[] text = ("line " + i + "\n").getBytes(StandardCharsets.US_ASCII);
                assertThat((i % 3 == 0 ? a : b).write(text, 0, text.length)).isEqualTo(text.length);
                expected.append("line ").append(i).append('\n');
            }
        }
        assertThat(both.toString(StandardCharsets.US_ASCII)).isEqualTo(expected.toString());
    }

    @Test
    void aChannelThatFailsDoesNotEndTheOthersOfItsSender() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamSender sender = new StreamSender("test");
        StreamChannel broken = sharing(sender, new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        });
        try (StreamChannel whole = sharing(sender, out)) {
            broken.write(new byte[10], 0, 10);
            whole.write(new byte[] {1}, 0, 1);
            broken.close();
            whole.write(new byte[] {2}, 0, 1);
        }
        assertThat(out.toByteArray()).containsExactly(1, 2);
        assertThat(broken.failure()).get().extracting(Throwable::getMessage).isEqualTo("gone");
        assertThat(broken.write(new byte[1], 0, 1)).isEqualTo(-1);
    }

    @Test
    void whoWaitsForRoomThatAnotherTookIsTold() throws Exception {
        PipedOutputStream slow = new PipedOutputStream();
        PipedInputStream reader = new PipedInputStream(slow);
        StreamSender sender = new StreamSender("test");
        Semaphore told = new Semaphore(0);
        byte[] much = new byte[1 << 18];
        StreamChannel first = sharing(sender, slow);
        StreamChannel second = sharing(sender, OutputStream.nullOutputStream());
        second.listener(told::release);
        int taken;
        int all = 0;
        do {
            taken = first.write(much, 0, much.length);
            all += taken;
        } while (taken > 0);
        while (second.write(much, 0, 1) == 0) {
            assertThat(reader.readNBytes(1 << 13)).hasSize(1 << 13);
            all -= 1 << 13;
            told.acquire();
        }
        while (all > 0) {
            all -= reader.read(much, 0, all);
        }
        first.close();
        second.close();
    }

    private static StreamChannel sharing(StreamSender sender, OutputStream out) {
        return new StreamChannel("test", InputStream.nullInputStream(), out, false, () -> 0, () -> 0, sender);
    }

    @Test
    void takesNoInputBeforeSomebodyWantsIt() {
        ByteArrayInputStream in = new ByteArrayInputStream(new byte[10]);
        try (StreamChannel channel = new StreamChannel("test", in, OutputStream.nullOutputStream())) {
            channel.write(new byte[1], 0, 1);
            assertThat(in.available()).isEqualTo(10);
        }
        assertThat(in.available()).isEqualTo(10);
    }

    @Test
    void knowsItsTerminalAndTellsOfANewSize() {
        AtomicInteger rows = new AtomicInteger(24);
        AtomicInteger told = new AtomicInteger();
        StreamChannel channel = new StreamChannel(
                "test", InputStream.nullInputStream(), OutputStream.nullOutputStream(), true, rows::get, () -> 80);
        assertThat(channel.terminal()).isTrue();
        assertThat(channel.columns()).isEqualTo(80);
        rows.set(50);
        channel.resized(); // nobody listens yet
        channel.listener(() -> {
            assertThat(channel.rows()).isEqualTo(50);
            told.incrementAndGet();
        });
        channel.resized();
        assertThat(told.get()).isPositive();
        channel.close();
    }

    @Test
    void keepsTheFailureThatEndedIt() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }
        };
        StreamChannel channel = new StreamChannel("test", broken, OutputStream.nullOutputStream());
        while (channel.read(new byte[1], 0, 1) == 0) Thread.onSpinWait();
        assertThat(channel.read(new byte[1], 0, 1)).isEqualTo(-1);
        assertThat(channel.failure()).get().extracting(Throwable::getMessage).isEqualTo("broken");
        channel.close();
    }
}
