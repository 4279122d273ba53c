package vkernel.vm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Faults;

/**
 * The memory of a process (Linux: struct mm_struct). Plain data; what happens to it is decided by {@link Vm}. The
 * ranges are sorted and do not overlap.
 */
public final class AddressSpace {
    /** First address above user memory (sv48, 47 bits). */
    public static final long END = 1L << 47;
    /** Lowest address that may be mapped (vm.mmap_min_addr). */
    public static final long MIN = 1 << 16;

    /** Name of the host's vmspace. */
    public final int id;
    /** Physical address of the root page table. */
    public long root;
    /** Tasks that use it. */
    public int users = 1;

    private Vma[] vmas = new Vma[16];
    private int count;

    /** The heap: brk(2) moves {@link #brk}, not below {@link #brkStart}. */
    public long brkStart;

    public long brk;
    /** Mappings without an address are placed below this. */
    public long mmapTop;
    /** Where the arguments, the environment and the auxiliary vector lie (proc(5)). */
    public long argStart;

    public long argEnd;
    public long envStart;
    public long envEnd;
    public long startStack;
    public long startCode;
    public long endCode;
    public long startData;
    public long endData;
    /** The auxiliary vector (/proc/PID/auxv). */
    public byte[] auxv = {};

    /** Commands of membarrier(2) that were registered. */
    public int barriers;

    /** Address of rt_sigreturn's trampoline in the vDSO; 0 before exec. */
    public long sigReturn;

    /** Pages present: anonymous, and of files. */
    public long anonymousPages;

    public long filePages;
    /** How what is mapped from now on is locked: one of {@link Vm}'s LOCK_ (MCL_FUTURE). */
    public int lockFuture;
    /** Private pages in swap space: page number to slot. None of them is in a page table. */
    public final PageMap swapped = new PageMap();
    /** Pages of page tables. */
    public long tablePages;
    /** Most pages ever present (VmHWM). */
    public long peakPages;

    /**
     * Out of memory: its pages have been or are being taken, its processes have got SIGKILL, nothing can be mapped or
     * faulted in any more (Linux: MMF_UNSTABLE).
     */
    public boolean doomed;

    public AddressSpace(int id, long root) {
        this.id = id;
        this.root = root;
    }

    /** Number of ranges. */
    public int count() {
        return count;
    }

    /** The i-th range, by address. */
    public Vma vma(int i) {
        return vmas[i];
    }

    /** The range that holds an address, or null. */
    public @Nullable Vma find(long va) {
        int i = indexOf(va);
        return i < count && vmas[i].start <= va ? vmas[i] : null;
    }

    /** Index of the first range that ends above an address; {@link #count} when there is none. */
    public int indexOf(long va) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(vmas[middle].end, va) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Adds a range that overlaps none. */
    public void insert(Vma vma) {
        int at = indexOf(vma.start);
        if (count == vmas.length) {
            vmas = Arrays.copyOf(vmas, count * 2);
        }
        System.arraycopy(vmas, at, vmas, at + 1, count - at);
        vmas[at] = vma;
        count++;
    }

    /** Takes the i-th range away. */
    public void remove(int i) {
        System.arraycopy(vmas, i + 1, vmas, i, count - i - 1);
        vmas[--count] = null;
    }

    /** Bytes mapped. */
    public long mapped() {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += vmas[i].end - vmas[i].start;
        }
        return bytes;
    }

    /** Bytes locked (mlock(2)). */
    public long locked() {
        return locked(0, END);
    }

    /** Those in a range. */
    public long locked(long start, long end) {
        long bytes = 0;
        for (int i = indexOf(start); i < count && vmas[i].start < end; i++) {
            if (vmas[i].locked) {
                bytes += Math.min(vmas[i].end, end) - Math.max(vmas[i].start, start);
            }
        }
        return bytes;
    }

    /** Notes what is wrong with the ranges and the counts. */
    void check(Faults faults, FrameTable frames) {
        long frame = root >>> 12;
        faults.expect(users >= 0, "space %d has %d users", id, users)
                .expect(
                        frame < frames.size() && frames.kind((int) frame) == FrameTable.TABLE,
                        "space %d has no page table in frame %d",
                        id,
                        frame)
                .expect(
                        anonymousPages >= 0 && filePages >= 0 && tablePages > 0,
                        "space %d counts %d, %d and %d pages",
                        id,
                        anonymousPages,
                        filePages,
                        tablePages);
        long end = 0;
        for (int i = 0; i < count; i++) {
            Vma vma = vmas[i];
            faults.expect(
                    vma != null && vma.space == this && vma.start >= end && vma.end > vma.start && vma.end <= END,
                    "space %d: range %d is out of order",
                    id,
                    i);
            end = vma == null ? end : vma.end;
        }
    }
}
