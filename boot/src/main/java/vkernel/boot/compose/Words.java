package vkernel.boot.compose;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Lists and amounts in sentences. */
final class Words {
    static String and(Collection<?> things) {
        return joined(things, " and ");
    }

    static String or(Collection<?> things) {
        return joined(things, " or ");
    }

    private static String joined(Collection<?> things, String last) {
        List<String> texts = things.stream().map(Object::toString).toList();
        int n = texts.size();
        return n < 2 ? String.join("", texts) : String.join(", ", texts.subList(0, n - 1)) + last + texts.get(n - 1);
    }

    static String kib(long bytes) {
        return (bytes + 512 >> 10) + " KiB";
    }

    static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f ms", millis);
    }

    private Words() {}
}
