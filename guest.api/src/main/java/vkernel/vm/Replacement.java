package vkernel.vm;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Which page goes when memory is short: a policy, in the slot {@code replacement} (Linux: mm/vmscan.c, the choice in it).
 * It names frames; what becomes of them is guest.vm's. Called with the kernel lock held; no call waits. What it keeps may be
 * wrong, because frames come and go without its being told: it asks {@link Pages} before it relies on it.
 */
@ConsumerType
public interface Replacement {
    /** For people: {@code clock}, {@code lru}. */
    String name();

    /**
     * The page to go next. A frame that was named and is still a candidate at the next call could not be taken away: another
     * one is to be named first.
     *
     * @return a frame that is a candidate, or -1 when there is none
     */
    int victim(Pages pages);

    /** The frames of the machine, as far as a policy may know. */
    interface Pages {
        /** Number of frames; they are numbered from 0. */
        int size();

        /** Whether the page in a frame can go: to swap space, or because it can be read again. */
        boolean candidate(int frame);

        /** Whether the page was used since it was last asked. */
        boolean used(int frame);
    }
}
