package vkernel.kern;

import org.jspecify.annotations.Nullable;

/**
 * The place of one replaceable subsystem. Kernel objects refer to a provider through its slot, never directly, so a
 * swap is one assignment. Filled and emptied by guest.kern only, with the kernel lock held.
 */
public final class Slot<T> {
    private final String name;
    private volatile @Nullable T provider;

    public Slot(String name) {
        this.name = name;
    }

    /** {@code vm}, {@code sched}, {@code fs.tmpfs}, {@code dev.console}, … */
    public String name() {
        return name;
    }

    /**
     * The provider of now. Trap handlers run only while every slot is filled that the running kernel needs, so they
     * may call this freely.
     *
     * @throws IllegalStateException when the slot is empty
     */
    public T get() {
        T now = provider;
        if (now == null) {
            throw new IllegalStateException("nothing provides " + name);
        }
        return now;
    }

    public @Nullable T orNull() {
        return provider;
    }

    /** For guest.kern: puts a provider in place, or null to empty the slot. */
    public void fill(@Nullable T next) {
        provider = next;
    }

    @Override
    public String toString() {
        return "Slot[" + name + "]";
    }
}
