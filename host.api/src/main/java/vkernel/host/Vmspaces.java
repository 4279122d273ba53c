package vkernel.host;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Trap;

/**
 * Address spaces in which user code can be run until it traps (DragonFly BSD: vmspace_create(2), vmspace_ctl(2),
 * vmspace_mmap(2), mcontrol(2)). Names are chosen by the caller.
 *
 * <p>Any thread may call; the calls on one vmspace are made one at a time, {@link #run} excepted. Ranges are aligned
 * to pages and lie below {@link Vpte#END}, or the call throws {@code INVALID}; a name that does not exist throws
 * {@code ABSENT}. {@link #pread} and {@link #pwrite} take any address and say by a short count that it is bad.
 *
 * <p>User code that accesses an address at or above {@link Vpte#END}, or one that is not mapped, traps with
 * {@link Trap#PAGE_MISSING}; one whose mapping or page lacks the right traps with {@link Trap#PAGE_PROTECTED}.
 *
 * <p>A call that waits for other harts returns as soon as they have polled: it never waits for the end of their runs.
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
     * @throws HostException {@code ABSENT} (also when the machine has no execution engine); {@code BUSY} when the hart
     *     runs already; {@code INVALID} when it belongs to another machine
     */
    int run(int id, Hart hart, long budget);

    /**
     * Maps guest RAM linearly.
     *
     * @param protection of READ, WRITE, EXECUTE
     * @throws HostException {@code INVALID} when the range is empty or not within RAM, {@code EXISTS} when part of it
     *     is mapped
     */
    void mmap(int id, long va, long length, int protection, long ramAddress);

    /**
     * Puts a range under a virtual page table (MAP_VPAGETABLE); {@link #setMap} gives the table. Until then every
     * access faults as missing.
     *
     * @param protection upper bound of what the table can allow
     * @throws HostException {@code INVALID} when the range is empty, {@code EXISTS} when part of it is mapped
     */
    void mmapVirtual(int id, long va, long length, int protection);

    /**
     * Takes mappings away; holes and empty ranges are allowed. No translation of the range is in use when it returns.
     * What is left of a mapping keeps its page table.
     */
    void munmap(int id, long va, long length);

    /**
     * Sets the root of the virtual page table of the mapping at {@code va} (MADV_SETMAP). The table is indexed by the
     * whole virtual address, whatever the mapping's start. No translation by the former table is in use when it
     * returns.
     *
     * @param root physical address of the root table, aligned to a page; or -1 for none
     * @throws HostException {@code INVALID} when there is no such mapping or the root is not in RAM
     */
    void setMap(int id, long va, long root);

    /**
     * Forgets translations of a range on every hart (MADV_INVAL). No hart uses an old translation when it returns, and
     * no {@link #pread} or {@link #pwrite} does. An empty range is allowed. Must not be called from inside
     * {@link #run}. {@link Vpte} says when it must be called.
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
     * @return for each page from {@code va} the bits {@link Vpte#V}, {@link Vpte#A}, {@link Vpte#M}; all three for a
     *     page of a linear mapping, none for a page that is not mapped
     */
    byte[] mget(int id, long va, int pages);

    /**
     * Uses of stale translations found so far, each naming the page and the missing call; empty unless the machine
     * checks translations. A use is found when the hart that could still make the call has been back in user code.
     */
    List<String> staleTranslations();
}
