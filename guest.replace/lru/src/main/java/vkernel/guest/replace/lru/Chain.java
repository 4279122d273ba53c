package vkernel.guest.replace.lru;

import java.util.Arrays;

/** Lists of frames, each frame on one of them at most; every step takes constant time. The end of a list is its oldest. */
final class Chain {
    static final byte NOWHERE = 0;
    static final byte INACTIVE = 1;
    static final byte ACTIVE = 2;
    private static final int LISTS = 3;

    private final int frames;
    /** Neighbours; the heads of the lists lie behind the frames. */
    private final int[] younger;

    private final int[] older;
    private final byte[] list;
    private final int[] count = new int[LISTS];

    Chain(int frames) {
        this.frames = frames;
        younger = new int[frames + LISTS];
        older = new int[frames + LISTS];
        list = new byte[frames];
        Arrays.setAll(younger, i -> i);
        Arrays.setAll(older, i -> i);
    }

    int size() {
        return frames;
    }

    byte list(int frame) {
        return list[frame];
    }

    int count(byte which) {
        return count[which];
    }

    /** Makes a frame the youngest of a list. */
    void add(int frame, byte which) {
        remove(frame);
        int head = frames + which;
        older[frame] = older[head];
        younger[frame] = head;
        younger[older[head]] = frame;
        older[head] = frame;
        list[frame] = which;
        count[which]++;
    }

    void remove(int frame) {
        if (list[frame] == NOWHERE) {
            return;
        }
        younger[older[frame]] = younger[frame];
        older[younger[frame]] = older[frame];
        count[list[frame]]--;
        list[frame] = NOWHERE;
    }

    /** The oldest frame of a list, or -1. */
    int oldest(byte which) {
        int frame = younger[frames + which];
        return frame < frames ? frame : -1;
    }

    /** The frame that is next younger on the same list, or -1. */
    int younger(int frame) {
        int next = younger[frame];
        return next < frames ? next : -1;
    }
}
