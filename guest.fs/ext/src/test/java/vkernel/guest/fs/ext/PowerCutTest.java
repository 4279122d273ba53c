package vkernel.guest.fs.ext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import vkernel.fs.Inode;
import vkernel.kern.Errno;

/** The power is cut at random points of the write stream: what was synced is there, and the file system is sound. */
class PowerCutTest {
    private static final int CUTS = 40;
    private static final int NAMES = 12;

    private final long seed = Long.getLong("vkernel.seed", System.nanoTime());
    private final Random random = new Random(seed);
    /** Names with which something was done since the last sync. */
    private final Set<String> touched = new HashSet<>();

    @Test
    void whatWasSyncedIsThereAndNothingIsBroken() {
        System.out.println("PowerCutTest seed " + seed + " (-Dvkernel.seed=)");
        byte[] image = Images.make(8, "-t", "ext4");
        for (int i = 0; i < CUTS; i++) {
            image = cut(image, i);
        }
    }

    /** @return the image after a cut, for the next */
    private byte[] cut(byte[] image, int round) {
        Machine machine = Machine.mounted(image);
        machine.disk.cutAfter = machine.disk.requests + 20 + random.nextInt(600);
        Map<String, byte[]> synced = new HashMap<>();
        Map<String, byte[]> now = new HashMap<>();
        for (String kind : List.of("f", "g")) {
            for (int i = 0; i < NAMES; i++) {
                there(machine, kind + i, now);
            }
        }
        touched.clear();
        for (int i = 0; i < 400 && !machine.disk.cut(); i++) {
            step(machine, now);
            if (random.nextInt(6) == 0) {
                boolean done = machine.sync(machine.root()) == 0 && !machine.disk.cut();
                if (done) {
                    synced = new HashMap<>(now);
                    touched.clear();
                }
            }
        }
        byte[] left = machine.disk.afterCut(random);
        Machine again = Machine.mounted(left);
        compare(again, synced, round);
        for (String name : now.keySet()) {
            if (again.fs().lookup(again.task, again.root(), name).ok() && random.nextBoolean()) {
                assertThat(again.remove(again.root(), name)).isZero();
            }
        }
        byte[] next = again.unmounted();
        Images.check(next, "cut " + round + " of seed " + seed);
        return next;
    }

    private void there(Machine machine, String name, Map<String, byte[]> now) {
        var found = machine.fs().lookup(machine.task, machine.root(), name);
        if (found.ok()) {
            now.put(name, machine.read(found.value(), 0, 1 << 16));
        }
    }

    private void step(Machine machine, Map<String, byte[]> now) {
        String name = "f" + random.nextInt(NAMES);
        Inode root = machine.root();
        touched.add(name);
        switch (random.nextInt(5)) {
            case 0 -> {
                if (machine.fs().lookup(machine.task, root, name).ok()) {
                    assertThat(machine.remove(root, name)).isZero();
                    now.remove(name);
                }
            }
            case 1 -> {
                String other = "g" + random.nextInt(NAMES);
                if (machine.fs().lookup(machine.task, root, name).ok()
                        && !machine.fs().lookup(machine.task, root, other).ok()) {
                    assertThat(machine.fs().rename(machine.task, root, name, root, other, 0))
                            .isZero();
                    touched.add(other);
                    now.put(other, now.remove(name));
                }
            }
            default -> {
                byte[] bytes = new byte[random.nextInt(20_000)];
                random.nextBytes(bytes);
                Inode file = machine.fs().lookup(machine.task, root, name).ok()
                        ? machine.lookup(root, name)
                        : machine.file(root, name).value();
                assertThat(machine.fs().truncate(machine.task, file, 0)).isZero();
                long n = machine.write(file, 0, bytes);
                assertThat(n).isIn((long) bytes.length, (long) -Errno.EIO);
                now.put(name, bytes);
            }
        }
    }

    /** Each file that was synced is there as it was then, or as it was made after. */
    private void compare(Machine again, Map<String, byte[]> synced, int round) {
        synced.forEach((name, bytes) -> {
            boolean changed = touched.contains(name);
            var found = again.fs().lookup(again.task, again.root(), name);
            if (!changed) {
                assertThat(found.ok())
                        .as("%s after cut %d of seed %d", name, round, seed)
                        .isTrue();
            }
            if (!changed && found.ok()) {
                assertThat(again.read(found.value(), 0, bytes.length + 1))
                        .as("%s after cut %d of seed %d", name, round, seed)
                        .isEqualTo(bytes);
            }
        });
    }
}
