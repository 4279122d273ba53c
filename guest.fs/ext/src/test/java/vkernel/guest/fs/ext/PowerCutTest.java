package vkernel.guest.fs.ext;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "ext3"})
    void whatWasSyncedIsThereAndNothingIsBroken(String type) {
        System.out.println("PowerCutTest " + type + " seed " + seed + " (-Dvkernel.seed=)");
        byte[] image = Images.make(8, "-t", type);
        for (int i = 0; i < CUTS / (type.equals("ext4") ? 1 : 2); i++) {
            image = cut(image, i);
        }
    }

    /** The journal that a cut leaves is one that others understand, and theirs is one that we do. */
    @ParameterizedTest
    @ValueSource(strings = {"ext4", "ext3"})
    void aJournalIsReplayedByEitherSide(String type) {
        Machine machine = Machine.mounted(Images.make(8, "-t", type));
        Inode file = machine.file(machine.root(), "f").value();
        byte[] before = new byte[1024];
        java.util.Arrays.fill(before, (byte) 'b');
        machine.write(file, 0, before);
        machine.sync(machine.root());
        machine.file(machine.root(), "later");
        machine.sync(machine.root());
        byte[] dirty = machine.disk.image();
        assertThat(Images.debugfs(dirty, "show_super_stats -h")).contains("needs_recovery");
        Machine fixed = new Machine(dirty.clone());
        fixed.disk.readOnly(true);
        assertThat(fixed.mount("ro").error())
                .as("a disk that cannot be written")
                .isEqualTo(-Errno.EROFS);
        byte[] repaired = Images.with(
                dirty,
                image -> assertThat(Images.run(List.of("/usr/sbin/e2fsck", "-fy", image.toString())))
                        .contains("recovering journal"));
        Images.check(repaired, "e2fsck has replayed what we left, " + type);
        assertThat(Images.debugfs(repaired, "cat f")).contains("b".repeat(1024));

        String block = Images.debugfs(repaired, "bmap f 0").replaceAll("(?s)debugfs[^\n]*\n|\\s", "");
        byte[] theirs = Images.journal(repaired, Long.parseLong(block), "j".repeat(1024));
        assertThat(Images.debugfs(theirs, "show_super_stats -h")).contains("needs_recovery");
        Machine again = Machine.mounted(theirs);
        assertThat(new String(again.read(again.lookup(again.root(), "f"), 0, 1024), StandardCharsets.US_ASCII))
                .as("what was in a journal of e2fsprogs's, " + type)
                .isEqualTo("j".repeat(1024));
        Images.check(again.unmounted(), "we have replayed what e2fsprogs left, " + type);
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
