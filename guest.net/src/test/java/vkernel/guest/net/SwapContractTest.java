package vkernel.guest.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import vkernel.fs.OpenFile;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;
import vkernel.net.NetState;
import vkernel.net.Socket;
import vkernel.net.SocketAddress;
import vkernel.task.Task;

class SwapContractTest extends SwapContract<NetState> {
    private final World world = new World();
    private final Task task = world.task();
    private final OpenFile[] tcp = world.tcp(task, 6000);
    private final List<OpenFile> pair = world.pair(task, Socket.STREAM);
    private int port = 6100;

    @Override
    protected Swappable<NetState> inService() {
        world.listener(task, ++port, 5);
        world.connected(task, port);
        OpenFile named = world.socket(task, Socket.AF_UNIX, Socket.DGRAM);
        world.stack.bind(task, World.of(named), new SocketAddress.Unix("\0name" + port));
        world.send(task, tcp[0], "on the way");
        world.send(task, pair.getFirst(), "paired");
        return world.stack;
    }

    @Override
    protected Swappable<NetState> another() {
        return new SocketStack(world.kernel);
    }

    @Override
    protected void fill(Swappable<NetState> provider) {
        world.stack = (SocketStack) provider;
    }

    @Override
    protected void goOn() {
        assertThat(world.receive(task, tcp[1])).startsWith("on the way");
        assertThat(world.receive(task, pair.getLast())).startsWith("paired");
        world.connected(task, port);
        world.send(task, tcp[0], "more");
        world.send(task, pair.getFirst(), "more");
        assertThat(world.receive(task, tcp[1])).isEqualTo("more");
        assertThat(world.receive(task, pair.getLast())).isEqualTo("more");
    }
}
