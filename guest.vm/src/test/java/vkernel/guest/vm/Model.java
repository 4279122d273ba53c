package vkernel.guest.vm;

import static vkernel.guest.vm.Machine.PAGE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.task.Task;
import vkernel.vm.PageCache;
import vkernel.vm.Vma;

/** What memory should hold, said as simply as can be: every page of every process has its own bytes or a file's. */
final class Model {
    /** A file, or shared anonymous memory. */
    static final class File {
        byte[] bytes;
        final @Nullable PageCache pages;
        final @Nullable OpenFile open;

        File(byte[] bytes, @Nullable PageCache pages, @Nullable OpenFile open) {
            this.bytes = bytes;
            this.pages = pages;
            this.open = open;
        }

        void resize(int size) {
            bytes = java.util.Arrays.copyOf(bytes, size);
        }
    }

    /** A page of a process. */
    static final class Page {
        int protection;
        final boolean shared;
        final @Nullable File file;
        final int index;
        /** A private page's own bytes, once it has them. */
        byte @Nullable [] own;

        Page(int protection, boolean shared, @Nullable File file, int index) {
            this.protection = protection;
            this.shared = shared;
            this.file = file;
            this.index = index;
        }

        Page copy() {
            Page copy = new Page(protection, shared, file, index);
            copy.own = own == null ? null : own.clone();
            return copy;
        }

        boolean readable() {
            return (protection & (Vma.READ | Vma.WRITE)) != 0 && backed();
        }

        boolean writable() {
            return (protection & Vma.WRITE) != 0 && backed();
        }

        /** Not beyond the end of its file. */
        private boolean backed() {
            return own != null || file == null || (long) index * PAGE < file.bytes.length;
        }

        byte get(int offset) {
            if (own != null) {
                return own[offset];
            }
            return file == null || at(offset) >= file.bytes.length ? 0 : file.bytes[at(offset)];
        }

        /** Writing behind the end of a file within its last page is not modelled: @return whether it was. */
        void set(int offset, byte value) {
            if (shared && file != null) {
                file.bytes[at(offset)] = value;
                return;
            }
            if (own == null) {
                own = new byte[PAGE];
                if (file != null) {
                    int n = Math.min(PAGE, file.bytes.length - at(0));
                    System.arraycopy(file.bytes, at(0), own, 0, Math.max(n, 0));
                }
            }
            own[offset] = value;
        }

        boolean beyondEnd(int offset) {
            return shared && file != null && at(offset) >= file.bytes.length;
        }

        private int at(int offset) {
            return index * PAGE + offset;
        }
    }

    /** A process and its pages by number. */
    static final class Proc {
        final Task task;
        final TreeMap<Long, Page> pages = new TreeMap<>();

        Proc(Task task) {
            this.task = task;
        }

        @Nullable
        Page page(long va) {
            return pages.get(va / PAGE);
        }
    }

    final List<Proc> procs = new ArrayList<>();
    final List<File> files = new ArrayList<>();

    Proc fork(Proc parent, Task task) {
        Proc child = new Proc(task);
        parent.pages.forEach((number, page) -> child.pages.put(number, page.copy()));
        procs.add(child);
        return child;
    }

    /** The file becomes shorter or longer: private copies behind the end are lost. */
    void truncate(File file, int size) {
        int end = (size + PAGE - 1) / PAGE;
        if (size <= file.bytes.length) {
            forEachPage(file, page -> page.own = page.index >= end ? null : page.own);
        }
        file.resize(size);
    }

    private void forEachPage(File file, java.util.function.Consumer<Page> action) {
        Map<Page, Boolean> seen = new HashMap<>();
        for (Proc proc : procs) {
            for (Page page : proc.pages.values()) {
                if (page.file == file && seen.put(page, true) == null) {
                    action.accept(page);
                }
            }
        }
    }
}
