package vkernel.guest.fs.archive;

import vkernel.fs.Inode;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;

/** Where a packed archive is unpacked to: page caches. */
final class Memory {
    private final Vm vm;

    Memory(Vm vm) {
        this.vm = vm;
    }

    /** Bytes free. */
    long free() {
        return vm.stats().free();
    }

    /** Writes to a file. @return false when memory is short */
    boolean store(Inode file, long position, byte[] bytes, int length) {
        PageCache pages = file.pages;
        if (pages == null) {
            return true;
        }
        boolean stored = vm.writePages(pages, position, vm.buffer(bytes, 0, length)) == length;
        file.sb.pages += pages.count() - file.charged;
        file.charged = pages.count();
        return stored;
    }
}
