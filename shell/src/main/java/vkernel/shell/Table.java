package vkernel.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows and columns, for people as text and for programs as JSON. Numbers stand right, all else left. */
final class Table {
    private final List<String> columns;
    private final List<Object[]> rows = new ArrayList<>();

    Table(String... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row: a value, a String or a Number or a Boolean, for each column. */
    Table row(Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        rows.add(values);
        return this;
    }

    void print(PrintStream out, boolean json) {
        if (json) {
            printJson(out);
        } else {
            printText(out);
        }
    }

    private void printText(PrintStream out) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).length();
            for (Object[] row : rows) {
                widths[i] = Math.max(widths[i], row[i].toString().length());
            }
        }
        out.println(line(columns.stream().map(String::toUpperCase).toArray(), widths));
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private String line(Object[] values, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            String text = values[i].toString();
            String space = " ".repeat(widths[i] - text.length());
            boolean number = !rows.isEmpty() && rows.getFirst()[i] instanceof Number;
            line.append(i == 0 ? "" : "  ").append(number ? space + text : text + space);
        }
        return line.toString().stripTrailing();
    }

    private void printJson(PrintStream out) {
        StringBuilder text = new StringBuilder("[");
        for (Object[] row : rows) {
            text.append(text.length() == 1 ? "\n" : ",\n").append("  {");
            for (int i = 0; i < row.length; i++) {
                text.append(i == 0 ? "" : ", ").append(quote(columns.get(i))).append(": ");
                boolean bare = row[i] instanceof Number || row[i] instanceof Boolean;
                text.append(bare ? row[i].toString() : quote(row[i].toString()));
            }
            text.append('}');
        }
        out.println(text.append(rows.isEmpty() ? "]" : "\n]"));
    }

    /** A JSON string (RFC 8259, section 7). */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < 0x20) {
                        quoted.append(String.format("\\u%04x", c));
                    } else {
                        quoted.append((char) c);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
