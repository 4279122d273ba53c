package vkernel.guest.sched.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WeightsTest {
    @Test
    void eachStepOfNiceIsAQuarterMoreOrLess() {
        for (int nice = -20; nice < 19; nice++) {
            double step = (double) Weights.of(nice) / Weights.of(nice + 1);
            assertThat(step).as("nice %d", nice).isEqualTo(1.25, within(0.05));
        }
    }

    @Test
    void niceNoughtIsTheUnit() {
        assertThat(Weights.of(0)).isEqualTo(Weights.NICE_0);
    }

    @Test
    void valuesBeyondTheRangeAreItsEnds() {
        assertThat(Weights.of(-21)).isEqualTo(Weights.of(-20));
        assertThat(Weights.of(40)).isEqualTo(Weights.of(19));
    }
}
