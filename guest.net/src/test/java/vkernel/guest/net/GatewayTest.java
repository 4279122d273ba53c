package vkernel.guest.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.net.Gateway;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.NetStack.Address;
import vkernel.net.NetStack.Interface;
import vkernel.net.NetStack.Traffic;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

/** Connections that go out and come in through a gateway, of which here only the calls are noted. */
class GatewayTest {
    private static final IpAddress SELF = IpAddress.v4(0x0a00020f);
    private static final IpAddress AWAY = IpAddress.v4(0x01020304);

    private final World world = new World();
    private final Task task = world.task();
    private final List<InetSocket> opening = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private int news;

    @BeforeEach
    void plug() {
        world.gateway.fill(new Gateway() {
            @Override
            public Optional<Interface> link() {
                List<Address> addresses = List.of(new Address(SELF, 24));
                return Optional.of(new Interface(2, "eth0", 1, 1500, addresses, new Traffic(0, 0, 0, 0)));
            }

            @Override
            public void connect(InetSocket far) {
                opening.add(far);
            }

            @Override
            public void news(InetSocket far) {
                news++;
            }

            @Override
            public void send(InetSocket from, IpAddress to, int port, byte[] bytes) {
                messages.add(to + ":" + port + " " + new String(bytes, StandardCharsets.ISO_8859_1));
            }

            @Override
            public void forget(InetSocket socket) {
                messages.add("gone");
            }
        });
    }

    private static SocketAddress away(int port) {
        return new SocketAddress.Inet(Socket.AF_INET, AWAY, port, 0);
    }

    private void bring(InetSocket far, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(world.stack.room(far)).isGreaterThan(bytes.length);
        world.stack.bring(far, bytes, 0, bytes.length);
    }

    private String carry(InetSocket far) {
        byte[] bytes = new byte[100];
        int n = world.stack.carry(far, bytes);
        world.stack.carried(far, n);
        return new String(bytes, 0, n, StandardCharsets.ISO_8859_1);
    }

    private OpenFile connecting() {
        OpenFile file = world.socket(task, Socket.AF_INET, Socket.STREAM);
        assertThat(world.stack.connect(task, file, away(80))).isEqualTo(Kernel.BLOCKED);
        return file;
    }

    @Test
    void aConnectionGoesOutCarriesBytesAndEnds() {
        OpenFile file = connecting();
        InetSocket far = opening.getFirst();
        assertThat(far.local).isEqualTo(AWAY);
        assertThat(far.localPort).isEqualTo(80);
        world.stack.opened(far);
        assertThat(world.stack.connect(task, file, away(80))).isZero();
        assertThat(World.inet(file).local).isEqualTo(SELF);
        world.send(task, file, "out");
        assertThat(news).isPositive();
        assertThat(carry(far)).isEqualTo("out");
        bring(far, "in");
        assertThat(world.receive(task, file)).isEqualTo("in");
        world.stack.finish(far);
        assertThat(world.receive(task, file)).isEmpty();
        world.vfs().close(file);
        assertThat(far.state).isEqualTo(State.CLOSE);
        assertThat(far.error).isZero();
    }

    @Test
    void aConnectionThatFailsSaysWhy() {
        OpenFile file = connecting();
        world.stack.failed(opening.getFirst(), Errno.EHOSTUNREACH);
        assertThat(world.stack.connect(task, file, away(80))).isEqualTo(-Errno.EHOSTUNREACH);
        assertThat(world.stack.connect(task, file, away(80))).isEqualTo(Kernel.BLOCKED);
    }

    @Test
    void aConnectionComesInWhereSomebodyListens() {
        assertThat(world.stack.enter(AWAY, 1000, SELF, 80).error()).isEqualTo(-Errno.ECONNREFUSED);
        OpenFile listener = world.socket(task, Socket.AF_INET, Socket.STREAM);
        SocketAddress any = new SocketAddress.Inet(Socket.AF_INET, IpAddress.ANY4, 80, 0);
        world.stack.bind(task, World.of(listener), any);
        world.stack.listen(task, World.of(listener), 0);
        InetSocket far = world.stack.enter(AWAY, 1000, SELF, 80).value();
        assertThat(world.stack.enter(AWAY, 1001, SELF, 80).error()).isEqualTo(-Errno.EAGAIN);
        bring(far, "request");
        OpenFile server = world.stack.accept(task, listener, 0).value();
        assertThat(World.inet(server).remote).isEqualTo(AWAY);
        assertThat(world.receive(task, server)).isEqualTo("request");
        world.stack.abort(far);
        assertThat(world.receive(task, server)).isEqualTo("-ECONNRESET");
    }

    @Test
    void aProgramThatClosesEarlyBreaksTheConnection() {
        OpenFile file = connecting();
        InetSocket far = opening.getFirst();
        world.stack.opened(far);
        bring(far, "never read");
        world.vfs().close(file);
        assertThat(far.error).isEqualTo(Errno.ECONNRESET);
        assertThat(world.stack.room(far)).isZero();
        world.vfs().close(connecting());
        assertThat(opening.getLast().state).isEqualTo(State.CLOSE);
    }

    @Test
    void messagesGoOutAndComeBack() {
        OpenFile file = world.socket(task, Socket.AF_INET, Socket.DGRAM);
        assertThat(world.stack.connect(task, file, away(53))).isZero();
        world.send(task, file, "question");
        world.stack.bring(World.inet(file), AWAY, 53, "answer".getBytes(StandardCharsets.ISO_8859_1));
        world.stack.bring(World.inet(file), AWAY, 54, "unasked".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(world.receive(task, file)).isEqualTo("answer");
        assertThat(world.receive(task, file)).isEqualTo("-EAGAIN");
        world.vfs().close(file);
        assertThat(messages).containsExactly("1.2.3.4:53 question", "gone");
    }
}
