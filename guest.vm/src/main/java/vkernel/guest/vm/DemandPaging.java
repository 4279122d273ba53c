package vkernel.guest.vm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.host.Host;
import vkernel.host.Ram;
import vkernel.kern.End;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.FrameTable;
import vkernel.vm.FutexKey;
import vkernel.vm.MemoryStats;
import vkernel.vm.PageCache;
import vkernel.vm.SwapArea;
import vkernel.vm.SwapPlace;
import vkernel.vm.Vm;
import vkernel.vm.VmCounters;
import vkernel.vm.VmState;

/**
 * Virtual memory by demand paging and copy on write. The face of this bundle: what each call does is in the parts of
 * {@link Paging}.
 */
@Component(service = Vm.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "vm")
public final class DemandPaging implements Vm, Swappable<VmState> {
    private static final Logger LOG = LoggerFactory.getLogger(DemandPaging.class);
    /** Of a table that nobody uses. */
    private static final int LEAST_FRAMES = 16;

    private final Host host;
    private final Kernel kernel;
    private final Ram ram;

    /** Soft: each task's buffer, by tid. */
    private @Nullable UserBuffer[] buffers = new UserBuffer[64];

    /** Null before the first call, and once the state was given up. */
    private @Nullable Paging paging;

    private boolean released;

    @Activate
    public DemandPaging(@Reference Host host, @Reference Kernel kernel) {
        this.host = host;
        this.kernel = kernel;
        this.ram = host.ram();
    }

    private Paging paging() {
        Paging now = paging;
        return now != null ? now : begin();
    }

    /** The first of its kind finds memory in which nothing is. */
    private Paging begin() {
        if (released) {
            throw new IllegalStateException("the state of virtual memory was released");
        }
        ram.zero(PageTables.address(Frames.ZERO), PageTables.PAGE);
        Paging first = new Paging(host, kernel, empty(Frames.newTable(ram.frames())));
        paging = first;
        swapOnAsAsked();
        return first;
    }

    /** The option {@code swap} of the kernel names a block file. */
    private void swapOnAsAsked() {
        String name = kernel.config().options().getOrDefault("swap", "");
        long error = name.isEmpty() ? 0 : swapOn(name);
        if (error != 0) {
            String why = "swap space " + name + " cannot be used: " + Errno.name((int) -error);
            LOG.error("{}", why);
            kernel.shutdown(new End(End.Kind.PANIC, 255, why));
        }
    }

    @Override
    public void prepare() {
        new Paging(host, kernel, empty(Frames.newTable(LEAST_FRAMES))).settle();
    }

    private static VmState empty(FrameTable frames) {
        return new VmState(frames, new TreeMap<>(), new LinkedHashSet<>(), new ArrayList<>(), new VmCounters());
    }

    @Override
    public VmState release() {
        paging().settle();
        VmState state = paging().state;
        paging = null;
        released = true;
        Arrays.fill(buffers, null);
        return state;
    }

    @Override
    public void adopt(VmState state) throws StateRejected {
        if (state.frames().size() != ram.frames()) {
            throw new StateRejected("a table of " + state.frames().size() + " frames for a RAM of " + ram.frames());
        }
        Arrays.fill(buffers, null);
        paging = new Paging(host, kernel, state);
        released = false;
    }

    // --- address spaces ---------------------------------------------------------------------------------------------

    @Override
    public @Nullable AddressSpace create() {
        return paging().spaces.create();
    }

    @Override
    public @Nullable AddressSpace fork(AddressSpace parent) {
        return paging().spaces.fork(parent);
    }

    @Override
    public void barrier(AddressSpace space) {
        paging().spaces.barrier(space);
    }

    @Override
    public void drop(AddressSpace space) {
        paging().spaces.drop(space);
    }

    @Override
    public long map(
            AddressSpace space,
            long hint,
            long length,
            int protection,
            int flags,
            @Nullable OpenFile file,
            long offset) {
        return paging().mapping.map(space, hint, length, protection, flags, file, offset);
    }

    @Override
    public long mapPages(
            AddressSpace space,
            long hint,
            long length,
            int protection,
            int flags,
            PageCache pages,
            @Nullable String name) {
        return paging().mapping.mapPages(space, hint, length, protection, flags, pages, name);
    }

    @Override
    public long unmap(AddressSpace space, long start, long length) {
        return paging().mapping.unmap(space, start, length);
    }

    @Override
    public long protect(AddressSpace space, long start, long length, int protection) {
        return paging().protection.protect(space, start, length, protection);
    }

    @Override
    public long remap(AddressSpace space, long start, long oldLength, long newLength, int flags, long newStart) {
        Paging now = paging();
        long at = now.remap.remap(space, start, oldLength, newLength, flags, newStart);
        if (at >= 0 && newLength > oldLength && space.locked(at, at + newLength) != 0) {
            now.mapping.populate(space, at, at + Mapping.roundUp(newLength));
        }
        return at;
    }

    @Override
    public long lock(AddressSpace space, long start, long length, int how) {
        return paging().locks.lock(space, start, length, how);
    }

    @Override
    public long lockAll(AddressSpace space, int now, int future) {
        return paging().locks.lockAll(space, now, future);
    }

    @Override
    public long brk(AddressSpace space, long wanted, long dataLimit) {
        return paging().mapping.brk(space, wanted, dataLimit);
    }

    @Override
    public long advise(AddressSpace space, long start, long length, int advice) {
        return paging().advice.advise(space, start, length, advice);
    }

    @Override
    public long sync(AddressSpace space, long start, long length, int flags) {
        return paging().advice.sync(space, start, length, flags);
    }

    @Override
    public long resident(AddressSpace space, long start, byte[] pages) {
        return paging().advice.resident(space, start, pages);
    }

    @Override
    public int fault(Task task, long va, int access) {
        AddressSpace space = task.memory;
        if (space == null) {
            return FAULT_UNMAPPED;
        }
        Paging now = paging();
        Stock stock = now.stock(task.hart);
        if (stock.empty()) {
            stock.fill(now.frames);
        }
        long before = now.state.counters().majorFaults;
        int done = now.fault(task, space, va, access);
        if (now.state.counters().majorFaults != before) {
            task.majorFaults++;
        } else {
            task.minorFaults++;
        }
        return done;
    }

    @Override
    public boolean sharedFault(Task task, long va, int access) {
        AddressSpace space = task.memory;
        Paging now = paging;
        if (space == null || now == null || !now.ownFaults.repair(space, va, access, now.stock(task.hart))) {
            return false;
        }
        task.minorFaults++;
        return true;
    }

    // --- user memory ------------------------------------------------------------------------------------------------

    @Override
    public boolean read(AddressSpace space, long va, byte[] to, int offset, int length) {
        return paging().user.read(space, va, to, offset, length) == length;
    }

    @Override
    public boolean write(AddressSpace space, long va, byte[] from, int offset, int length) {
        return paging().user.write(space, va, from, offset, length) == length;
    }

    @Override
    public int peek(AddressSpace space, long va, byte[] to, int offset, int length) {
        return paging().forced.peek(space, va, to, offset, length);
    }

    @Override
    public int poke(AddressSpace space, long va, byte[] from, int offset, int length) {
        return paging().forced.poke(space, va, from, offset, length);
    }

    @Override
    public long loadInt(AddressSpace space, long va) {
        return paging().words.load(space, va);
    }

    @Override
    public long compareAndExchangeInt(AddressSpace space, long va, int expected, int update) {
        return paging().words.compareAndExchange(space, va, expected, update);
    }

    @Override
    public @Nullable FutexKey futexKey(AddressSpace space, long va, boolean processPrivate) {
        return paging().words.futexKey(space, va, processPrivate);
    }

    @Override
    public @Nullable String readString(AddressSpace space, long va, int limit) {
        return paging().words.string(space, va, limit);
    }

    @Override
    public long stringLength(AddressSpace space, long va, int limit) {
        return paging().words.length(space, va, limit);
    }

    @Override
    public IoBuffer buffer(Task task, long va, long length) {
        return userBuffer(task).reset(task.memory(), va, length);
    }

    @Override
    public IoBuffer buffer(Task task, long[] ranges, int count) {
        return userBuffer(task).reset(task.memory(), ranges, count);
    }

    @Override
    public IoBuffer buffer(byte[] array, int offset, int length) {
        return new ArrayBuffer(ram, array, offset, length);
    }

    private UserBuffer userBuffer(Task task) {
        if (task.tid >= buffers.length) {
            buffers = Arrays.copyOf(buffers, task.tid * 2);
        }
        UserBuffer buffer = buffers[task.tid];
        if (buffer == null) {
            Paging now = paging();
            buffer = new UserBuffer(now.user, now.frames, task.memory());
            buffers[task.tid] = buffer;
        }
        return buffer;
    }

    // --- pages of files ---------------------------------------------------------------------------------------------

    @Override
    public long page(PageCache cache, long index, boolean create) {
        return paging().fileCalls.page(cache, index, create);
    }

    @Override
    public long readPages(PageCache cache, long position, IoBuffer to) {
        return paging().fileCalls.read(cache, position, to);
    }

    @Override
    public long writePages(PageCache cache, long position, IoBuffer from) {
        return paging().fileCalls.write(cache, position, from);
    }

    @Override
    public void truncatePages(PageCache cache, long size) {
        paging().pageEnd.truncate(cache, size);
    }

    @Override
    public void punchPages(PageCache cache, long position, long length) {
        paging().pageEnd.punch(cache, position, length);
    }

    // --- swap space -------------------------------------------------------------------------------------------------

    @Override
    public List<SwapArea> swap() {
        return List.copyOf(paging().state.swap());
    }

    @Override
    public long swapOn(String name) {
        return new SwapCalls(host, paging()).on(name);
    }

    @Override
    public long swapOn(SwapPlace place) {
        return new SwapCalls(host, paging()).on(place);
    }

    @Override
    public long swapOff(String name, int pages) {
        return new SwapCalls(host, paging()).off(name, pages);
    }

    // --- pages of files on disks ------------------------------------------------------------------------------------

    @Override
    public long take() {
        return paging().stored.take();
    }

    @Override
    public void give(long address) {
        paging().stored.give(address);
    }

    @Override
    public boolean insert(PageCache cache, long index, long address) {
        return paging().stored.insert(cache, index, address);
    }

    @Override
    public long hold(PageCache cache, long index) {
        return paging().stored.hold(cache, index);
    }

    @Override
    public void clean(PageCache cache, long index) {
        paging().stored.clean(cache, index);
    }

    @Override
    public void dirty(PageCache cache, long index) {
        paging().stored.dirty(cache, index);
    }

    @Override
    public long[] dirtyPages(PageCache cache) {
        return paging().stored.dirtyPages(cache);
    }

    // --- to look at -------------------------------------------------------------------------------------------------

    @Override
    public MemoryStats stats() {
        paging().drain();
        VmState state = paging().state;
        Frames frames = paging().frames;
        long shared = 0;
        for (PageCache cache : state.caches()) {
            shared += !cache.renewable() ? cache.count() : 0;
        }
        int slots = state.swap().stream().mapToInt(SwapArea::size).sum();
        int used = state.swap().stream().mapToInt(area -> area.used).sum();
        return new MemoryStats(
                ram.size(),
                PageTables.address(frames.count(FrameTable.FREE)),
                PageTables.address(frames.count(FrameTable.CACHE)),
                shared << PageTables.SHIFT,
                PageTables.address(frames.count(FrameTable.ANONYMOUS)),
                PageTables.address(frames.count(FrameTable.TABLE)),
                PageTables.address(slots),
                PageTables.address(slots - used),
                state.spaces().size());
    }

    @Override
    public VmCounters counters() {
        paging().drain();
        return paging().state.counters();
    }

    @Override
    public List<String> check() {
        paging().drain();
        return new Consistency(ram, paging().state, paging().swap.frames()).check();
    }
}
