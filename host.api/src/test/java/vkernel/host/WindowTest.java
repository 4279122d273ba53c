package vkernel.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.host.engine.Tlb;

/** Windows: what is open shows its frame, what was closed is not open. */
class WindowTest {
    private static final long VA = 0x7FFF_1234_5000L;
    private static final long PAGE = Vpte.PAGE_SIZE;
    /** Pages: so few that a window does not give them up for others. */
    private static final int FEW = 200;

    private final Ram ram = new Ram(1 << 20);
    private @Nullable Window made;

    @BeforeEach
    void make() {
        made = ram.window();
        assumeTrue(made != null, "the host maps memory twice");
    }

    @AfterEach
    void close() {
        ram.close();
    }

    @Test
    void anOpenPageShowsItsFrame() {
        ram.putLong(3 * PAGE + 8, 42);
        open(VA, 3, true);
        assertThat(readable(VA)).isTrue();
        assertThat(writable(VA)).isTrue();
        assertThat(at(VA + 8)).isEqualTo(42);
        ram.putLong(3 * PAGE + 8, 43);
        assertThat(at(VA + 8)).isEqualTo(43);
    }

    @Test
    void aPageOpenedForReadingIsNotOpenForWriting() {
        open(VA, 3, true);
        open(VA, 3, false);
        assertThat(readable(VA)).isTrue();
        assertThat(writable(VA)).isFalse();
    }

    @Test
    void anotherFrameTakesThePlaceOfTheFirst() {
        ram.putLong(3 * PAGE, 3);
        ram.putLong(4 * PAGE, 4);
        open(VA, 3, true);
        open(VA, 4, true);
        assertThat(at(VA)).isEqualTo(4);
    }

    @Test
    void ofTwoPagesInOnePlaceOneIsOpen() {
        long other = VA + Window.MASK + 1;
        open(VA, 3, true);
        open(other, 4, true);
        assertThat(readable(VA)).isFalse();
        assertThat(readable(other)).isTrue();
        assertThat(at(other)).isEqualTo(ram.getLong(4 * PAGE));
    }

    @Test
    void pagesOfFramesInARowAreOpenedTogether() {
        for (int i = 0; i < 8; i++) {
            ram.putLong((4 + i) * PAGE, i);
            assertThat(window().open(VA + i * PAGE, 4 + i, true)).isTrue();
        }
        assertThat(window().commit()).isTrue();
        for (int i = 0; i < 8; i++) assertThat(at(VA + i * PAGE)).isEqualTo(i);
    }

    @Test
    void theFirstPlaceIsNeverOpen() {
        assertThat(window().open(0, 3, true)).isFalse();
        assertThat(window().open(5L << 32, 3, true)).isFalse();
        assertThat(readable(0)).isFalse();
        assertThat(readable(5L << 32)).isFalse();
    }

    /** Who looks for bytes asks at the place of the first whether the page of the last is open there. */
    @Test
    void bytesOverTheEndOfWhatIsNeverOpenAreNotOpen() {
        for (long first : new long[] {PAGE - 4, (5L << 32) + PAGE - 4, -4}) {
            assertThat(tag(first, Window.READABLE)).isNotEqualTo(first + 7 & -PAGE);
            assertThat(tag(first, Window.WRITABLE)).isNotEqualTo(first + 7 & -PAGE);
        }
    }

    @Test
    void whatTheTlbForgetsIsClosed() {
        Tlb tlb = new Tlb();
        tlb.window = window();
        for (int i = 0; i < 200; i++) open(VA + i * PAGE, i, true);
        tlb.flush(VA);
        tlb.flush(VA + 10 * PAGE, 2 * PAGE);
        tlb.flush(VA + 100 * PAGE, 1000 * PAGE);
        for (int i = 0; i < 200; i++) {
            boolean left = i != 0 && i != 10 && i != 11 && i < 100;
            assertThat(readable(VA + i * PAGE)).as("page %d", i).isEqualTo(left);
            assertThat(writable(VA + i * PAGE)).as("page %d", i).isEqualTo(left);
        }
        tlb.flushWrites();
        assertThat(readable(VA + PAGE)).isTrue();
        assertThat(writable(VA + PAGE)).isFalse();
        tlb.flush();
        assertThat(readable(VA + PAGE)).isFalse();
    }

    @Test
    void whatTheTlbForgetsIsNotInTheSmallOneEither() {
        Tlb tlb = new Tlb();
        tlb.window = window();
        for (int i = 0; i < 200; i++) {
            window().micro.fill(VA + i * PAGE, ram.base() - VA, false);
            window().micro.fill(VA + i * PAGE, ram.base() - VA, true);
        }
        assertThat(load(window().base + entry(VA, MicroTlb.WRITES) + MicroTlb.ADDEND))
                .isEqualTo(ram.base() - VA - window().base);
        tlb.flush(VA);
        tlb.flush(VA + 10 * PAGE, 2 * PAGE);
        tlb.flush(VA + 100 * PAGE, 50 * PAGE);
        for (int i = 0; i < 200; i++) {
            boolean left = i != 0 && i != 10 && i != 11 && (i < 100 || i >= 150);
            assertThat(entered(VA + i * PAGE, MicroTlb.READS)).as("page %d", i).isEqualTo(left);
            assertThat(entered(VA + i * PAGE, MicroTlb.WRITES)).as("page %d", i).isEqualTo(left);
        }
        tlb.flushWrites();
        assertThat(entered(VA + PAGE, MicroTlb.READS)).isTrue();
        assertThat(entered(VA + PAGE, MicroTlb.WRITES)).isFalse();
        tlb.flush(VA + 1000 * PAGE, 1000 * PAGE); // more than what is asked for, which is cheaper
        assertThat(entered(VA + PAGE, MicroTlb.READS)).isFalse();
    }

    @Test
    void patienceIsForOneAddressSpace() {
        Tlb tlb = new Tlb();
        tlb.window = window();
        assertThat(window().micro.young()).isTrue();
        window().micro.patience(7);
        tlb.flush(VA, 1000 * PAGE);
        assertThat(window().micro.young()).isFalse();
        tlb.flush();
        assertThat(window().micro.young()).isTrue();
    }

    /** An entry that was never used is no page's, not even that of the page at 0. */
    @Test
    void theSmallTlbBeginsWithNothing() {
        for (long va = 0; va < 256 * PAGE; va += PAGE) {
            assertThat(entered(va, MicroTlb.READS)).isFalse();
            assertThat(entered(va, MicroTlb.WRITES)).isFalse();
        }
    }

    private boolean entered(long va, long table) {
        return load(window().base + entry(va, table)) == (va & -PAGE);
    }

    private static long entry(long va, long table) {
        return table + (va >>> MicroTlb.SHIFT & MicroTlb.MASK);
    }

    @Test
    void anEpochEndsOnlyWhenCodeIsForgotten() {
        Tlb tlb = new Tlb();
        tlb.fillExecute(VA, 1);
        long epoch = tlb.codeEpoch;
        tlb.flush(VA + 7 * PAGE);
        tlb.flushWrites();
        assertThat(tlb.codeEpoch).isEqualTo(epoch);
        tlb.fillExecute(VA + Tlb.ENTRIES * PAGE, 2); // in its place
        tlb.flush(VA);
        assertThat(tlb.codeEpoch).isNotEqualTo(epoch);
    }

    private Window window() {
        return Objects.requireNonNull(made);
    }

    /** The host's mappings are few, and a window that has them all keeps them from one that is used. */
    @Test
    void mappingsThatHaveRunOutAreGivenUpByAllWindows() {
        Window greedy = window();
        int before = Window.shortages();
        int pages = 0;
        while (Window.shortages() == before) {
            opened(greedy, pages++);
        }
        Window other = Objects.requireNonNull(ram.window());
        for (int i = 0; i < pages - FEW; i++) {
            assertThat(opened(greedy, i)).isTrue();
        }
        int now = Window.shortages();
        int most = 0;
        while (most < pages && opened(other, most)) most++;
        assertThat(most).as("of %d pages", pages).isLessThan(2 * FEW);
        assertThat(Window.shortages()).isEqualTo(now + 1);
        greedy.renew();
        assertThat(opened(other, most)).isTrue();
    }

    /** Opens a page that no other one is beside. */
    private static boolean opened(Window window, int i) {
        return window.open(VA + i * 2 * PAGE, i % 16, true) && window.commit();
    }

    private void open(long va, int frame, boolean write) {
        assertThat(window().open(va, frame, write)).isTrue();
        assertThat(window().commit()).isTrue();
    }

    private boolean readable(long va) {
        return tag(va, Window.READABLE) == (va & -PAGE);
    }

    private boolean writable(long va) {
        return tag(va, Window.WRITABLE) == (va & -PAGE);
    }

    private long tag(long va, long table) {
        return load(window().base + table + (va >>> 9 & Window.TAGS));
    }

    private long at(long va) {
        return load(window().base + (va & Window.MASK));
    }

    @SuppressWarnings("restricted")
    private static long load(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.BYTES).get(JAVA_LONG, 0);
    }
}
