package vkernel.guest.vm;

import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** Copies to and from user memory whatever its protection (Linux: access_remote_vm with FOLL_FORCE). */
final class ForcedMemory {
    private static final int TRIES = 64;

    private final Ram ram;
    private final Frames frames;
    private final PageTables tables;
    private final Faults faults;

    ForcedMemory(Ram ram, Frames frames, PageTables tables, Faults faults) {
        this.ram = ram;
        this.frames = frames;
        this.tables = tables;
        this.faults = faults;
    }

    int peek(AddressSpace space, long va, byte[] to, int offset, int length) {
        int done = 0;
        while (done < length) {
            long address = address(space, va + done, Vma.READ);
            if (address < 0) {
                break;
            }
            int n = Math.min(length - done, PageTables.PAGE - (int) (address & PageTables.PAGE - 1));
            ram.read(address, to, offset + done, n);
            done += n;
        }
        return done;
    }

    int poke(AddressSpace space, long va, byte[] from, int offset, int length) {
        int done = 0;
        while (done < length) {
            long address = address(space, va + done, Vma.WRITE);
            if (address < 0) {
                break;
            }
            int n = Math.min(length - done, PageTables.PAGE - (int) (address & PageTables.PAGE - 1));
            ram.write(address, from, offset + done, n);
            done += n;
        }
        return done;
    }

    private long address(AddressSpace space, long va, int access) {
        Vma vma = space.find(va);
        if (vma == null || space.doomed) {
            return -1;
        }
        boolean write = access == Vma.WRITE;
        if (write && vma.shared && (vma.protection & Vma.WRITE) == 0) {
            return -1;
        }
        for (int i = 0; i < TRIES; i++) {
            long entry = tables.entry(space.root, va);
            if (entry != 0 && (!write || mayWrite(vma, entry))) {
                return (entry & Vpte.FRAME) | (va & PageTables.PAGE - 1);
            }
            if (faults.bring(vma, va & -PageTables.PAGE, access) != Vm.FAULT_DONE) {
                return -1;
            }
        }
        return -1;
    }

    private boolean mayWrite(Vma vma, long entry) {
        boolean own = !vma.shared && (entry & PageTables.CACHED) == 0 && frames.sole(Vpte.frame(entry));
        return own || (entry & Vpte.W) != 0;
    }
}
