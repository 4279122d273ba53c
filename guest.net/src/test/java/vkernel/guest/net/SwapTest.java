package vkernel.guest.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.fs.OpenFile;
import vkernel.kern.Kernel;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

/** Another provider of sockets goes on where the one before stopped. */
class SwapTest {
    private final World world = new World();
    private final Task task = world.task();

    @Test
    void connectionsBytesAndNamesGoOn() {
        OpenFile[] tcp = world.tcp(task, 6000);
        world.send(task, tcp[0], "on the way");
        OpenFile listener = world.listener(task, 6001, 5);
        OpenFile early = world.connected(task, 6001);
        OpenFile named = world.socket(task, Socket.AF_UNIX, Socket.DGRAM);
        world.stack.bind(task, World.of(named), new SocketAddress.Unix("\0name"));
        OpenFile path = world.socket(task, Socket.AF_UNIX, Socket.DGRAM);
        assertThat(world.stack.bind(task, World.of(path), new SocketAddress.Unix("/path")))
                .isZero();

        world.swap();

        assertThat(world.receive(task, tcp[1])).isEqualTo("on the way");
        OpenFile accepted = world.stack.accept(task, listener, 0).value();
        world.send(task, accepted, "hello");
        assertThat(world.receive(task, early)).isEqualTo("hello");
        OpenFile client = world.socket(task, Socket.AF_UNIX, Socket.DGRAM);
        assertThat(world.stack.connect(task, client, new SocketAddress.Unix("\0name")))
                .isZero();
        assertThat(world.stack.connect(task, client, new SocketAddress.Unix("/path")))
                .isZero();
        world.connected(task, 6001);
        world.vfs().close(tcp[0]);
        assertThat(world.receive(task, tcp[1])).isEmpty();
    }

    @Test
    void aBlockedCallIsMadeAgainAtTheSuccessor() {
        List<OpenFile> pair = world.pair(task, Socket.STREAM);
        Task reader = world.task();
        assertThat(world.receive(reader, pair.getLast(), new byte[10], 0)).isEqualTo(Kernel.BLOCKED);
        reader.state = Task.State.BLOCKED;
        world.swap();
        world.send(task, pair.getFirst(), "x");
        assertThat(reader.state).isEqualTo(Task.State.RUNNABLE);
        assertThat(world.receive(reader, pair.getLast(), new byte[10], 0)).isEqualTo(1);
    }

    @Test
    void theOldProviderAcceptsNoCall() {
        SocketStack old = world.stack;
        world.swap();
        assertThatThrownBy(old::sockets).isInstanceOf(IllegalStateException.class);
    }
}
