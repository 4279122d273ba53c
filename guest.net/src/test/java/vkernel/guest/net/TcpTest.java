package vkernel.guest.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

class TcpTest {
    private static final long MINUTE = 60_000_000_000L;
    private final World world = new World();
    private final Task task = world.task();

    private long bind(int port) {
        OpenFile file = world.socket(task, Socket.AF_INET, Socket.STREAM);
        return world.stack.bind(task, World.of(file), World.loopback(port));
    }

    @Test
    void aPortIsKeptForAMinuteByWhoeverClosedFirst() {
        OpenFile[] ends = world.tcp(task, 7000);
        world.vfs().close(ends[1]);
        world.vfs().close(ends[0]);
        assertThat(bind(7000)).isEqualTo(-Errno.EADDRINUSE);
        world.now += MINUTE + 1;
        assertThat(bind(7000)).isZero();
    }

    @Test
    void aConnectWaitsWhileTheListenersQueueIsFull() {
        OpenFile listener = world.listener(task, 7001, 0);
        world.connected(task, 7001);
        OpenFile late = world.socket(task, Socket.AF_INET, Socket.STREAM);
        Task waiting = world.task();
        assertThat(world.stack.connect(waiting, late, World.loopback(7001))).isEqualTo(Kernel.BLOCKED);
        waiting.state = Task.State.BLOCKED;
        world.stack.accept(task, listener, 0);
        assertThat(waiting.state).isEqualTo(Task.State.RUNNABLE);
        assertThat(world.stack.connect(waiting, late, World.loopback(7001))).isZero();
        OpenFile later = world.socket(task, Socket.AF_INET, Socket.STREAM);
        assertThat(world.stack.connect(waiting, later, World.loopback(7001))).isEqualTo(Kernel.BLOCKED);
        world.vfs().close(listener);
        assertThat(world.stack.connect(waiting, later, World.loopback(7001))).isEqualTo(-Errno.ECONNREFUSED);
    }

    @Test
    void portsOfConnectionsAreEphemeralAndDifferent() {
        world.listener(task, 7002, 4000);
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            ports.add(World.inet(world.connected(task, 7002)).localPort);
        }
        assertThat(ports).hasSize(1000).allMatch(port -> port >= 32768 && port <= 60999);
    }

    @Test
    void connectionsOneAfterTheOtherDoNotRunOutOfPortsOrMemory() {
        OpenFile listener = world.listener(task, 7003, 5);
        for (int i = 0; i < 40_000; i++) {
            world.now += 1_000_000;
            OpenFile client = world.connected(task, 7003);
            OpenFile server = world.stack.accept(task, listener, 0).value();
            world.vfs().close(client);
            world.vfs().close(server);
        }
        assertThat(world.stack.release().waiting()).hasSizeLessThanOrEqualTo(8192);
    }

    @Test
    void reusePortSpreadsConnections() {
        OpenFile[] listeners = new OpenFile[3];
        for (int i = 0; i < 3; i++) {
            listeners[i] = world.socket(task, Socket.AF_INET, Socket.STREAM);
            World.of(listeners[i]).reusePort = true;
            assertThat(world.stack.bind(task, World.of(listeners[i]), World.loopback(7004)))
                    .isZero();
            world.stack.listen(task, World.of(listeners[i]), 1000);
        }
        for (int i = 0; i < 300; i++) {
            world.connected(task, 7004);
        }
        for (OpenFile listener : listeners) {
            assertThat(World.of(listener).pending).hasSizeGreaterThan(30);
        }
    }

    @Test
    void aListenerThatGoesResetsWhoWasNotAccepted() {
        OpenFile listener = world.listener(task, 7005, 5);
        OpenFile client = world.connected(task, 7005);
        world.vfs().close(listener);
        assertThat(client.ops().poll(client, null) & Mode.POLLERR).isNotZero();
        assertThat(world.receive(task, client)).isEqualTo("-ECONNRESET");
        assertThat(World.inet(client).peer).isNull();
        assertThat(bind(7005)).isZero();
    }

    @Test
    void anAddressOfAnotherMachineIsUnreachableWithoutAGateway() {
        OpenFile file = world.socket(task, Socket.AF_INET, Socket.STREAM);
        var away = new SocketAddress.Inet(Socket.AF_INET, IpAddress.v4(0x0a010203), 80, 0);
        assertThat(world.stack.connect(task, file, away)).isEqualTo(-Errno.ENETUNREACH);
        assertThat(((InetSocket) World.of(file)).localPort).isZero();
    }
}
