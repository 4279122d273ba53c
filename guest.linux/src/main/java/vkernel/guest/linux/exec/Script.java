package vkernel.guest.linux.exec;

import static vkernel.kern.Errno.ENOEXEC;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a script, {@code #!interpreter [argument]} (execve(2)).
 *
 * @param argument all that follows the interpreter's name, as one argument; null for none
 */
record Script(String interpreter, @Nullable String argument) {
    static boolean is(byte[] head) {
        return head.length >= 2 && head[0] == '#' && head[1] == '!';
    }

    /** @param head the file's first bytes, at most {@link Image#HEAD} */
    static Script parse(byte[] head) throws BadProgram {
        int end = 2;
        while (end < head.length && head[end] != '\n' && head[end] != 0) {
            end++;
        }
        String line = new String(head, 2, end - 2, StandardCharsets.ISO_8859_1);
        int from = skipBlanks(line, 0);
        int to = from;
        while (to < line.length() && !blank(line.charAt(to))) {
            to++;
        }
        boolean cut = end == head.length && head.length == Image.HEAD && to == line.length();
        if (from == to || cut) {
            throw new BadProgram(ENOEXEC, "a script whose first line names no interpreter");
        }
        String rest = line.substring(skipBlanks(line, to)).replaceFirst("[ \t]+$", "");
        return new Script(line.substring(from, to), rest.isEmpty() ? null : rest);
    }

    private static int skipBlanks(String line, int at) {
        int i = at;
        while (i < line.length() && blank(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }
}
