package vkernel.guest.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.net.Message;
import vkernel.net.NetCounters;
import vkernel.net.Socket;
import vkernel.task.Task;

class StreamTest {
    private final World world = new World();
    private final Task task = world.task();

    private OpenFile[] ends(boolean tcp) {
        return tcp ? world.tcp(task, 5000) : world.pair(task, Socket.STREAM).toArray(new OpenFile[2]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bytesArriveInOrderWhateverTheSizesOfWritesAndReads(boolean tcp) {
        long seed = Long.getLong("vkernel.seed", System.nanoTime());
        System.out.println("StreamTest: seed " + seed);
        Random random = new Random(seed);
        OpenFile[] ends = ends(tcp);
        byte[] all = new byte[3 << 20];
        random.nextBytes(all);
        int sent = 0;
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        while (got.size() < all.length) {
            int length = Math.min(all.length - sent, 1 + random.nextInt(1 << random.nextInt(18)));
            byte[] piece = Arrays.copyOfRange(all, sent, sent + length);
            long n = length == 0 ? 0 : world.send(task, ends[0], piece, length, List.of());
            assertThat(n == -Errno.EAGAIN || n >= 0).isTrue();
            sent += (int) Math.max(0, n);
            byte[] to = new byte[1 + random.nextInt(1 << random.nextInt(18))];
            long r = world.receive(task, ends[1], to, Message.DONTWAIT);
            if (r > 0) {
                got.write(to, 0, (int) r);
            }
        }
        assertThat(got.toByteArray()).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFullStreamTakesTheRestWhenThereIsRoom(boolean tcp) {
        OpenFile[] ends = ends(tcp);
        Task writer = world.task();
        byte[] big = new byte[8 << 20];
        Message message = new Message().with(world.heap.vm().buffer(big, 0, big.length), 0);
        assertThat(world.stack.send(writer, ends[0], message)).isEqualTo(Kernel.BLOCKED);
        long part = writer.restart.done;
        assertThat(part).isBetween(1L, (long) big.length - 1);
        writer.state = Task.State.BLOCKED;
        assertThat(world.receive(task, ends[1], new byte[(int) part], 0)).isEqualTo(part);
        assertThat(writer.state).isEqualTo(Task.State.RUNNABLE);
    }

    @Test
    void allStreamsTogetherTakeNoMoreThanTheirBudget() {
        byte[] big = new byte[1 << 20];
        for (int i = 0; i < 600; i++) {
            List<OpenFile> pair = world.pair(task, Socket.STREAM);
            while (world.send(task, pair.getFirst(), big, big.length, List.of()) > 0) {}
        }
        NetCounters counters = world.stack.release().counters();
        assertThat(counters.memory).isBetween(40L << 20, 52L << 20);
    }

    @Test
    void closedSocketsGiveTheirMemoryBack() {
        List<OpenFile> pair = world.pair(task, Socket.STREAM);
        List<OpenFile> messages = world.pair(task, Socket.DGRAM);
        OpenFile[] tcp = world.tcp(task, 5001);
        world.send(task, pair.getFirst(), "some");
        world.send(task, messages.getFirst(), "more");
        world.send(task, tcp[0], "most");
        for (OpenFile file : List.of(pair.get(0), pair.get(1), messages.get(0), messages.get(1), tcp[0], tcp[1])) {
            world.vfs().close(file);
        }
        var state = world.stack.release();
        assertThat(state.counters().memory).isZero();
        assertThat(state.sockets()).isEmpty();
    }

    @Test
    void anEndOfFileIsReadBehindTheBytesAndAResetInsteadOfThem() {
        OpenFile[] ends = ends(true);
        world.send(task, ends[0], "last words");
        world.stack.shutdown(task, World.of(ends[0]), 1);
        assertThat(world.receive(task, ends[1])).isEqualTo("last words");
        assertThat(world.receive(task, ends[1])).isEmpty();
        world.send(task, ends[1], "unread");
        world.vfs().close(ends[0]);
        assertThat(world.send(task, ends[1], "x")).isEqualTo(-Errno.EPIPE);
    }
}
