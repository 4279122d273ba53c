package vkernel.guest.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vkernel.fs.OpenFile;
import vkernel.net.Socket;
import vkernel.task.Task;

class InFlightTest {
    private final World world = new World();
    private final Task task = world.task();

    private long pass(OpenFile through, OpenFile file) {
        file.refs++;
        return world.send(task, through, new byte[] {'x'}, 1, List.of(file));
    }

    @Test
    void socketsThatLieInEachOthersMessagesAreFound() {
        int before = world.vfs().openFiles();
        for (int i = 0; i < 500; i++) {
            List<OpenFile> pair = world.pair(task, Socket.STREAM);
            pass(pair.getFirst(), pair.getFirst());
            pass(pair.getLast(), pair.getLast());
            pair.forEach(world.vfs()::close);
            assertThat(world.vfs().openFiles()).isLessThan(before + 20);
        }
    }

    @Test
    void aDeepChainOfSocketsInMessagesIsClosedWithoutDeepCalls() {
        int before = world.vfs().openFiles();
        List<OpenFile> inner = world.pair(task, Socket.DGRAM);
        for (int i = 0; i < 3000; i++) {
            List<OpenFile> outer = world.pair(task, Socket.DGRAM);
            pass(outer.getFirst(), inner.getLast());
            pass(outer.getFirst(), inner.getFirst());
            inner.forEach(world.vfs()::close);
            inner = outer;
        }
        inner.forEach(world.vfs()::close);
        assertThat(world.vfs().openFiles()).isEqualTo(before);
        assertThat(world.stack.release().counters().inFlight).isZero();
    }

    @Test
    void whatCanStillBeReachedIsNeverClosed() {
        long seed = Long.getLong("vkernel.seed", System.nanoTime());
        System.out.println("InFlightTest: seed " + seed);
        Random random = new Random(seed);
        int before = world.vfs().openFiles();
        List<OpenFile> held = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            if (held.size() < 20) {
                held.addAll(world.pair(task, Socket.DGRAM));
            }
            OpenFile a = held.get(random.nextInt(held.size()));
            OpenFile b = held.get(random.nextInt(held.size()));
            pass(a, b);
            if (random.nextInt(3) == 0) {
                world.vfs().close(held.remove(random.nextInt(held.size())));
            }
            held.forEach(file -> assertThat(World.of(file).dead).isFalse());
        }
        held.forEach(world.vfs()::close);
        for (int i = 0; i < 200; i++) { // circles are looked for now and then, when sockets are closed
            world.pair(task, Socket.DGRAM).forEach(world.vfs()::close);
        }
        assertThat(world.vfs().openFiles()).isEqualTo(before);
    }
}
