package vkernel.fs;

import java.util.ArrayList;
import java.util.List;
import vkernel.task.WaitQueue;

/** What an epoll_create1(2) holds: which files are of interest, and for what (epoll(7)). Plain data. */
public final class Eventpoll {
    /** A file of interest; void once its last descriptor is closed. It is not kept open. */
    public static final class Interest {
        public final OpenFile file;
        public final int fd;
        /** EPOLL* bits wanted. */
        public int events;
        /** Given back with the news. */
        public long data;
        /** EPOLLONESHOT has been used up. */
        public boolean spent;
        /** Edge triggered: what was ready when it was looked at last. */
        public int ready;
        /** Edge triggered: {@link WaitQueue#wakes} of the file's queues then; -1 to report whatever is ready. */
        public long wakes = -1;

        public Interest(OpenFile file, int fd) {
            this.file = file;
            this.fd = fd;
        }
    }

    public final List<Interest> interests = new ArrayList<>();
    /** Where the next look begins, so that no file is passed over for ever. */
    public int next;
    /** Woken when interests change. */
    public final WaitQueue changed = new WaitQueue();
}
