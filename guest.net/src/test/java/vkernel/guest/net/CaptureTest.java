package vkernel.guest.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.OpenFile;
import vkernel.net.Capture;
import vkernel.net.IpAddress;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

/** What a capture shows: packets with right checksums whose bytes are those of the conversation. */
class CaptureTest {
    private static final int ETHERNET = 14;

    private final World world = new World();
    private final Task task = world.task();
    private final Capture capture = new Capture();

    @BeforeEach
    void look() {
        world.stack.capture(capture);
    }

    /** What a packet says; checks all its sums. */
    private record Seen(int protocol, int flags, long seq, long ack, byte[] data) {
        static Seen of(Capture.Frame frame) {
            ByteBuffer all = ByteBuffer.wrap(frame.bytes());
            boolean v4 = all.getShort(12) == 0x0800;
            int header = v4 ? 20 : 40;
            int protocol = all.get(ETHERNET + (v4 ? 9 : 6)) & 0xff;
            ByteBuffer payload = all.slice(ETHERNET + header, all.capacity() - ETHERNET - header);
            if (v4) {
                assertThat(all.getShort(ETHERNET + 2) & 0xffff).isEqualTo(all.capacity() - ETHERNET);
                assertThat(sum(all.slice(ETHERNET, 20))).isEqualTo(0xffff);
            }
            ByteBuffer summed = v4
                    ? all.slice(ETHERNET + 12, all.capacity() - ETHERNET - 12)
                    : all.slice(ETHERNET + 8, all.capacity() - ETHERNET - 8);
            long pseudo = protocol == 1 ? sum(payload) : sum(summed) + protocol + payload.capacity();
            assertThat((pseudo & 0xffff) + (pseudo >>> 16)).isEqualTo(0xffff);
            if (protocol != Packets.TCP) {
                return new Seen(protocol, 0, 0, 0, bytes(payload, 8));
            }
            int data = (payload.get(12) & 0xf0) / 4;
            return new Seen(
                    protocol,
                    payload.get(13),
                    payload.getInt(4) & 0xffff_ffffL,
                    payload.getInt(8) & 0xffff_ffffL,
                    bytes(payload, data));
        }

        private static byte[] bytes(ByteBuffer from, int offset) {
            byte[] bytes = new byte[from.capacity() - offset];
            from.get(offset, bytes);
            return bytes;
        }

        private static long sum(ByteBuffer bytes) {
            long sum = 0;
            for (int i = 0; i < bytes.capacity(); i++) {
                sum += (long) (bytes.get(i) & 0xff) << (i % 2 == 0 ? 8 : 0);
            }
            while (sum >>> 16 != 0) {
                sum = (sum & 0xffff) + (sum >>> 16);
            }
            return sum;
        }

        int end() {
            return (int) (seq + data.length + ((flags & (Packets.SYN | Packets.FIN)) != 0 ? 1 : 0));
        }
    }

    private List<Seen> seen() {
        List<Capture.Frame> frames = new ArrayList<>();
        capture.frames.drainTo(frames);
        return frames.stream().map(Seen::of).toList();
    }

    @Test
    void aConversationIsShownWithItsBytesAndNumbers() {
        byte[] bytes = new byte[200_000];
        new Random(7).nextBytes(bytes);
        OpenFile[] ends = world.tcp(task, 80);
        assertThat(world.send(task, ends[0], bytes, bytes.length, List.of())).isEqualTo(bytes.length);
        world.receive(task, ends[1], new byte[bytes.length], 0);
        world.send(task, ends[1], "thanks");
        world.receive(task, ends[0]);
        world.vfs().close(ends[0]);
        world.vfs().close(ends[1]);
        List<Seen> all = seen();
        assertThat(all.stream().limit(3).map(Seen::flags))
                .containsExactly(Packets.SYN, Packets.SYN | Packets.ACK, Packets.ACK);
        ByteArrayOutputStream there = new ByteArrayOutputStream();
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        int[] next = {all.get(0).end(), all.get(1).end()}; // what each side sends next, modulo 2^32
        for (Seen each : all.subList(2, all.size())) {
            boolean forth = (int) each.seq == next[0] && (int) each.ack == next[1] || (int) each.ack == next[1];
            int side = forth ? 0 : 1;
            assertThat((int) each.seq).isEqualTo(next[side]);
            assertThat((int) each.ack).isEqualTo(next[1 - side]);
            next[side] = each.end();
            (forth ? there : back).writeBytes(each.data);
        }
        assertThat(there.toByteArray()).isEqualTo(bytes);
        assertThat(back.toString()).isEqualTo("thanks");
        assertThat(all.stream().filter(each -> (each.flags & Packets.FIN) != 0)).hasSize(2);
    }

    @Test
    void aRefusalAndAResetAreShown() {
        world.stack.connect(task, world.socket(task, Socket.AF_INET, Socket.STREAM), World.loopback(9));
        assertThat(seen().stream().map(Seen::flags)).containsExactly(Packets.SYN, Packets.RST | Packets.ACK);
        OpenFile[] ends = world.tcp(task, 81);
        world.send(task, ends[0], "unread");
        seen();
        world.vfs().close(ends[1]);
        assertThat(seen().stream().map(Seen::flags)).containsExactly(Packets.RST | Packets.ACK);
    }

    @Test
    void aMessageAndTheNewsThatNobodyHasItsPortAreShown() {
        OpenFile file = world.socket(task, Socket.AF_INET, Socket.DGRAM);
        world.stack.connect(task, file, World.loopback(9));
        world.send(task, file, "odd");
        List<Seen> all = seen();
        assertThat(all.stream().map(Seen::protocol)).containsExactly(Packets.UDP, 1);
        assertThat(all.getFirst().data).asString().isEqualTo("odd");
        OpenFile six = world.socket(task, Socket.AF_INET6, Socket.DGRAM);
        world.stack.connect(task, six, new SocketAddress.Inet(Socket.AF_INET6, IpAddress.LOOPBACK, 9, 0));
        world.send(task, six, "even");
        assertThat(seen().stream().map(Seen::protocol)).containsExactly(Packets.UDP, 58);
    }

    @Test
    void aCaptureGoesOnAtASuccessorAndEndsWhenTold() {
        OpenFile[] ends = world.tcp(task, 82);
        world.swap();
        seen();
        world.send(task, ends[0], "x");
        assertThat(seen()).hasSize(2);
        world.stack.uncapture(capture);
        world.send(task, ends[0], "y");
        assertThat(seen()).isEmpty();
        assertThat(capture.dropped).isZero();
    }
}
