package vkernel.drivers.console;

import static vkernel.dev.Termios.*;

import vkernel.dev.Termios;
import vkernel.dev.Tty;
import vkernel.kern.Kernel;
import vkernel.task.SigInfo;
import vkernel.task.Signal;

/** What becomes of a typed character (termios(3); n_tty.c: n_tty_receive_char_special). */
final class LineDiscipline {
    private final Kernel kernel;

    LineDiscipline(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Whether another character can be taken. A line that grows too long loses its tail, as long as it can end. */
    static boolean room(Tty tty) {
        boolean canonical = (tty.termios.local & ICANON) != 0;
        int free = tty.input.room() - tty.line.count();
        return free > 1 || canonical && tty.lines.isEmpty();
    }

    /** Takes one character from the terminal. */
    void receive(Tty tty, byte typed) {
        Termios t = tty.termios;
        byte c = (t.input & ISTRIP) != 0 ? (byte) (typed & 0x7f) : typed;
        if (tty.literal) {
            tty.literal = false;
            plain(tty, c, false);
            return;
        }
        if (flowControl(tty, c) || signal(tty, c)) {
            return;
        }
        if (tty.stopped && (t.input & (IXON | IXANY)) == (IXON | IXANY)) {
            tty.stopped = false;
        }
        if (c == '\r') {
            if ((t.input & IGNCR) != 0) {
                return;
            }
            c = (t.input & ICRNL) != 0 ? (byte) '\n' : c;
        } else if (c == '\n' && (t.input & INLCR) != 0) {
            c = '\r';
        }
        if ((t.local & ICANON) == 0 || !edit(tty, c)) {
            plain(tty, c, c == '\n' && typed != c);
        }
    }

    private static boolean flowControl(Tty tty, byte c) {
        if ((tty.termios.input & IXON) == 0) {
            return false;
        }
        if (is(tty, VSTART, c)) {
            tty.stopped = false;
            return true;
        }
        if (is(tty, VSTOP, c)) {
            tty.stopped = true;
            return true;
        }
        return false;
    }

    private boolean signal(Tty tty, byte c) {
        if ((tty.termios.local & ISIG) == 0) {
            return false;
        }
        int signal = is(tty, VINTR, c)
                ? Signal.SIGINT
                : is(tty, VQUIT, c) ? Signal.SIGQUIT : is(tty, VSUSP, c) ? Signal.SIGTSTP : 0;
        if (signal == 0) {
            return false;
        }
        if ((tty.termios.local & NOFLSH) == 0) {
            flushInput(tty);
            flushOutput(tty);
        }
        if ((tty.termios.input & IXON) != 0) {
            tty.stopped = false;
        }
        if ((tty.termios.local & ECHO) != 0) {
            Output.echo(tty, c);
        }
        if (tty.foreground > 0) {
            kernel.signalGroup(tty.foreground, SigInfo.kernel(signal));
        }
        return true;
    }

    /** The keys of canonical mode. @return false for a character of the line */
    private boolean edit(Tty tty, byte c) {
        boolean extended = (tty.termios.local & IEXTEN) != 0;
        if (is(tty, VERASE, c)) {
            Erase.character(tty, c);
        } else if (is(tty, VKILL, c)) {
            Erase.line(tty, c);
        } else if (extended && is(tty, VWERASE, c)) {
            Erase.word(tty);
        } else if (extended && is(tty, VLNEXT, c)) {
            literalNext(tty);
        } else if (extended && is(tty, VREPRINT, c) && (tty.termios.local & ECHO) != 0) {
            reprint(tty, c);
        } else if (c == '\n') {
            if ((tty.termios.local & (ECHO | ECHONL)) != 0) {
                Output.put(tty, c);
            }
            end(tty, c);
        } else if (is(tty, VEOF, c)) {
            complete(tty);
        } else if (is(tty, VEOL, c) || extended && is(tty, VEOL2, c)) {
            if ((tty.termios.local & ECHO) != 0) {
                Output.echo(tty, c);
            }
            end(tty, c);
        } else {
            return false;
        }
        return true;
    }

    private static void literalNext(Tty tty) {
        tty.literal = true;
        if ((tty.termios.local & (ECHO | ECHOCTL)) == (ECHO | ECHOCTL)) {
            Output.put(tty, (byte) '^');
            Output.put(tty, (byte) '\b');
        }
    }

    private static void reprint(Tty tty, byte c) {
        Output.echo(tty, c);
        Output.put(tty, (byte) '\n');
        for (int i = 0; i < tty.line.count(); i++) {
            Output.echo(tty, tty.line.peek(i));
        }
    }

    /**
     * A character that is part of the input.
     *
     * @param turned whether it is a newline that was a carriage return: echoed as what it is, not as ^J
     */
    private void plain(Tty tty, byte c, boolean turned) {
        boolean canonical = (tty.termios.local & ICANON) != 0;
        if (tty.input.room() - tty.line.count() <= 1) {
            if ((tty.termios.input & IMAXBEL) != 0) {
                Output.put(tty, (byte) 7);
            }
            return;
        }
        if ((tty.termios.local & ECHO) != 0) {
            if (tty.line.isEmpty()) {
                tty.lineColumn = tty.column;
            }
            if (turned) {
                Output.put(tty, c);
            } else {
                Output.echo(tty, c);
            }
        }
        if (canonical) {
            tty.line.add(c);
        } else {
            tty.input.add(c);
            kernel.wake(tty.forInput);
        }
    }

    private void end(Tty tty, byte c) {
        tty.line.add(c);
        complete(tty);
    }

    /** Makes the line being edited readable, with or without an end. */
    void complete(Tty tty) {
        tty.lines.add(tty.line.count());
        move(tty);
        kernel.wake(tty.forInput);
    }

    private static void move(Tty tty) {
        while (!tty.line.isEmpty()) {
            tty.input.add(tty.line.take());
        }
    }

    /** ICANON was switched: what was typed so far becomes one piece of input of the new kind. */
    void modeChanged(Tty tty) {
        boolean canonical = (tty.termios.local & ICANON) != 0;
        tty.lines.clear();
        tty.literal = false;
        move(tty);
        if (canonical && !tty.input.isEmpty()) {
            tty.lines.add(tty.input.count());
        }
        kernel.wake(tty.forInput);
    }

    static void flushInput(Tty tty) {
        tty.input.clear();
        tty.line.clear();
        tty.lines.clear();
        tty.literal = false;
        PtyMaster.note(tty, PtyMaster.FLUSH_READ);
    }

    void flushOutput(Tty tty) {
        tty.output.clear();
        PtyMaster.note(tty, PtyMaster.FLUSH_WRITE);
        kernel.wake(tty.forOutput);
    }

    /** Whether a character is the special one of an index; a special character of 0 is switched off. */
    private static boolean is(Tty tty, int index, byte c) {
        return c != 0 && tty.termios.chars[index] == c;
    }
}
