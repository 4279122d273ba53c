package vkernel.host.riscv;

import java.util.HashMap;
import java.util.Map;
import vkernel.host.Clock;
import vkernel.host.CodeGuard;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.Window;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Mmu;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Trap;

/** A machine for tests: one address space given page by page, a clock that counts instructions. */
final class Machine implements AutoCloseable, Mmu, Clock, CodeGuard {
    static final int ALL = Vmspaces.READ | Vmspaces.WRITE | Vmspaces.EXECUTE;

    private record Page(int frame, int rights) {}

    private final Map<Long, Page> pages = new HashMap<>();
    private final Map<Long, Page> hidden = new HashMap<>();
    private int frames;

    final Engine engine;
    final Ram ram;
    final Hart hart = new Hart(0, this, this);
    /** What {@link #attend} answers. */
    boolean leave = true;
    /** Whether there are windows. */
    boolean windows = true;

    long time;
    /** When the time is that of the host: since when. */
    long origin = NO_ORIGIN;

    Machine(long size) {
        this(size, Engines.make());
    }

    Machine(long size, Engine engine) {
        this.engine = engine;
        ram = new Ram(size);
        ram.guard(this);
        engine.attach(ram);
    }

    /** Maps fresh frames. */
    Machine map(long va, long length, int rights) {
        for (long a = va; a < va + length; a += Vpte.PAGE_SIZE) mapFrame(a, frames++, rights);
        return this;
    }

    void mapFrame(long va, int frame, int rights) {
        pages.put(va >>> 12, new Page(frame, rights));
        hart.tlb.flush(va);
    }

    /** Takes a page away, until {@link #show}; its frame keeps its contents. */
    void hide(long va) {
        Page page = pages.remove(va >>> 12);
        if (page != null) hidden.put(va >>> 12, page);
        hart.tlb.flush(va);
    }

    void show(long va) {
        Page page = hidden.remove(va >>> 12);
        if (page != null) pages.put(va >>> 12, page);
    }

    boolean mapped(long va) {
        return pages.containsKey(va >>> 12);
    }

    /** Maps fresh frames so that what lies behind a page is not what is behind it in memory. */
    Machine scatter(long va, long length, int rights) {
        for (long a = va + length - Vpte.PAGE_SIZE; a >= va; a -= Vpte.PAGE_SIZE) mapFrame(a, frames++, rights);
        return this;
    }

    /** Physical address of a mapped or hidden address. */
    long physical(long va) {
        Page page = pages.getOrDefault(va >>> 12, hidden.get(va >>> 12));
        if (page == null) throw new IllegalArgumentException("not mapped: " + Long.toHexString(va));
        return (long) page.frame << 12 | va & 4095;
    }

    /** Writes instructions or data. */
    Machine put(long va, byte[] bytes) {
        for (int i = 0; i < bytes.length; i = next(va, i, bytes.length)) {
            ram.write(physical(va + i), bytes, i, next(va, i, bytes.length) - i);
        }
        return this;
    }

    /** Where the next page begins, or the end. */
    private static int next(long va, int from, int length) {
        return (int) Math.min(length, from + Vpte.PAGE_SIZE - (va + from & Vpte.PAGE_SIZE - 1));
    }

    Machine put(long va, int... words) {
        for (int i = 0; i < words.length; i++) {
            ram.putShort(physical(va + 4L * i), (short) words[i]);
            ram.putShort(physical(va + 4L * i + 2), (short) (words[i] >>> 16));
        }
        return this;
    }

    byte[] bytes(long va, int length) {
        byte[] to = new byte[length];
        for (int i = 0; i < length; i = next(va, i, length)) ram.read(physical(va + i), to, i, next(va, i, length) - i);
        return to;
    }

    int run(long pc) {
        hart.regs[Registers.PC] = pc;
        return run();
    }

    int run() {
        return engine.run(hart, 1_000_000_000, false);
    }

    long pc() {
        return hart.regs[Registers.PC];
    }

    long x(int i) {
        return hart.regs[i];
    }

    void x(int i, long value) {
        hart.regs[i] = value;
    }

    long f(int i) {
        return hart.regs[Registers.F0 + i];
    }

    void f(int i, long value) {
        hart.regs[Registers.F0 + i] = value;
    }

    @Override
    public long translate(Hart hart, long va, int access) {
        Page page = pages.get(va >>> 12);
        if (page == null || (page.rights & access) == 0) {
            hart.trap = page == null ? Trap.PAGE_MISSING : Trap.PAGE_PROTECTED;
            hart.trapAddress = va;
            hart.trapAccess = access;
            return 0;
        }
        if (access == Vmspaces.WRITE) ram.changing(page.frame);
        long addend = ram.base() + ((long) page.frame << 12) - (va & -4096L);
        fill(hart, va, access, addend, page.frame);
        return va + addend;
    }

    @Override
    public boolean open(Hart hart, long va) {
        if (!windows) return false;
        if (hart.tlb.window == null) hart.tlb.window = ram.window();
        Window window = hart.tlb.window;
        if (window == null) return false;
        for (long near = va - 4096; near <= va + 4096; near += 4096) {
            Page page = pages.get(near >>> 12);
            if (page == null || (page.rights & Vmspaces.READ) == 0) continue;
            boolean write = (page.rights & Vmspaces.WRITE) != 0 && !ram.isCode(page.frame);
            if (!window.open(near, page.frame, write)) return near >>> 12 == 0;
        }
        return window.commit();
    }

    private static void fill(Hart hart, long va, int access, long addend, int frame) {
        int i = vkernel.host.engine.Tlb.index(va);
        switch (access) {
            case Vmspaces.READ -> {
                hart.tlb.read[i] = va >>> 12;
                hart.tlb.readAddend[i] = addend;
            }
            case Vmspaces.WRITE -> {
                hart.tlb.write[i] = va >>> 12;
                hart.tlb.writeAddend[i] = addend;
            }
            default -> {
                hart.fetchFrame = frame;
                hart.tlb.fillExecute(va, frame);
            }
        }
    }

    @Override
    public boolean attend(Hart hart) {
        int asked = hart.clear(-1);
        if ((asked & Hart.FLUSH) != 0) hart.tlb.flush();
        return (asked & Hart.INTERRUPT) != 0 && leave;
    }

    @Override
    public void stopWrites() {
        hart.tlb.flushWrites();
    }

    @Override
    public void codeChanged(int frame) {
        engine.codeChanged(frame);
    }

    @Override
    public long origin() {
        return origin;
    }

    @Override
    public long monotonic() {
        return origin == NO_ORIGIN ? time : System.nanoTime() - origin;
    }

    @Override
    public long realtime() {
        return time;
    }

    @Override
    public void setRealtime(long nanos) {
        throw new UnsupportedOperationException("no engine sets the time");
    }

    @Override
    public void retired(long instructions) {
        time += instructions;
    }

    @Override
    public void idle(int hart, long deadline) {
        throw new UnsupportedOperationException("no engine waits");
    }

    @Override
    public void wake(int hart) {
        throw new UnsupportedOperationException("no engine wakes");
    }

    @Override
    public void close() {
        ram.close();
    }
}
