package vkernel.dev;

import java.util.Arrays;

/** Terminal settings (termios(3)), with riscv Linux's bits; starts as a Linux console does. */
public final class Termios {
    public static final int IGNBRK = 1, BRKINT = 2, ISTRIP = 040, INLCR = 0100, IGNCR = 0200, ICRNL = 0400;
    public static final int IXON = 02000, IXANY = 04000, IXOFF = 010000, IMAXBEL = 020000, IUTF8 = 040000;
    public static final int OPOST = 1, ONLCR = 4, OCRNL = 010, ONOCR = 020, ONLRET = 040, TABDLY = 014000;
    public static final int HUPCL = 02000;
    public static final int ISIG = 1, ICANON = 2, ECHO = 010, ECHOE = 020, ECHOK = 040, ECHONL = 0100;
    public static final int NOFLSH = 0200, TOSTOP = 0400, ECHOCTL = 01000, ECHOKE = 04000, IEXTEN = 0100000;
    public static final int VINTR = 0, VQUIT = 1, VERASE = 2, VKILL = 3, VEOF = 4, VTIME = 5, VMIN = 6;
    public static final int VSWTC = 7, VSTART = 8, VSTOP = 9, VSUSP = 10, VEOL = 11, VREPRINT = 12;
    public static final int VDISCARD = 13, VWERASE = 14, VLNEXT = 15, VEOL2 = 16;
    public static final int NCCS = 19;

    public int input = ICRNL | IXON | IUTF8;
    public int output = OPOST | ONLCR;
    /** B38400, CS8, CREAD, HUPCL. */
    public int control = 0000017 | 0000060 | 0000200 | HUPCL;

    public int local = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
    public int discipline;
    public final byte[] chars = {3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0};

    /** Bits that may not be changed: none (TIOCSLCKTRMIOS of tty_ioctl(4)). */
    public static Termios noLocks() {
        Termios locks = new Termios();
        locks.input = locks.output = locks.control = locks.local = 0;
        Arrays.fill(locks.chars, (byte) 0);
        return locks;
    }

    /** Puts back what another one has where locks have bits. */
    public void keep(Termios old, Termios locks) {
        input = input & ~locks.input | old.input & locks.input;
        output = output & ~locks.output | old.output & locks.output;
        control = control & ~locks.control | old.control & locks.control;
        local = local & ~locks.local | old.local & locks.local;
        if (locks.discipline != 0) {
            discipline = old.discipline;
        }
        for (int i = 0; i < NCCS; i++) {
            if (locks.chars[i] != 0) {
                chars[i] = old.chars[i];
            }
        }
    }
}
