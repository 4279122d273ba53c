package vkernel.drivers.console;

import static vkernel.dev.Termios.*;

import vkernel.dev.Tty;

/** Takes characters back from the line being edited, on the screen too (n_tty.c: eraser). */
final class Erase {
    private Erase() {}

    /** ERASE: the last character, all bytes of it. */
    static void character(Tty tty, byte key) {
        if (whole(tty)) {
            last(tty, key);
        }
    }

    /** WERASE: blanks and other signs behind the last word, and the word. */
    static void word(Tty tty) {
        boolean seen = false;
        while (whole(tty)) {
            boolean wordly = ofWord(lead(tty) & 0xff);
            if (seen && !wordly) {
                break;
            }
            seen |= wordly;
            last(tty, (byte) 0);
        }
    }

    /** KILL: the whole line. */
    static void line(Tty tty, byte key) {
        int local = tty.termios.local;
        if (tty.line.isEmpty()) {
            return;
        }
        if ((local & ECHO) == 0) {
            tty.line.clear();
            return;
        }
        int visibly = ECHOK | ECHOKE | ECHOE;
        if ((local & visibly) != visibly) {
            tty.line.clear();
            Output.echo(tty, key);
            if ((local & ECHOK) != 0) {
                Output.put(tty, (byte) '\n');
            }
            return;
        }
        while (whole(tty)) {
            last(tty, (byte) 0);
        }
    }

    /** Letters, digits and the underscore, of ISO 8859-1: first bytes in UTF-8 count as letters. */
    private static boolean ofWord(int c) {
        return c == '_'
                || c >= '0' && c <= '9'
                || (c & ~0x20) >= 'A' && (c & ~0x20) <= 'Z'
                || c >= 0xc0 && c != 0xd7 && c != 0xf7;
    }

    /** Whether there is a character to take back; half a one is left alone. */
    private static boolean whole(Tty tty) {
        return !tty.line.isEmpty() && !Output.continuation(tty, lead(tty));
    }

    /** First byte of the last character. */
    private static byte lead(Tty tty) {
        int i = tty.line.count() - 1;
        while (i > 0 && Output.continuation(tty, tty.line.peek(i))) {
            i--;
        }
        return tty.line.peek(i);
    }

    /** @param key echoed in place of erasing when ECHOE is not set; 0 to erase in any case */
    private static void last(Tty tty, byte key) {
        byte c = tty.line.takeLast();
        while (Output.continuation(tty, c) && !tty.line.isEmpty()) {
            c = tty.line.takeLast();
        }
        int local = tty.termios.local;
        if ((local & ECHO) == 0) {
            return;
        }
        if (key != 0 && (local & ECHOE) == 0) {
            Output.echo(tty, key);
        } else if (c == '\t') {
            back(tty, tabWidth(tty));
        } else {
            boolean control = Output.control(c);
            boolean shown = (local & ECHOCTL) != 0;
            for (int i = control ? shown ? 2 : 0 : 1; i > 0; i--) {
                Output.put(tty, (byte) '\b');
                Output.put(tty, (byte) ' ');
                Output.put(tty, (byte) '\b');
            }
        }
    }

    /** Columns that a tab took which stood behind the present line. */
    private static int tabWidth(Tty tty) {
        int column = tty.lineColumn;
        for (int i = 0; i < tty.line.count(); i++) {
            byte c = tty.line.peek(i);
            if (c == '\t') {
                column += 8 - (column & 7);
            } else if (Output.control(c)) {
                column += (tty.termios.local & ECHOCTL) != 0 ? 2 : 0;
            } else if (!Output.continuation(tty, c)) {
                column++;
            }
        }
        return 8 - (column & 7);
    }

    private static void back(Tty tty, int columns) {
        for (int i = 0; i < columns; i++) {
            tty.output.add((byte) '\b');
            tty.column = Math.max(0, tty.column - 1);
        }
    }
}
