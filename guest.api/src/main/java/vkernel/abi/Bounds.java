package vkernel.abi;

/** How many kernel objects there may be, as root has said by writing files of /proc/sys (proc(5)). Plain data. */
public final class Bounds {
    /** fs.inotify.max_user_watches. */
    public int inotifyWatches = 16384;
    /** fs.epoll.max_user_watches; here of each epoll, not of all of a user. */
    public long epollWatches = 1 << 20;
    /** fs.lease-break-time: what the holder of a lease has to give it up. */
    public int leaseBreakSeconds = 45;
    /** kernel.msgmni. */
    public int messageQueues = 1024;
    /** kernel.sem: semaphores in a set, in all sets, operations of a call, sets. */
    public int semaphoresInSet = 1024;

    public int semaphores = 65536;
    public int semaphoreOperations = 500;
    public int semaphoreSets = 4096;
}
