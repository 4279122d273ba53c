package vkernel.guest.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.guest.vm.Machine.PAGE;
import static vkernel.guest.vm.Machine.PRIVATE;
import static vkernel.guest.vm.Machine.RW;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vkernel.host.MachineConfig;
import vkernel.host.ThreadBody;
import vkernel.kern.KernelLock;
import vkernel.task.Task;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/**
 * Two harts repair faults of forked processes at the same time, with the kernel lock shared, and fork, write and end
 * processes with the lock. A failure names its seed: {@code -Dvm.seed=N}.
 */
class SharedFaultsTest {
    private static final int PAGES = 48;
    private static final int STEPS = 4000;

    private final long seed = Long.getLong("vm.seed", System.nanoTime());
    private final KernelLock lock = new KernelLock();
    private final Machine machine =
            new Machine(new MachineConfig(4 << 20, 2, MachineConfig.Time.REAL, 1, false, Map.of(), Map.of(), Map.of()));
    private final List<Throwable> wrong = new ArrayList<>(); // guarded by itself
    private long shared; // guarded by wrong

    @AfterEach
    void close() throws Exception {
        machine.close();
    }

    @Test
    void pagesThatForkedProcessesCopyAtTheSameTimeAreEachCountedAndWhole() throws InterruptedException {
        Task parent = machine.process();
        long at = machine.map(parent, PAGES * PAGE, RW, PRIVATE);
        CountDownLatch ready = new CountDownLatch(2);
        List<Thread> harts = new ArrayList<>();
        for (int id = 0; id < 2; id++) {
            Hart hart = new Hart(id, fork(parent), at, ready);
            harts.add(ThreadBody.daemon("hart" + id, hart));
        }
        harts.forEach(Thread::start);
        for (Thread hart : harts) {
            hart.join();
        }
        assertThat(wrong).as("seed " + seed).isEmpty();
        assertThat(shared).isPositive();
        machine.check();
        assertThat(machine.vm.stats().anonymous()).isEqualTo(PAGE * pages(parent));
    }

    private long pages(Task task) {
        return task.memory().anonymousPages;
    }

    private Task fork(Task parent) {
        Task child = machine.process();
        machine.vm.drop(child.memory());
        child.memory = machine.vm.fork(parent.memory());
        assertThat(child.memory).isNotNull();
        return child;
    }

    /** A hart with a process whose pages it writes, and that is now and then forked and ended. */
    private final class Hart implements Runnable {
        private final Random random;
        private final long at;
        private final CountDownLatch ready;
        private final byte[] expected = new byte[PAGES];
        private Task task;
        private long done;

        Hart(int id, Task task, long at, CountDownLatch ready) {
            this.random = new Random(seed + id);
            this.task = task;
            this.at = at;
            this.ready = ready;
            task.hart = id;
        }

        @Override
        public void run() {
            lock.enter();
            KernelLock.Sharer sharer = lock.sharer();
            lock.leave();
            try {
                ready.countDown();
                ready.await();
                for (int i = 0; i < STEPS; i++) {
                    step(sharer);
                }
            } catch (Throwable e) {
                note(e);
            } finally {
                lock.enter();
                lock.forget(sharer);
                machine.vm.drop(task.memory());
                lock.leave();
            }
        }

        private void note(Throwable e) {
            synchronized (wrong) {
                wrong.add(e);
            }
        }

        private void step(KernelLock.Sharer sharer) {
            int page = random.nextInt(PAGES);
            if (random.nextInt(40) == 0) {
                lock.enter();
                renew();
                lock.leave();
            } else if (lock.share(sharer)) {
                boolean repaired;
                try {
                    repaired =
                            machine.vm.sharedFault(task, at + page * PAGE, random.nextBoolean() ? Vma.WRITE : Vma.READ);
                } finally {
                    lock.unshare(sharer);
                }
                if (repaired) {
                    synchronized (wrong) {
                        shared++;
                    }
                }
            }
            lock.enter();
            try {
                touch(page);
            } finally {
                lock.leave();
            }
        }

        /** The child goes on in its place: it has the same pages, and is the only one of both that is left. */
        private void renew() {
            Task child = fork(task);
            child.hart = task.hart;
            if (random.nextBoolean()) {
                Task both = fork(child);
                machine.vm.drop(task.memory());
                task = child;
                machine.vm.drop(both.memory());
            } else {
                machine.vm.drop(task.memory());
                task = child;
            }
        }

        private void touch(int page) {
            byte[] found = machine.read(task, at + page * PAGE, 1);
            assertThat(found[0]).isEqualTo(expected[page]);
            if (random.nextBoolean()) {
                expected[page] = (byte) random.nextInt();
                assertThat(machine.vm.fault(task, at + page * PAGE, Vma.WRITE)).isEqualTo(Vm.FAULT_DONE);
                assertThat(machine.write(task, at + page * PAGE, new byte[] {expected[page]}))
                        .isTrue();
            }
            done++;
            if (done % 500 == 0) {
                machine.check();
            }
        }
    }
}
