package vkernel.host;

import org.osgi.annotation.versioning.ProviderType;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Trap;

/**
 * Address spaces in which user code can be run until it traps (DragonFly BSD: vmspace_create(2), vmspace_ctl(2),
 * vmspace_mmap(2), mcontrol(2)). Names are chosen by the caller.
 *
 * <p>Any thread may call; the calls on one vmspace are made one at a time, {@link #run} excepted. Ranges are aligned
 * to pages and lie below {@link Vpte#END}, or the call throws {@code INVALID}; a name that does not exist throws
 * {@code ABSENT}.
 */
@ProviderType
public interface Vmspaces {
    /** Access kinds and protections, as bits. */
    int READ = 1;

    int WRITE = 2;
    int EXECUTE = 4;

    /**
     * Makes an empty address space.
     *
     * @throws HostException {@code EXISTS}
     */
    void create(int id);

    /**
     * Ends an address space and forgets all about it.
     *
     * @throws HostException {@code ABSENT}; {@code BUSY} while a hart runs in it
     */
    void destroy(int id);

    /** The names in use, ascending. */
    int[] ids();

    /**
     * Runs user code with the hart's registers until it traps (VMSPACE_CTL_RUN). The calling thread becomes the hart.
     * The registers, {@code hart.regs[PC]} included, are exactly those at the trap: for a system call the pc is that
     * of the {@code ecall}, for a fault that of the instruction that faulted, for {@link Trap#BUDGET} and
     * {@link Trap#INTERRUPT} that of the next instruction.
     *
     * @param budget instructions after which the hart traps with {@link Trap#BUDGET}; in real time an engine may go a
     *     bounded number beyond, in virtual time never
     * @return a code of {@link Trap}; its details are in the hart
     * @throws HostException {@code ABSENT}
     */
    int run(int id, Hart hart, long budget);

    /**
     * Maps guest RAM linearly.
     *
     * @param protection of READ, WRITE, EXECUTE
     * @throws HostException {@code INVALID} when the range is not within RAM, {@code EXISTS} when part of it is mapped
     */
    void mmap(int id, long va, long length, int protection, long ramAddress);

    /**
     * Puts a range under a virtual page table (MAP_VPAGETABLE); {@link #setMap} gives the table. Until then every
     * access faults as missing.
     *
     * @param protection upper bound of what the table can allow
     * @throws HostException {@code EXISTS} when part of the range is mapped
     */
    void mmapVirtual(int id, long va, long length, int protection);

    /** Takes mappings away; holes are allowed. No translation of the range is in use when it returns. */
    void munmap(int id, long va, long length);

    /**
     * Sets the root of the virtual page table of the mapping at {@code va} (MADV_SETMAP). The table is indexed by the
     * whole virtual address, whatever the mapping's start.
     *
     * @param root physical address of the root table, aligned to a page; or -1 for none
     * @throws HostException {@code INVALID} when there is no such mapping or the root is not in RAM
     */
    void setMap(int id, long va, long root);

    /**
     * Forgets translations of a range on every hart (MADV_INVAL). No hart uses an old translation when it returns.
     * Must not be called from inside {@link #run}.
     */
    void inval(int id, long va, long length);

    /**
     * Copies out of an address space, with the rights of user code.
     *
     * @return bytes copied; fewer than {@code length} where the next byte would fault
     */
    int pread(int id, byte[] to, int offset, int length, long va);

    /** Copies into an address space, with the rights of user code; sets accessed and modified bits. */
    int pwrite(int id, byte[] from, int offset, int length, long va);

    /**
     * Which pages are present, accessed, modified (mincore).
     *
     * @return for each page from {@code va} the bits {@link Vpte#V}, {@link Vpte#A}, {@link Vpte#M}
     */
    byte[] mget(int id, long va, int pages);

    /** Uses of stale translations found so far; empty unless the machine checks translations. */
    java.util.List<String> staleTranslations();
}
