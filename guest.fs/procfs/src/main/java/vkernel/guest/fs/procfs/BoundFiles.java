package vkernel.guest.fs.procfs;

import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import vkernel.abi.Bounds;
import vkernel.kern.Errno;

/** The files of /proc/sys that say how many kernel objects there may be: numbers, which root may write. */
final class BoundFiles {
    static final Entry INOTIFY_WATCHES = one(b -> (long) b.inotifyWatches, (b, n) -> b.inotifyWatches = n.intValue());
    static final Entry EPOLL_WATCHES = one(b -> b.epollWatches, (b, n) -> b.epollWatches = n);
    static final Entry MESSAGE_QUEUES = one(b -> (long) b.messageQueues, (b, n) -> b.messageQueues = n.intValue());
    static final Entry SEMAPHORES = several(
            b -> new long[] {b.semaphoresInSet, b.semaphores, b.semaphoreOperations, b.semaphoreSets}, (b, n) -> {
                b.semaphoresInSet = (int) n[0];
                b.semaphores = (int) n[1];
                b.semaphoreOperations = (int) n[2];
                b.semaphoreSets = (int) n[3];
            });

    /** Most that any of them may be: places in tables have 15 bits, and no count is longer than an int. */
    private static final long MOST = 1 << 20;

    private static final Pattern SPACE = Pattern.compile("\\s+");

    private BoundFiles() {}

    private static Entry one(Function<Bounds, Long> get, BiConsumer<Bounds, Long> set) {
        return several(b -> new long[] {get.apply(b)}, (b, numbers) -> set.accept(b, numbers[0]));
    }

    private static Entry several(Function<Bounds, long[]> get, BiConsumer<Bounds, long[]> set) {
        return Entry.file(view -> text(get.apply(view.kernel().abi().bounds())))
                .writable((view, text) -> set(view.kernel().abi().bounds(), text, get, set));
    }

    private static String text(long[] numbers) {
        StringBuilder text = new StringBuilder();
        for (long number : numbers) {
            text.append(text.isEmpty() ? "" : "\t").append(number);
        }
        return text.append('\n').toString();
    }

    /** Numbers that are not written stay as they are. */
    private static long set(Bounds bounds, String text, Function<Bounds, long[]> get, BiConsumer<Bounds, long[]> set) {
        long[] numbers = get.apply(bounds);
        String[] words = SPACE.split(text.strip());
        if (words.length > numbers.length || !Arrays.stream(words).allMatch(BoundFiles::possible)) {
            return -Errno.EINVAL;
        }
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Long.parseLong(words[i]);
        }
        set.accept(bounds, numbers);
        return 0;
    }

    private static boolean possible(String word) {
        return word.matches("[0-9]{1,9}") && Long.parseLong(word) <= MOST;
    }
}
