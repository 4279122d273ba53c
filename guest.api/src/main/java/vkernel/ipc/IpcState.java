package vkernel.ipc;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that processes share by key or name.
 *
 * @param segments shared memory by place in the table
 * @param semaphores likewise
 * @param queues likewise
 * @param posix POSIX message queues by name without its slash; one without a name by a name that has a slash
 * @param sequence how many objects were made, by kind: part of their ids
 */
public record IpcState(
        SortedMap<Integer, Segment> segments,
        SortedMap<Integer, SemaphoreSet> semaphores,
        SortedMap<Integer, MessageQueue> queues,
        Map<String, PosixQueue> posix,
        int[] sequence) {
    public static IpcState empty() {
        return new IpcState(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new int[3]);
    }
}
