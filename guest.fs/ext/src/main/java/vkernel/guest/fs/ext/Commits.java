package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.put32;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockRequest;
import vkernel.dev.BlockRequest.Kind;
import vkernel.dev.CharDevice;
import vkernel.fs.Volume;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.kern.Timer;
import vkernel.task.Task;

/**
 * Commits: all that has changed goes to the disk, so that a cut of power leaves what was before or what is after (Linux:
 * jbd2_journal_commit_transaction, data=ordered). The steps, each begun when all requests of the one before are done:
 *
 * <ol>
 *   <li>Pages of files get places, and are written to them. Blocks of our own are written to the journal.
 *   <li>A barrier; then the journal's commit block.
 *   <li>A barrier: now it has happened. Blocks of our own are written to their places.
 *   <li>A barrier; then the next commit may use the journal.
 * </ol>
 *
 * Without a journal (ext2) blocks of our own go to their places behind the data, and a cut of power may need e2fsck.
 */
final class Commits {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(5);

    private enum Step {
        IDLE,
        DATA,
        BEFORE_COMMIT,
        COMMIT,
        AFTER_COMMIT,
        PLACES,
        AFTER_PLACES,
        /** The journal says that it is empty: without checksums an old log half written over would look whole. */
        EMPTY,
        AFTER_EMPTY
    }

    private final Mounted fs;
    private final Volume volume;
    private final Slot<CharDevice> device;
    private final @Nullable Journal journal;
    private final Writeback writeback;
    private Step step = Step.IDLE;
    private final Set<BlockRequest> underWay = new LinkedHashSet<>();
    private boolean driving;
    private boolean again;
    private boolean failed;
    private @Nullable Timer timer;

    Commits(Mounted fs, Slot<CharDevice> device) {
        this.fs = fs;
        this.volume = fs.volume;
        this.device = device;
        journal = volume.journal.length == 0 ? null : new Journal(fs.layout, volume);
        writeback = new Writeback(fs);
    }

    static void submit(Slot<CharDevice> device, BlockRequest request) {
        try {
            Mounted.disks(device).submit(request);
        } catch (Halt e) {
            request.complete(-Errno.ENXIO);
        }
    }

    // --- asking -----------------------------------------------------------------------------------------------------

    /** Something has changed: it is written within seconds. */
    void later() {
        if (!volume.modified() || fs.sb.readOnly) {
            return;
        }
        if (journal != null && volume.running.size() + volume.changed.size() / 8 > journal.room() / 2) {
            start();
            return;
        }
        wakeUp();
    }

    private void wakeUp() {
        Timer now = timer;
        if (now == null) {
            now = fs.kernel.timer(this::start);
            timer = now;
        }
        if (now.deadline() == Long.MAX_VALUE) {
            now.arm(fs.kernel.now() + INTERVAL);
        }
    }

    /** Has a commit begin, but not now: a page is about to be modified, and is to be part of it. */
    void soon() {
        Timer now = timer;
        if (now != null && step == Step.IDLE) {
            now.arm(fs.kernel.now());
        }
    }

    void stop() {
        Timer now = timer;
        if (now != null) {
            now.arm(Long.MAX_VALUE);
        }
        timer = null;
    }

    /** fsync(2): waits until all that has changed by now is on the disk. */
    long sync(@Nullable Task task) {
        if (task == null || fs.kernel.current() != task) {
            return now();
        }
        long wanted = task.restart.done;
        if (wanted == 0) {
            if (volume.failure != null) {
                return -Errno.EIO;
            }
            wanted = volume.begun + (volume.modified() ? 1 : 0);
            start();
        }
        if (volume.failure != null) {
            return -Errno.EIO;
        }
        if (volume.done >= wanted) {
            return 0;
        }
        task.restart.done = wanted;
        task.waitOn(volume.commits);
        return Kernel.BLOCKED;
    }

    /** A writer is ahead of the disk: it waits for a commit. */
    long pushBack(@Nullable Task task) {
        start();
        if (task == null || fs.kernel.current() != task) {
            return now();
        }
        if (step == Step.IDLE) {
            return 0;
        }
        task.waitOn(volume.commits);
        return Kernel.BLOCKED;
    }

    /** The disk seems full: what was given back, or promised in vain, is free after a commit. @return 0 if it is not */
    long forSpace(@Nullable Task task) {
        if (volume.freed.isEmpty() && volume.freeing.isEmpty() && volume.dirty.isEmpty()) {
            return 0;
        }
        return pushBack(task);
    }

    /** Writes everything and waits for the disk. @return 0 or -EIO */
    long now() {
        while (volume.failure == null && (step != Step.IDLE || volume.modified())) {
            start();
            if (step == Step.IDLE && device.orNull() == null) {
                return -Errno.EIO;
            }
            while (step != Step.IDLE) {
                List.copyOf(underWay).forEach(request -> {
                    request.await();
                    completed(request);
                });
            }
        }
        return volume.failure == null ? 0 : -Errno.EIO;
    }

    // --- doing ------------------------------------------------------------------------------------------------------

    /** Begins a commit, or has one begin after that under way. */
    private void start() {
        Timer now = timer;
        if (now != null) {
            now.arm(Long.MAX_VALUE);
        }
        if (step != Step.IDLE) {
            again = true;
            return;
        }
        again = false;
        if (!volume.modified() || volume.failure != null || fs.sb.readOnly) {
            return;
        }
        if (device.orNull() == null) {
            wakeUp(); // the driver is being replaced
            return;
        }
        Writeback.Plan plan = writeback.plan(journal == null ? Integer.MAX_VALUE : journal.room());
        if (plan == null) {
            fs.fail("what has changed cannot be written");
            fs.kernel.wake(volume.commits);
            return;
        }
        superBlock();
        volume.committing = volume.running;
        volume.running = new LinkedHashMap<>();
        volume.freeing = volume.freed;
        volume.freed = new TreeMap<>();
        if (volume.dirty.isEmpty()) { // else some files wait for the next commit
            volume.written = 0;
            volume.promised = 0;
        }
        volume.begun++;
        step = Step.DATA;
        boolean outer = driving;
        driving = true;
        plan.requests().forEach(this::send);
        if (journal != null) {
            journal.blocks(volume.committing).forEach(this::send);
        }
        driving = outer;
        drive();
    }

    /** The counts in the super block. */
    private void superBlock() {
        byte[] sb = volume.superBlock;
        put32(sb, 0xc, volume.freeBlocks);
        if (fs.layout.has(Layout.BIT64)) {
            put32(sb, 0x158, volume.freeBlocks >>> 32);
        }
        put32(sb, 0x10, volume.freeInodes);
        put32(sb, 0x30, fs.kernel.realtime() / TimeUnit.SECONDS.toNanos(1));
        put32(sb, 0xe8, volume.orphans.isEmpty() ? 0 : volume.orphans.getLast());
        Supers.seal(fs.layout, sb);
        Result<Long> block = fs.look(null, op -> {
            long number = Layout.SUPER_AT / fs.layout.blockSize;
            byte[] bytes = op.read(number).clone();
            System.arraycopy(sb, 0, bytes, Layout.SUPER_AT % fs.layout.blockSize, sb.length);
            volume.running.put(number, bytes);
            return number;
        });
        if (!block.ok()) {
            fs.fail("the super block cannot be read");
        }
    }

    private void send(BlockRequest request) {
        request.client = fs.client;
        request.purpose = volume;
        underWay.add(request);
        submit(device, request);
        if (!request.pending()) {
            completed(request);
        }
    }

    /** A request is done; may be told twice. */
    void completed(BlockRequest request) {
        if (!underWay.remove(request)) {
            return;
        }
        long[] pages = request.pages;
        if (pages != null) {
            for (long page : pages) {
                fs.kernel.vm().give(page);
            }
        }
        failed |= request.result != 0;
        drive();
    }

    /** When nothing is waited for any more the next step begins; a disk that is quick may do several at once. */
    private void drive() {
        if (driving) {
            return;
        }
        driving = true;
        while (step != Step.IDLE && underWay.isEmpty()) {
            if (failed) {
                fs.fail("the disk does not take what is written (EIO)");
                finish();
            } else {
                advance();
            }
        }
        driving = false;
    }

    private void advance() {
        switch (step) {
            case IDLE -> {}
            case DATA -> {
                step = journal == null ? Step.AFTER_COMMIT : Step.BEFORE_COMMIT;
                send(BlockRequest.flush(volume.rdev));
            }
            case BEFORE_COMMIT -> {
                step = Step.COMMIT;
                if (journal != null) {
                    send(journal.commit(fs.kernel.realtime()));
                }
            }
            case COMMIT -> {
                step = Step.AFTER_COMMIT;
                send(BlockRequest.flush(volume.rdev));
            }
            case AFTER_COMMIT -> {
                step = Step.PLACES;
                if (journal != null) {
                    happened();
                }
                places(volume.committing);
            }
            case PLACES -> {
                step = Step.AFTER_PLACES;
                send(BlockRequest.flush(volume.rdev));
            }
            case AFTER_PLACES -> {
                if (journal == null) {
                    happened();
                }
                if (journal == null || journal.sealed()) {
                    finish();
                } else {
                    step = Step.EMPTY;
                    send(journal.empty());
                }
            }
            case EMPTY -> {
                step = Step.AFTER_EMPTY;
                send(BlockRequest.flush(volume.rdev));
            }
            case AFTER_EMPTY -> finish();
        }
    }

    /** It is on the disk for good. */
    private void happened() {
        volume.done = volume.begun;
        volume.freeing = new TreeMap<>();
        fs.kernel.wake(volume.commits);
    }

    private void places(Map<Long, byte[]> blocks) {
        new TreeMap<>(blocks)
                .forEach((block, bytes) ->
                        send(BlockRequest.of(Kind.WRITE, volume.rdev, block * fs.layout.blockSize, bytes)));
    }

    private void finish() {
        volume.committing.forEach((block, bytes) -> {
            if (!volume.running.containsKey(block)) {
                fs.blocks.keep(block, bytes);
            }
        });
        volume.committing = Map.of();
        step = Step.IDLE;
        fs.kernel.wake(volume.commits);
        if (volume.failure == null && again) {
            start();
        } else if (volume.failure == null) {
            later();
        }
    }

    /** Writes a block at once and waits: at mount and umount. @return whether it was written */
    boolean writeNow(long position, byte[] bytes) {
        BlockRequest write = BlockRequest.of(Kind.WRITE, volume.rdev, position, bytes);
        submit(device, write);
        write.await();
        BlockRequest flush = BlockRequest.flush(volume.rdev);
        submit(device, flush);
        flush.await();
        return write.result == 0 && flush.result == 0;
    }
}
