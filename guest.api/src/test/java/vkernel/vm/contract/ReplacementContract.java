package vkernel.vm.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;
import vkernel.vm.Replacement;
import vkernel.vm.ReplacementState;

/** What every page replacement policy must do; a policy's own test extends it. */
public abstract class ReplacementContract extends SwapContract<ReplacementState> {
    private static final int FRAMES = 200;

    /** A new policy. */
    protected abstract Replacement policy();

    /** Frames whose pages are there and used as a test says. */
    private static final class Memory implements Replacement.Pages {
        final BitSet there = new BitSet();
        final BitSet used = new BitSet();

        @Override
        public int size() {
            return FRAMES;
        }

        @Override
        public boolean candidate(int frame) {
            return there.get(frame);
        }

        @Override
        public boolean used(int frame) {
            assertThat(there.get(frame)).as("frame %d is a candidate", frame).isTrue();
            boolean was = used.get(frame);
            used.clear(frame);
            return was;
        }
    }

    private final Memory memory = new Memory();

    @Test
    public void namesNobodyWhenThereIsNone() {
        assertThat(policy().victim(memory)).isEqualTo(-1);
    }

    @Test
    public void namesEveryPageInTheEnd() {
        memory.there.set(10, 60);
        memory.used.set(10, 60);
        Replacement policy = policy();
        Set<Integer> gone = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            int frame = policy.victim(memory);
            assertThat(memory.there.get(frame)).isTrue();
            memory.there.clear(frame);
            gone.add(frame);
        }
        assertThat(gone).hasSize(50);
        assertThat(policy.victim(memory)).isEqualTo(-1);
    }

    @Test
    public void sparesWhatIsInUse() {
        Replacement policy = policy();
        memory.there.set(0, 100);
        for (int i = 0; i < 50; i++) {
            memory.used.set(0, 50); // used again and again
            int frame = policy.victim(memory);
            assertThat(frame).isGreaterThanOrEqualTo(50);
            memory.there.clear(frame);
        }
    }

    @Test
    public void namesAnotherOneWhenOneCannotGo() {
        memory.there.set(0, 20);
        Replacement policy = policy();
        Set<Integer> named = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            named.add(policy.victim(memory));
        }
        assertThat(named).hasSizeGreaterThan(10);
    }

    @Test
    public void namesOnlyCandidatesWhateverComesAndGoes() {
        long seed = System.nanoTime();
        System.out.println(getClass().getSimpleName() + ": seed " + seed);
        Random random = new Random(seed);
        Replacement policy = policy();
        for (int i = 0; i < 5000; i++) {
            int frame = random.nextInt(FRAMES);
            memory.there.set(frame, random.nextInt(3) > 0);
            memory.used.set(random.nextInt(FRAMES));
            int victim = policy.victim(memory);
            assertThat(victim == -1).isEqualTo(memory.there.isEmpty());
            if (victim >= 0 && random.nextBoolean()) {
                assertThat(memory.there.get(victim)).isTrue();
                memory.there.clear(victim);
            }
        }
    }

    // --- SwapContract -----------------------------------------------------------------------------------------------

    private @Nullable Replacement serving;
    private int left;

    /** One that has taken over from another, and gone on for a while. */
    @Override
    protected Swappable<ReplacementState> inService() {
        memory.there.set(0, 100);
        memory.used.set(0, 50);
        Replacement policy = policy();
        serving = policy;
        try {
            swappable(policy).adopt(new ReplacementState(IntStream.range(60, 90).toArray()));
        } catch (StateRejected e) {
            throw new AssertionError(e);
        }
        for (int i = 0; i < 10; i++) {
            memory.there.clear(policy.victim(memory));
        }
        left = memory.there.cardinality();
        return swappable(policy);
    }

    @Override
    protected Swappable<ReplacementState> another() {
        return swappable(policy());
    }

    @Override
    protected void fill(Swappable<ReplacementState> provider) {
        serving = (Replacement) provider;
    }

    /** Names each page that is left, once. */
    @Override
    protected void goOn() {
        Replacement serving = Objects.requireNonNull(this.serving);
        for (int i = 0; i < left; i++) {
            int frame = serving.victim(memory);
            assertThat(memory.there.get(frame)).isTrue();
            memory.there.clear(frame);
        }
        assertThat(serving.victim(memory)).isEqualTo(-1);
    }

    @SuppressWarnings("unchecked")
    private static Swappable<ReplacementState> swappable(Replacement policy) {
        return (Swappable<ReplacementState>) policy;
    }

    @Test
    public void theOrderHandedOverNamesFramesOnce() {
        List<Integer> order = new ArrayList<>();
        for (int frame : inService().release().order()) {
            assertThat(frame).isBetween(0, FRAMES - 1);
            order.add(frame);
        }
        assertThat(order).doesNotHaveDuplicates();
    }

    @Test
    public void anOrderThatWasTakenOverIsKept() throws StateRejected {
        Swappable<ReplacementState> policy = another();
        policy.adopt(new ReplacementState(new int[] {9, 3, 150}));
        assertThat(policy.release().order()).containsExactly(9, 3, 150);
    }

    @Test
    public void anOrderWithNoFrameIsRefused() {
        assertThatExceptionOfType(StateRejected.class)
                .isThrownBy(() -> another().adopt(new ReplacementState(new int[] {3, -1})));
    }
}
