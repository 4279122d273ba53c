package vkernel.live;

import java.nio.file.Path;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/**
 * Why a folder makes no bundle.
 *
 * @param file where it is; null when it is nowhere in particular
 * @param line from 1; 0 when it is in no line
 * @param column from 1
 * @param text what is wrong; may have several lines
 * @param source the line as it stands; empty when there is none
 */
record Mistake(@Nullable Path file, long line, long column, String text, String source) {
    private static final int TAB = 8;

    static Mistake of(String text) {
        return new Mistake(null, 0, 0, text, "");
    }

    /** What the compiler says. */
    static Mistake of(Diagnostic<? extends JavaFileObject> said) {
        String text = said.getMessage(Locale.ROOT).stripTrailing();
        if (!(said.getSource() instanceof Source source) || said.getLineNumber() == Diagnostic.NOPOS) {
            return of(text);
        }
        String line = source.line(said.getLineNumber());
        return new Mistake(source.file, said.getLineNumber(), said.getColumnNumber(), text, line);
    }

    /** As compilers say it: {@code FILE:LINE:COLUMN: TEXT}, the line, and a mark under the place. */
    String render(Path folder) {
        StringBuilder all = new StringBuilder();
        if (file != null) {
            Path parent = folder.getParent();
            all.append(parent != null && file.startsWith(parent) ? parent.relativize(file) : file);
            if (line > 0) {
                all.append(':').append(line).append(':').append(column);
            }
            all.append(": ");
        }
        String[] said = text.split("\n", 2);
        all.append(said[0]);
        if (!source.isBlank()) {
            all.append("\n    ").append(source.replace("\t", " ".repeat(TAB)));
            all.append("\n    ")
                    .append(" ".repeat((int) Math.max(0, column - 1)))
                    .append('^');
        }
        if (said.length > 1) {
            all.append('\n').append(said[1]);
        }
        return all.toString();
    }
}
