package vkernel.host.engine;

import org.osgi.annotation.versioning.ProviderType;

/** The host's side of a TLB miss and of a hart's attention word. Called on the hart's thread, inside {@code run}. */
@ProviderType
public interface Mmu {
    /**
     * Translates an address for the hart's current address space and fills its TLB (unless the host wants to see every
     * access). Sets accessed and modified bits. For EXECUTE the frame is in {@code hart.fetchFrame}.
     *
     * @param access one of {@link vkernel.host.Vmspaces#READ}, WRITE, EXECUTE
     * @return the host address of {@code va}; or 0 after setting the hart's trap fields ({@code trap},
     *     {@code trapAddress}, {@code trapAccess})
     */
    long translate(Hart hart, long va, int access);

    /**
     * Opens the page of an address in the window of {@code hart.tlb}, as far as user code has used it, and pages around
     * it. Makes the window if there is none. The engine holds no translated address; the trap fields stay as they are.
     *
     * @return false when there are no windows, or no room in them: the engine must do without for now
     */
    boolean open(Hart hart, long va);

    /**
     * Does what others asked of this hart (flushes), acknowledges it and clears its attention word. Called when
     * {@code hart.attention != 0}, at a point where the engine holds no translated address.
     *
     * @return whether the engine must leave with {@link Trap#INTERRUPT}
     */
    boolean attend(Hart hart);
}
