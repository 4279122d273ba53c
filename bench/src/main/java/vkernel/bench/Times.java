package vkernel.bench;

import java.util.Arrays;
import java.util.Locale;

/** Many times of one thing, nanoseconds. */
record Times(long... sorted) {
    Times {
        Arrays.sort(sorted);
    }

    /** @param quantile 0.5 for the median; 1 for the longest */
    long at(double quantile) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.floor(quantile * sorted.length))];
    }

    String millis(double quantile) {
        return String.format(Locale.ROOT, "%.2f ms", at(quantile) / 1e6);
    }
}
