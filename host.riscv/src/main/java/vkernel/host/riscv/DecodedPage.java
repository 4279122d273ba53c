package vkernel.host.riscv;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vkernel.host.Ram;
import vkernel.host.Vpte;

/**
 * The decoded instructions of one frame: a packed long per half-word, filled as code is first executed, shared by all
 * harts and address spaces. It knows no virtual address.
 *
 * <p>Threads: harts fill slots without a lock; two that decode the same slot write the same value, and a long is
 * written whole on the 64-bit machines this runs on. {@link #drop} wins over a hart that decodes at the same time:
 * it sets {@code dropped}, then empties the slots; the hart fills a slot, then looks at {@code dropped}.
 */
public final class DecodedPage {
    public static final int SLOTS = Vpte.PAGE_SIZE / 2;
    /** Heap that one takes, about. */
    static final int BYTES = SLOTS * (Long.BYTES + Integer.BYTES);

    /** Where in {@link #code} an int for each slot begins: of a mark, the operation that stands there and {@link #VISIT}s. */
    static final long VISITS = Memory.LONGS + (SLOTS + 2L) * Long.BYTES;
    /** One more time that the loop passes a mark before it stops there. */
    static final int VISIT = 1 << 8;

    private static final int MOST_VISITS = Integer.MAX_VALUE / VISIT;

    /**
     * By half-word of the frame; the two slots more are where an instruction of 2 or 4 bytes at the end leads. The last
     * slot of the frame stays empty if its instruction goes on in another frame. Where there are marks, behind it lie
     * their {@link #VISITS}.
     */
    public final long[] code;

    private final Ram ram;
    private final long start;
    private final @Nullable Marker marker;

    /** What hangs on the marks, by slot, from when somebody stops there; null until then. Written under this. */
    private volatile @Nullable Mark @Nullable [] marks;

    /** Whether {@link Ram#markCode} has returned: only then may anything be decoded. Who does not see it, marks. */
    public volatile boolean marked;

    private volatile boolean dropped;

    /** Whether what was decoded here is forgotten: no frame has these contents for sure. */
    public boolean dropped() {
        return dropped;
    }

    /** The last instruction of the frame, if it goes on in another, as it was with that other. */
    private volatile @Nullable Straddling straddling; // soft: replaced when the next page is another

    private record Straddling(DecodedPage next, long in) {}

    DecodedPage(Ram ram, int frame, @Nullable Marker marker) {
        this.ram = ram;
        this.marker = marker;
        this.start = (long) frame << Vpte.PAGE_SHIFT;
        this.code = new long[SLOTS + 2 + (marker == null ? 0 : SLOTS * Integer.BYTES / Long.BYTES)];
        code[SLOTS] = code[SLOTS + 1] = Packed.complete(Packed.NONE, Op.NEXT_PAGE, 1);
    }

    /** Forgets all: whoever runs here meets an empty slot at its next instruction. Any thread. */
    void drop() {
        dropped = true;
        Arrays.fill(code, 0, SLOTS, 0);
    }

    /** Whether the instruction at a slot begins in this frame and ends in the next page's. */
    public boolean straddles(int slot) {
        return slot == SLOTS - 1 && !Decoder.compressed(half(slot));
    }

    /** The half-word at a slot as it is in memory now. */
    public int half(int slot) {
        return ram.getShort(start + 2L * slot) & 0xFFFF;
    }

    /** Decodes from a slot to the next jump, trap or decoded instruction. */
    void decodeRun(int slot) {
        int at = slot;
        while (at < SLOTS && code[at] == 0 && !straddles(at)) {
            long in = decode(at);
            code[at] = in;
            if (marker != null && jumpsBack(in)) mark(at + Packed.imm(in));
            at += Packed.halfWords(in);
            if (endsRun(Op.plain(Packed.op(in)))) break;
        }
        if (marker != null) mark(slot);
        if (dropped) drop();
    }

    /** Makes a decoded instruction a place where a translation can begin: one has ended before it. */
    public void begin(int slot) {
        if (slot >= SLOTS) return;
        mark(slot);
        if (dropped) drop();
    }

    /** Whether it is a jump to a place of this page that was decoded before it. */
    private static boolean jumpsBack(long in) {
        int op = Op.plain(Packed.op(in));
        return op >= Op.JAL && op <= Op.BGEU && op != Op.JALR && Packed.imm(in) <= 0;
    }

    /** Makes whoever runs a decoded instruction count it, and come out of the loop before it when it is met often. */
    private synchronized void mark(int slot) {
        if (slot < 0 || marker == null) return;
        long in = code[slot];
        if (in == 0 || Packed.op(in) == Op.MARK) return;
        visits(slot, Packed.op(in), marker.patience());
        VarHandle.storeStoreFence(); // who meets the mark finds what stands there
        code[slot] = Packed.withOp(in, Op.MARK);
    }

    /** What hangs on the mark at an address, or null where there is none. */
    public @Nullable Mark markAt(long va) {
        int slot = Core.slot(va);
        if (Packed.op(code[slot]) != Op.MARK) return null;
        @Nullable Mark[] all = marks;
        Mark known = all == null ? null : all[slot];
        return known == null ? newMark(slot) : known;
    }

    private synchronized @Nullable Mark newMark(int slot) {
        if (marker == null) return null;
        @Nullable Mark[] all = marks;
        if (all == null) marks = all = new @Nullable Mark[SLOTS];
        Mark mark = all[slot];
        if (mark == null) all[slot] = mark = marker.mark();
        return mark;
    }

    /** The instruction at a decoded slot, whether it is marked or not. */
    public long plain(int slot) {
        long in = code[slot];
        return Packed.op(in) == Op.MARK ? Packed.withOp(in, visits(slot) & VISIT - 1) : in;
    }

    /** Counts a visit of the mark at an address by somebody who does not come by the loop. @return whether it was one of those to wait for */
    public boolean visit(long va) {
        int slot = Core.slot(va);
        int visits = visits(slot);
        if (visits < VISIT) return false;
        visits(slot, visits & VISIT - 1, visits / VISIT - 1);
        return true;
    }

    /** Has the loop pass the mark at an address so many times more before it stops there. */
    public void wait(long va, long times) {
        int slot = Core.slot(va);
        visits(slot, visits(slot) & VISIT - 1, (int) Math.min(times, MOST_VISITS));
    }

    /** Whether the loop stops at a slot. */
    boolean stops(int slot) {
        return Packed.op(code[slot]) == Op.MARK && visits(slot) < VISIT;
    }

    private int visits(int slot) {
        return Memory.getInt(code, VISITS + 4L * slot);
    }

    private void visits(int slot, int op, int times) {
        Memory.putInt(code, VISITS + 4L * slot, op | times * VISIT);
    }

    /** The last instruction of this frame, which ends in {@code next}. */
    public long straddling(DecodedPage next) {
        Straddling known = straddling;
        if (known != null && known.next == next && !next.dropped && !dropped) return known.in;
        long in = Decoder.decode(half(SLOTS - 1) | next.half(0) << 16);
        straddling = new Straddling(next, in);
        return in;
    }

    private long decode(int slot) {
        int half = half(slot);
        if (Decoder.compressed(half)) return Decoder.decodeCompressed(half);
        return Decoder.decode(half | half(slot + 1) << 16);
    }

    private static boolean endsRun(int op) {
        return op == Op.JAL || op == Op.JALR || op == Op.ECALL || op == Op.EBREAK || op == Op.ILLEGAL;
    }
}
