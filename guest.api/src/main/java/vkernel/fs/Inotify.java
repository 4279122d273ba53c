package vkernel.fs;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import vkernel.task.WaitQueue;

/** Who is told of what happens to files: what an open file of inotify_init(2) stands for. Plain data. */
public final class Inotify {
    public static final int ACCESS = 1, MODIFY = 2, ATTRIB = 4, CLOSE_WRITE = 8, CLOSE_NOWRITE = 0x10, OPEN = 0x20;
    public static final int MOVED_FROM = 0x40, MOVED_TO = 0x80, CREATE = 0x100, DELETE = 0x200;
    public static final int DELETE_SELF = 0x400, MOVE_SELF = 0x800, ALL = 0xfff;
    public static final int OVERFLOW = 0x4000, IGNORED = 0x8000;
    public static final int EXCL_UNLINK = 0x0400_0000, ISDIR = 0x4000_0000, ONESHOT = 0x8000_0000;

    /** Most events that wait to be read (fs.inotify.max_queued_events). */
    public static final int MAX_EVENTS = 4096;

    /** Real user who made it. */
    public final int uid;

    public final ArrayDeque<Event> events = new ArrayDeque<>();
    public final Map<Integer, Watch> watches = new HashMap<>();
    public int lastWatch;
    public final WaitQueue readers = new WaitQueue();

    public Inotify(int uid) {
        this.uid = uid;
    }

    /** @param name in the watched directory; empty when it is about the watched file itself */
    public record Event(int watch, int mask, int cookie, String name) {}

    /** What is to be told of a file; in {@link Inode#watches} of it and {@link Inotify#watches} of who wants to know. */
    public static final class Watch {
        public final Inotify of;
        public final int number;
        public final Inode inode;
        /** Events wanted, EXCL_UNLINK, ONESHOT. */
        public int mask;

        public Watch(Inotify of, int number, Inode inode, int mask) {
            this.of = of;
            this.number = number;
            this.inode = inode;
            this.mask = mask;
        }
    }

    /** Adds an event, unless it is what the last one was. @return whether readers are to be woken */
    public boolean add(Event event) {
        if (event.equals(events.peekLast())) {
            return false;
        }
        if (events.size() >= MAX_EVENTS) {
            Event lost = new Event(-1, OVERFLOW, 0, "");
            return !lost.equals(events.peekLast()) && events.add(lost);
        }
        return events.add(event);
    }

    /** Forgets a watch, and says so. */
    public void remove(Watch watch) {
        watches.remove(watch.number);
        if (watch.inode.watches != null) {
            watch.inode.watches.remove(watch);
            if (watch.inode.watches.isEmpty()) {
                watch.inode.watches = null;
            }
        }
        add(new Event(watch.number, IGNORED, 0, ""));
    }
}
