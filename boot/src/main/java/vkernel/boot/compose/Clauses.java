package vkernel.boot.compose;

import java.util.Arrays;
import java.util.List;

/** Headers of a {@code .bndrun}: clauses between commas that stand in no quotes. */
public final class Clauses {
    private static final String COMMA_OUTSIDE_QUOTES = ",(?=(?:[^'\"]*['\"][^'\"]*['\"])*[^'\"]*$)";

    public static List<String> of(String header) {
        return Arrays.stream(header.split(COMMA_OUTSIDE_QUOTES))
                .map(String::trim)
                .filter(clause -> !clause.isEmpty())
                .toList();
    }

    public static String unquoted(String value) {
        return value.trim().replaceFirst("^(['\"])(.*)\\1$", "$2");
    }

    private Clauses() {}
}
