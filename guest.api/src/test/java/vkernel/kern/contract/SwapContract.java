package vkernel.kern.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import vkernel.kern.HardState;
import vkernel.kern.Swappable;

/** {@link Swappable}: a provider's own tests extend this. */
public abstract class SwapContract<S extends Record> {
    /** The provider in service, with something of every kind in its state. */
    protected abstract Swappable<S> inService();

    /** Another one, on the same kernel, beside the one in service. */
    protected abstract Swappable<S> another();

    /** Puts one in service, as the kernel does once it has adopted the state. */
    protected abstract void fill(Swappable<S> provider);

    /** Works with whoever is in service, and fails when it has lost something. */
    protected abstract void goOn();

    @Test
    protected void theStateIsWholeAndHoldsNoClassOfAProvider() {
        S state = inService().release();
        if (state instanceof HardState hard) {
            assertThat(hard.faults()).isEmpty();
            assertThat(hard.allFaults()).isEmpty();
        }
        assertThat(StateGraph.foreign(state)).isEmpty();
    }

    @Test
    protected void anotherOneThatIsMadeAndPreparedChangesNothing() throws Exception {
        inService();
        another().prepare();
        goOn();
    }

    @Test
    protected void aSuccessorGoesOn() throws Exception {
        Swappable<S> former = inService();
        Swappable<S> next = another();
        next.prepare();
        next.adopt(former.release());
        fill(next);
        goOn();
    }

    @Test
    protected void theFormerOneTakesItsStateBack() throws Exception {
        Swappable<S> former = inService();
        Swappable<S> next = another();
        next.adopt(former.release());
        former.adopt(next.release());
        fill(former);
        goOn();
    }

    @Test
    protected void whatIsHandedOnIsWhatWasHandedOver() throws Exception {
        S first = inService().release();
        Map<String, Object> before = values(first);
        Swappable<S> next = another();
        next.adopt(first);
        S second = next.release();
        assertThat(values(second)).isEqualTo(before);
        Swappable<S> last = another();
        last.adopt(second);
        fill(last);
        goOn();
    }

    /** A record's values by name; collections as they are now. */
    private static Map<String, Object> values(Record state) throws ReflectiveOperationException {
        Map<String, Object> values = new TreeMap<>();
        for (RecordComponent component : state.getClass().getRecordComponents()) {
            Object value = component.getAccessor().invoke(state);
            values.put(
                    component.getName(),
                    switch (value) {
                        case null -> "null";
                        case Map<?, ?> map -> new LinkedHashMap<>(map);
                        case List<?> list -> new ArrayList<>(list);
                        case Collection<?> all ->
                            all.stream().map(System::identityHashCode).sorted().toList();
                        case byte[] bytes -> HexFormat.of().formatHex(bytes);
                        case int[] numbers -> Arrays.toString(numbers);
                        default -> value;
                    });
        }
        return values;
    }
}
