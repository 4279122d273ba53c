package vkernel.guest.fs.procfs;

import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.Path;

/**
 * A file of /proc.
 *
 * @param mode type and permissions
 * @param traced only for who may trace the process (ptrace(2), PTRACE_MODE_READ)
 * @param text its contents, or a link's target; null for a directory
 * @param place where a magic link leads, null for others
 * @param setter takes what is written, null when nothing can be
 */
record Entry(
        int mode,
        boolean traced,
        @Nullable Text text,
        @Nullable Place place,
        @Nullable Setter setter) {

    /** Bytes are chars of ISO 8859-1. */
    @FunctionalInterface
    interface Text {
        String of(View view);
    }

    @FunctionalInterface
    interface Place {
        @Nullable
        Path of(View view);
    }

    @FunctionalInterface
    interface Setter {
        /** @return 0 or -errno */
        long set(View view, String text);
    }

    static Entry folder(int permissions) {
        return new Entry(Mode.S_IFDIR | permissions, false, null, null, null);
    }

    static Entry file(Text text) {
        return file(0444, text);
    }

    static Entry file(int permissions, Text text) {
        return new Entry(Mode.S_IFREG | permissions, false, text, null, null);
    }

    /** A file that never changes. */
    static Entry constant(String text) {
        return file(view -> text);
    }

    static Entry constant(long number) {
        return constant(number + "\n");
    }

    static Entry link(Text target) {
        return new Entry(Mode.S_IFLNK | 0777, false, target, null, null);
    }

    /** A link to a place rather than to a name. */
    static Entry magic(Place place) {
        return new Entry(Mode.S_IFLNK | 0777, true, view -> view.name(place.of(view)), place, null);
    }

    /** The same, but only for who may trace the process. */
    Entry guarded() {
        return new Entry(mode, true, text, place, setter);
    }

    /** The same, and its owner may write it. */
    Entry writable(Setter with) {
        return new Entry(mode | 0200, traced, text, place, with);
    }

    boolean directory() {
        return (mode & Mode.S_IFMT) == Mode.S_IFDIR;
    }

    boolean symlink() {
        return (mode & Mode.S_IFMT) == Mode.S_IFLNK;
    }
}
