package vkernel.ipc;

import java.util.HashMap;
import java.util.Map;
import vkernel.task.Process;
import vkernel.task.WaitQueue;

/** Semaphores that change together (semget(2)). */
public final class SemaphoreSet extends IpcObject {
    public final int[] values;
    /** Process that changed each last. */
    public final int[] pids;
    /** Who waits for each to grow, and to become 0. */
    public final WaitQueue[] forMore;

    public final WaitQueue[] forZero;
    /** What is added to each when a process ends (SEM_UNDO). */
    public final Map<Process, int[]> undo = new HashMap<>();
    /** Last semop, seconds since 1970; 0 for never. */
    public long used;

    public SemaphoreSet(int key, int id, int uid, int gid, int mode, int count) {
        super(key, id, uid, gid, mode);
        values = new int[count];
        pids = new int[count];
        forMore = new WaitQueue[count];
        forZero = new WaitQueue[count];
        for (int i = 0; i < count; i++) {
            forMore[i] = new WaitQueue();
            forZero[i] = new WaitQueue();
        }
    }
}
