package vkernel.boot.compose;

import java.util.ArrayList;
import java.util.List;

/** Headers of a {@code .bndrun}: clauses between commas that stand in no quotes. */
public final class Clauses {
    public static List<String> of(String header) {
        List<String> clauses = new ArrayList<>();
        char quote = 0;
        int begin = 0;
        for (int i = 0; i <= header.length(); i++) {
            char c = i == header.length() ? ',' : header.charAt(i);
            if (quote != 0 && i < header.length()) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == ',') {
                String clause = header.substring(begin, i).trim();
                if (!clause.isEmpty()) {
                    clauses.add(clause);
                }
                begin = i + 1;
            }
        }
        return clauses;
    }

    public static String unquoted(String value) {
        return value.trim().replaceFirst("^(['\"])(.*)\\1$", "$2");
    }

    private Clauses() {}
}
