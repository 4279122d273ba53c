package vkernel.guest.vm;

import vkernel.host.Ram;
import vkernel.host.Vpte;
import vkernel.kern.Kernel;
import vkernel.task.Process;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/**
 * Copies to and from user memory with the user's rights (Linux: uaccess.h): straight between RAM and RAM or an array, a
 * page at a time, repairing faults on the way. Every copy says how many bytes were moved; fewer than asked means that
 * the next byte faults.
 */
final class UserMemory {
    /** No address: the access faults. */
    static final long FAULT = -1;

    private static final int OFFSET = PageTables.PAGE - 1;
    /** Faults in a row without getting anywhere: making room may undo a repair, but not for ever. */
    private static final int TRIES = 64;

    private final Kernel kernel;
    private final Ram ram;
    private final PageTables tables;
    private final Faults faults;

    UserMemory(Kernel kernel, Ram ram, PageTables tables, Faults faults) {
        this.kernel = kernel;
        this.ram = ram;
        this.tables = tables;
        this.faults = faults;
    }

    /** Physical address of a byte for reading; FAULT. */
    long readable(AddressSpace space, long va) {
        return translate(space, va, Vma.READ, Vpte.R, Vpte.A);
    }

    /** Physical address of a byte for writing; FAULT. */
    long writable(AddressSpace space, long va) {
        return translate(space, va, Vma.WRITE, Vpte.W, Vpte.A | Vpte.M);
    }

    private long translate(AddressSpace space, long va, int access, long right, long used) {
        if (Long.compareUnsigned(va, AddressSpace.END) >= 0) {
            return FAULT;
        }
        for (int i = 0; i < TRIES; i++) {
            long slot = tables.find(space.root, va);
            long entry = slot < 0 ? 0 : ram.getLong(slot);
            if ((entry & right) != 0) {
                if ((entry & used) != used) {
                    tables.add(slot, used);
                }
                return (entry & Vpte.FRAME) | (va & OFFSET);
            }
            if (faults.repair(space, process(space), va, access) != Vm.FAULT_DONE) {
                return FAULT;
            }
        }
        return FAULT;
    }

    private Process process(AddressSpace space) {
        Task task = kernel.current();
        return task != null && task.memory == space ? task.process : null;
    }

    private static int chunk(long va, int left) {
        return Math.min(left, PageTables.PAGE - (int) (va & OFFSET));
    }

    int read(AddressSpace space, long va, byte[] to, int offset, int length) {
        int done = 0;
        while (done < length) {
            long address = readable(space, va + done);
            if (address == FAULT) {
                break;
            }
            int n = chunk(va + done, length - done);
            ram.read(address, to, offset + done, n);
            done += n;
        }
        return done;
    }

    int write(AddressSpace space, long va, byte[] from, int offset, int length) {
        int done = 0;
        while (done < length) {
            long address = writable(space, va + done);
            if (address == FAULT) {
                break;
            }
            int n = chunk(va + done, length - done);
            ram.write(address, from, offset + done, n);
            done += n;
        }
        return done;
    }

    /** From user memory to RAM. */
    int readRam(AddressSpace space, long va, long to, int length) {
        int done = 0;
        while (done < length) {
            long address = readable(space, va + done);
            if (address == FAULT) {
                break;
            }
            int n = chunk(va + done, length - done);
            ram.copy(address, to + done, n);
            done += n;
        }
        return done;
    }

    /** From RAM to user memory. */
    int writeRam(AddressSpace space, long va, long from, int length) {
        int done = 0;
        while (done < length) {
            long address = writable(space, va + done);
            if (address == FAULT) {
                break;
            }
            int n = chunk(va + done, length - done);
            ram.copy(from + done, address, n);
            done += n;
        }
        return done;
    }

    int zero(AddressSpace space, long va, int length) {
        int done = 0;
        while (done < length) {
            long address = writable(space, va + done);
            if (address == FAULT) {
                break;
            }
            int n = chunk(va + done, length - done);
            ram.zero(address, n);
            done += n;
        }
        return done;
    }
}
