package vkernel.drivers.console;

import vkernel.dev.Termios;
import vkernel.dev.Tty;

/** Output processing and echo (termios(3): OPOST; n_tty.c: do_output_char, echo_char). */
final class Output {
    /** Most bytes that one character becomes (a tab). */
    static final int MOST = 8;

    /** Room that writers leave, so that what is typed is echoed even while a program floods the terminal. */
    static final int ECHO_ROOM = 512;

    private Output() {}

    /** Whether a program's character may be put. */
    static boolean room(Tty tty) {
        return tty.output.room() >= MOST + ECHO_ROOM;
    }

    /** Puts one character, processed if OPOST is set; loses it when there is no room. */
    static void put(Tty tty, byte c) {
        if ((tty.termios.output & Termios.OPOST) == 0) {
            tty.output.add(c);
            return;
        }
        switch (c) {
            case '\n' -> newline(tty);
            case '\r' -> carriageReturn(tty);
            case '\t' -> tab(tty);
            case '\b' -> {
                tty.column = Math.max(0, tty.column - 1);
                tty.output.add(c);
            }
            default -> {
                if (!control(c) && !continuation(tty, c)) {
                    tty.column++;
                }
                tty.output.add(c);
            }
        }
    }

    private static void newline(Tty tty) {
        int flags = tty.termios.output;
        if ((flags & (Termios.ONLCR | Termios.ONLRET)) != 0) {
            tty.column = 0;
        }
        if ((flags & Termios.ONLCR) != 0) {
            tty.output.add((byte) '\r');
        }
        tty.lineColumn = tty.column;
        tty.output.add((byte) '\n');
    }

    private static void carriageReturn(Tty tty) {
        int flags = tty.termios.output;
        if ((flags & Termios.ONOCR) != 0 && tty.column == 0) {
            return;
        }
        boolean toNewline = (flags & Termios.OCRNL) != 0;
        if (!toNewline || (flags & Termios.ONLRET) != 0) {
            tty.column = 0;
            tty.lineColumn = 0;
        }
        tty.output.add((byte) (toNewline ? '\n' : '\r'));
    }

    private static void tab(Tty tty) {
        int spaces = 8 - (tty.column & 7);
        tty.column += spaces;
        if ((tty.termios.output & Termios.TABDLY) != Termios.TABDLY) {
            tty.output.add((byte) '\t');
            return;
        }
        for (int i = 0; i < spaces; i++) {
            tty.output.add((byte) ' ');
        }
    }

    /** Echoes a typed character: a control character as ^X under ECHOCTL. */
    static void echo(Tty tty, byte c) {
        if ((tty.termios.local & Termios.ECHOCTL) != 0 && control(c) && c != '\t') {
            tty.output.add((byte) '^');
            tty.output.add((byte) (c ^ 0100));
            tty.column += 2;
        } else {
            put(tty, c);
        }
    }

    /** A control character (iscntrl): below space, or DEL. */
    static boolean control(byte c) {
        return c >= 0 && c < ' ' || c == 0x7f;
    }

    /** A byte inside a UTF-8 character. */
    static boolean continuation(Tty tty, byte c) {
        return (tty.termios.input & Termios.IUTF8) != 0 && (c & 0xc0) == 0x80;
    }
}
