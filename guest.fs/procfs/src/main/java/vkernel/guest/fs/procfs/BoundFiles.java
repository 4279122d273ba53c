package vkernel.guest.fs.procfs;

import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import vkernel.abi.Bounds;
import vkernel.kern.Errno;

/** The files of /proc/sys that say how many kernel objects there may be: numbers, which root may write. */
final class BoundFiles {
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    /** Most that may be written: places in tables have 15 bits, and what a call takes at once fits into 64 KiB. */
    private static final long PLACES = 1 << 15, OPERATIONS = 10_000, MANY = 1 << 20;

    static final Entry INOTIFY_WATCHES =
            one(MANY, b -> (long) b.inotifyWatches, (b, n) -> b.inotifyWatches = n.intValue());
    static final Entry EPOLL_WATCHES = one(MANY, b -> b.epollWatches, (b, n) -> b.epollWatches = n);
    static final Entry LEASE_BREAK_TIME =
            one(MANY, b -> (long) b.leaseBreakSeconds, (b, n) -> b.leaseBreakSeconds = n.intValue());
    static final Entry MESSAGE_QUEUES =
            one(PLACES, b -> (long) b.messageQueues, (b, n) -> b.messageQueues = n.intValue());
    static final Entry SEMAPHORES = several(
            new long[] {PLACES, MANY, OPERATIONS, PLACES},
            b -> new long[] {b.semaphoresInSet, b.semaphores, b.semaphoreOperations, b.semaphoreSets},
            (b, n) -> {
                b.semaphoresInSet = (int) n[0];
                b.semaphores = (int) n[1];
                b.semaphoreOperations = (int) n[2];
                b.semaphoreSets = (int) n[3];
            });

    private BoundFiles() {}

    private static Entry one(long most, Function<Bounds, Long> get, BiConsumer<Bounds, Long> set) {
        return several(new long[] {most}, b -> new long[] {get.apply(b)}, (b, numbers) -> set.accept(b, numbers[0]));
    }

    private static Entry several(long[] most, Function<Bounds, long[]> get, BiConsumer<Bounds, long[]> set) {
        return Entry.file(view -> text(get.apply(view.kernel().abi().bounds()))).writable((view, text) -> {
            Bounds bounds = view.kernel().abi().bounds();
            long[] numbers = get.apply(bounds);
            long error = read(text, numbers, most);
            if (error == 0) {
                set.accept(bounds, numbers);
            }
            return error;
        });
    }

    private static String text(long[] numbers) {
        StringBuilder text = new StringBuilder();
        for (long number : numbers) {
            text.append(text.isEmpty() ? "" : "\t").append(number);
        }
        return text.append('\n').toString();
    }

    /** Numbers that are not written stay as they are. @return 0 or -EINVAL */
    private static long read(String text, long[] numbers, long[] most) {
        String[] words = SPACE.split(text.strip());
        if (words.length > numbers.length) {
            return -Errno.EINVAL;
        }
        for (int i = 0; i < words.length; i++) {
            if (!NUMBER.matcher(words[i]).matches() || Long.parseLong(words[i]) > most[i]) {
                return -Errno.EINVAL;
            }
            numbers[i] = Long.parseLong(words[i]);
        }
        return 0;
    }
}
