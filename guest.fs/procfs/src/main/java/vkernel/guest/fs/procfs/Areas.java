package vkernel.guest.fs.procfs;

import vkernel.vm.AddressSpace;
import vkernel.vm.Vma;

/**
 * What an address space is used for, bytes (Linux: vm_stat_account).
 *
 * @param size all that is mapped
 * @param text the program's code
 * @param libraries other code
 * @param data private and writable, without the stack
 */
record Areas(long size, long text, long libraries, long data, long stack) {
    private static final long PAGE = 4096;

    static Areas of(AddressSpace space) {
        long code = 0;
        long data = 0;
        long stack = 0;
        for (int i = 0; i < space.count(); i++) {
            Vma vma = space.vma(i);
            long bytes = vma.end - vma.start;
            boolean writable = (vma.protection & Vma.WRITE) != 0;
            if (vma.growsDown) {
                stack += bytes;
            } else if (writable && !vma.shared) {
                data += bytes;
            } else if (!writable && (vma.protection & Vma.EXECUTE) != 0) {
                code += bytes;
            }
        }
        long text = (space.endCode + PAGE - 1 & -PAGE) - (space.startCode & -PAGE);
        return new Areas(space.mapped(), text, Math.max(0, code - text), data, stack);
    }
}
