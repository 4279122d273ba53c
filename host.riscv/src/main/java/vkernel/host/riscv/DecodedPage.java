package vkernel.host.riscv;

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
    /** Most instructions that can follow each other without a jump or a page's end. */
    static final int LONGEST_RUN = SLOTS;

    /** Heap that one takes, about. */
    static final int BYTES = SLOTS * Long.BYTES;

    /**
     * By half-word of the frame; the two slots more are where an instruction of 2 or 4 bytes at the end leads. The last
     * slot of the frame stays empty if its instruction goes on in another frame.
     */
    public final long[] code = new long[SLOTS + 2];

    private final Ram ram;
    private final long start;
    private final @Nullable Marker marker;

    /** The marks by slot; null until there is one. Written under this, read by who met {@link Op#MARK}. */
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
        code[SLOTS] = code[SLOTS + 1] = Packed.complete(0, Op.NEXT_PAGE, 1);
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
        if (slot >= SLOTS || markAt(2L * slot) != null) return;
        mark(slot);
        if (dropped) drop();
    }

    /** Whether it is a jump to a place of this page that was decoded before it. */
    private static boolean jumpsBack(long in) {
        int op = Op.plain(Packed.op(in));
        return op >= Op.JAL && op <= Op.BGEU && op != Op.JALR && Packed.imm(in) <= 0;
    }

    /** Makes whoever runs a decoded instruction come out of the loop before it. */
    private synchronized void mark(int slot) {
        if (slot < 0 || marker == null) return;
        long in = code[slot];
        if (in == 0 || Packed.op(in) == Op.MARK) return;
        @Nullable Mark[] all = marks;
        if (all == null) all = new @Nullable Mark[SLOTS];
        if (all[slot] == null) all[slot] = marker.mark(in);
        marks = all; // before the slot: who meets the mark finds it
        code[slot] = Packed.withOp(in, Op.MARK);
    }

    /** The mark at a slot, or null. */
    public @Nullable Mark markAt(long va) {
        @Nullable Mark[] all = marks;
        return all == null ? null : all[Core.slot(va)];
    }

    /** The instruction at a decoded slot, whether it is marked or not. */
    public long plain(int slot) {
        long in = code[slot];
        if (Packed.op(in) != Op.MARK) return in;
        @Nullable Mark[] all = marks;
        Mark mark = all == null ? null : all[slot];
        return mark == null ? decode(slot) : mark.in;
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
