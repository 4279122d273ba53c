package vkernel.guest.linux.poll;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Eventpoll;
import vkernel.fs.Eventpoll.Interest;
import vkernel.fs.FileOps;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/**
 * What an epoll file knows of its files (Linux: fs/eventpoll.c). Nothing is called back when a file has news: its files
 * are asked when somebody looks. That news came, for an edge-triggered file, shows in how often its wait queues have
 * been woken since the last look.
 */
final class Epolls implements FileOps {
    static final int EPOLLET = 0x8000_0000;
    static final int EPOLLONESHOT = 0x4000_0000;
    private static final int ALWAYS = Mode.POLLERR | Mode.POLLHUP;
    /** How deep epoll files may watch each other (EP_MAX_NESTS). */
    private static final int MAX_NESTS = 3;

    private final Kernel kernel;

    Epolls(Kernel kernel) {
        this.kernel = kernel;
    }

    static Eventpoll of(OpenFile file) {
        return (Eventpoll) Objects.requireNonNull(file.data);
    }

    static @Nullable Interest find(Eventpoll epoll, OpenFile file, int fd) {
        for (Interest interest : epoll.interests) {
            if (interest.file == file && interest.fd == fd) {
                return interest;
            }
        }
        return null;
    }

    /** Takes news. @return how many of {@code into} are filled */
    int collect(Task task, Eventpoll epoll, Interest[] into, int[] events) {
        epoll.interests.removeIf(interest -> interest.file.refs == 0);
        List<Interest> all = epoll.interests;
        int found = 0;
        for (int i = 0; i < all.size() && found < into.length; i++) {
            Interest interest = all.get((epoll.next + i) % all.size());
            int ready = news(interest, task);
            if (ready != 0) {
                into[found] = interest;
                events[found++] = ready;
                interest.spent = (interest.events & EPOLLONESHOT) != 0;
            }
        }
        if (found > 0 && !all.isEmpty()) {
            epoll.next = (all.indexOf(into[found - 1]) + 1) % all.size();
        }
        return found;
    }

    /** What is to be told of a file now; it counts as told. @param task on no wait queue */
    private static int news(Interest interest, Task task) {
        if (interest.spent) {
            return 0;
        }
        int ready = interest.file.ops().poll(interest.file, task) & (interest.events | ALWAYS);
        long wakes = task.wakes(0);
        task.stopWaiting();
        boolean edge = ready != 0 && (wakes != interest.wakes || (ready & ~interest.ready) != 0);
        interest.ready = ready;
        interest.wakes = wakes;
        return edge || (interest.events & EPOLLET) == 0 ? ready : 0;
    }

    /** Puts a task where it hears of news. */
    static void await(Task task, Eventpoll epoll) {
        task.waitOn(epoll.changed);
        for (Interest interest : epoll.interests) {
            if (!interest.spent) {
                interest.file.ops().poll(interest.file, task);
            }
        }
    }

    /** Whether watching {@code file} would make a circle back to {@code epoll}, or too deep a tower. */
    static boolean loops(Eventpoll epoll, OpenFile file, int depth) {
        if (!(file.data instanceof Eventpoll inner)) {
            return false;
        }
        return inner == epoll
                || depth > MAX_NESTS
                || inner.interests.stream().anyMatch(i -> loops(epoll, i.file, depth + 1));
    }

    @Override
    public boolean seekable(OpenFile file) {
        return false;
    }

    /** Readable when a look would find news; nothing counts as told. */
    @Override
    public int poll(OpenFile file, @Nullable Task waiter) {
        Eventpoll epoll = of(file);
        boolean any = false;
        for (Interest interest : epoll.interests) {
            any |= interest.file.refs > 0 && !interest.spent && hasNews(interest);
        }
        if (waiter != null) {
            await(waiter, epoll);
        }
        return any ? Mode.POLLIN | Mode.POLLRDNORM : 0;
    }

    private boolean hasNews(Interest interest) {
        Task task = kernel.current();
        boolean free = task != null && task.waiting() == 0;
        int ready = interest.file.ops().poll(interest.file, free ? task : null) & (interest.events | ALWAYS);
        long wakes = interest.wakes;
        if (free) {
            wakes = task.wakes(0);
            task.stopWaiting();
        }
        boolean edge = wakes != interest.wakes || (ready & ~interest.ready) != 0;
        return ready != 0 && (edge || (interest.events & EPOLLET) == 0);
    }
}
