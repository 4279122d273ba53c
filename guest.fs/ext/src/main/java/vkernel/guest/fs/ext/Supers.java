package vkernel.guest.fs.ext;

import static vkernel.guest.fs.ext.Le.i32;
import static vkernel.guest.fs.ext.Le.put16;
import static vkernel.guest.fs.ext.Le.put32;
import static vkernel.guest.fs.ext.Le.u16;

import java.util.concurrent.TimeUnit;
import vkernel.fs.Volume;

/** What the super block says of the file system's state (Linux: ext4_setup_super, ext4_put_super). */
final class Supers {
    private static final int VALID = 1;
    private static final int ERRORS = 2;

    /** Whether it was left with errors, which e2fsck has to look after. */
    static boolean hasErrors(byte[] sb) {
        return (u16(sb, 0x3a) & ERRORS) != 0;
    }

    /** Whether it was unmounted; with a journal that does not matter. */
    static boolean clean(byte[] sb) {
        return (u16(sb, 0x3a) & VALID) != 0;
    }

    static boolean needsRecovery(byte[] sb) {
        return (i32(sb, 0x60) & Layout.RECOVER) != 0;
    }

    /** What it asks for when it makes no sense. */
    static int onErrors(byte[] sb) {
        int kind = u16(sb, 0x3c);
        return kind >= 1 && kind <= 3 ? kind : 1;
    }

    /** It makes no sense: e2fsck has to look after it. */
    static void error(Layout layout, byte[] sb) {
        put16(sb, 0x3a, u16(sb, 0x3a) | ERRORS);
        seal(layout, sb);
    }

    /** It is going to be written. */
    static void begin(Layout layout, byte[] sb, boolean journal, long realtime) {
        if (journal) {
            put32(sb, 0x60, i32(sb, 0x60) | Layout.RECOVER);
        } else {
            put16(sb, 0x3a, u16(sb, 0x3a) & ~VALID);
        }
        put32(sb, 0x2c, realtime / TimeUnit.SECONDS.toNanos(1));
        put16(sb, 0x34, u16(sb, 0x34) + 1);
        seal(layout, sb);
    }

    /** All of it is in its place. */
    static void end(Layout layout, byte[] sb) {
        put32(sb, 0x60, i32(sb, 0x60) & ~Layout.RECOVER);
        put16(sb, 0x3a, u16(sb, 0x3a) | VALID);
        seal(layout, sb);
    }

    static void seal(Layout layout, byte[] sb) {
        if (layout.checksums) {
            put32(sb, 0x3fc, Crc.of(~0, sb, 0, 0x3fc));
        }
    }

    /** Writes the super block to its place, waiting. */
    static boolean write(Mounted fs) {
        Volume volume = fs.volume;
        long number = Layout.SUPER_AT / fs.layout.blockSize;
        fs.blocks.forget(number);
        volume.running.remove(number);
        return fs.commits.writeNow(Layout.SUPER_AT, volume.superBlock.clone());
    }

    private Supers() {}
}
