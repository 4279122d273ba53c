package vkernel.kern;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Strings that were asked for lately, so that a program that names the same file again makes no new ones (soft). Bytes
 * are characters up to 255. Not thread-safe: belongs to who has the kernel lock.
 */
public final class RecentStrings {
    private static final int SLOTS = 512;
    /** Longer ones are made anew each time. */
    private static final int LONGEST = 255;

    private final @Nullable String[] slots = new String[SLOTS];

    /** The string of some bytes, from the first. */
    public String of(byte[] bytes, int length) {
        if (length > LONGEST) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + (bytes[i] & 0xff);
        }
        int slot = slot(hash);
        String recent = slots[slot];
        if (recent == null || !same(recent, bytes, length)) {
            recent = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            slots[slot] = recent;
        }
        return recent;
    }

    /** A part of a string. */
    public String of(String whole, int from, int to) {
        int length = to - from;
        if (length > LONGEST || length == whole.length()) {
            return whole.substring(from, to);
        }
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + whole.charAt(i);
        }
        int slot = slot(hash);
        String recent = slots[slot];
        if (recent == null || recent.length() != length || !whole.startsWith(recent, from)) {
            recent = whole.substring(from, to);
            slots[slot] = recent;
        }
        return recent;
    }

    private static int slot(int hash) {
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }

    private static boolean same(String string, byte[] bytes, int length) {
        if (string.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (string.charAt(i) != (bytes[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
