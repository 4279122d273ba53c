package vkernel.it.fixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.boot.MemoryChannel;
import vkernel.host.HostSlot;
import vkernel.host.Machine;
import vkernel.host.Vmspaces;
import vkernel.kern.SwapReport;
import vkernel.kern.Swaps;

/** A hart whose processor the system beneath has given to somebody else: the guest does not wait for it. */
@Timeout(60)
class StragglersTest {
    private static final String LONG = "i=0; while [ $i -lt 5000 ]; do i=$((i+1)); done; echo $i";

    private static final Executor ITS_OWN =
            command -> Thread.ofPlatform().daemon().start(command);

    @Test
    void theKernelIsReplacedWithoutThemAndTheirTasksComeLater() throws Exception {
        try (Running running = new Running()) {
            HostSlot slot = running.kernel.service(HostSlot.class);
            Machine machine = slot.machine().orElseThrow();
            Holding holding = new Holding(machine);
            CompletableFuture<String> one = running.run(new MemoryChannel(new byte[0]), LONG);
            CompletableFuture<String> two = running.run(new MemoryChannel(new byte[0]), LONG);
            slot.replaceBecause("a test"); // so that its harts are not taken for stuck ones of a new machine
            slot.fill(holding.machine());
            CompletableFuture<SwapReport> swap;
            CompletableFuture<Void> back;
            try {
                holding.arm();
                assertThat(holding.held.await(20, TimeUnit.SECONDS)).isTrue();
                swap = swapped(running);
                while (running.reports("kern").isEmpty()) {
                    Thread.onSpinWait();
                }
                assertThat(running.kernel.run("/bin/echo", "on").out()).isEqualTo("on\n");
                back = CompletableFuture.runAsync(() -> slot.fill(machine), ITS_OWN);
                assertThat(one.isDone() && two.isDone()).isFalse();
                assertThat(back).as("nobody is in a machine that is replaced").isNotDone();
            } finally {
                holding.letGo.countDown();
            }
            back.get(20, TimeUnit.SECONDS);
            assertThat(swap.get(20, TimeUnit.SECONDS).ok()).isTrue(); // the bundle before has ended with its threads
            assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo("5000\n");
            assertThat(two.get(30, TimeUnit.SECONDS)).isEqualTo("5000\n");
            running.start().finish();
        }
    }

    private static CompletableFuture<SwapReport> swapped(Running running) {
        Swaps swaps = running.kernel.service(Swaps.class);
        return CompletableFuture.supplyAsync(() -> swaps.swap("kern", "guest.kern", false), ITS_OWN);
    }

    /** A machine in front of another; when it is told to, the next hart that comes out of user code is held there. */
    private static final class Holding {
        private final Machine real;
        private final AtomicBoolean armed = new AtomicBoolean();
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch letGo = new CountDownLatch(1);

        Holding(Machine real) {
            this.real = real;
        }

        void arm() {
            armed.set(true);
        }

        Machine machine() {
            Vmspaces spaces = (Vmspaces) Proxy.newProxyInstance(
                    Vmspaces.class.getClassLoader(), new Class<?>[] {Vmspaces.class}, (self, method, arguments) -> {
                        Object result = called(method, real.vmspaces(), arguments);
                        if (method.getName().equals("run") && armed.compareAndSet(true, false)) {
                            held.countDown();
                            letGo.await();
                        }
                        return result;
                    });
            return (Machine) Proxy.newProxyInstance(
                    Machine.class.getClassLoader(),
                    new Class<?>[] {Machine.class},
                    (self, method, arguments) ->
                            method.getName().equals("vmspaces") ? spaces : called(method, real, arguments));
        }

        private static Object called(Method method, Object on, Object @Nullable [] arguments) throws Throwable {
            try {
                return method.invoke(on, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
