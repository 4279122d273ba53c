package vkernel.guest.linux.sys;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/** Calls of riscv alone, and of the machine: riscv_hwprobe(2), riscv_flush_icache(2), membarrier(2). */
public final class HwprobeCalls implements CallGroup {
    /** Value of each key, from 0 (Documentation/arch/riscv/hwprobe.rst); vdso.S has the same. */
    private static final long[] VALUES = {
        0, // MVENDORID
        0, // MARCHID
        0, // MIMPID
        1, // BASE_BEHAVIOR: IMA
        3, // IMA_EXT_0: FD, C
        3, // CPUPERF_0: misaligned accesses are fast
        0, // ZICBOZ_BLOCK_SIZE
        AddressSpace.END - 1, // HIGHEST_VIRT_ADDRESS
        1_000_000_000, // TIME_CSR_FREQ
        3 // MISALIGNED_SCALAR_PERF: fast
    };

    // Commands of membarrier(2).
    private static final int GLOBAL = 1;
    private static final int GLOBAL_EXPEDITED = 2;
    private static final int REGISTER_GLOBAL_EXPEDITED = 4;
    private static final int PRIVATE_EXPEDITED = 8;
    private static final int REGISTER_PRIVATE_EXPEDITED = 16;
    private static final int SYNC_CORE = 32;
    private static final int REGISTER_SYNC_CORE = 64;
    private static final int GET_REGISTRATIONS = 512;
    private static final int REGISTERS = REGISTER_GLOBAL_EXPEDITED | REGISTER_PRIVATE_EXPEDITED | REGISTER_SYNC_CORE;
    private static final int OFFERED =
            GLOBAL | GLOBAL_EXPEDITED | PRIVATE_EXPEDITED | SYNC_CORE | GET_REGISTRATIONS | REGISTERS;

    private static final int WHICH_CPUS = 1;

    private final Kernel kernel;
    private final User user;

    public HwprobeCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.RISCV_HWPROBE);
        table.partial(this, Nr.RISCV_FLUSH_ICACHE, "other harts see new code when they fetch it next");
        table.partial(this, Nr.MEMBARRIER, "no restartable sequences");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.RISCV_HWPROBE -> hwprobe(task, a0, a1, a2, a3, a4);
            case Nr.RISCV_FLUSH_ICACHE -> flush(task, a0, a1, a2);
            case Nr.MEMBARRIER -> membarrier(task, a0, a1, a2);
            default -> throw Table.unclaimed(call);
        };
    }

    /** struct riscv_hwprobe: key at 0, value at 8. Every hart is the same, so the set of harts does not matter. */
    private long hwprobe(Task task, long pairs, long count, long cpuSize, long cpus, long flags) {
        if ((flags & ~WHICH_CPUS) != 0) {
            return -EINVAL;
        }
        if ((flags & WHICH_CPUS) != 0) {
            return whichCpus(task, pairs, count, cpuSize, cpus);
        }
        for (long i = 0; i < count; i++) {
            if (!user.read(task, pairs + i * 16, 8)) {
                return -EFAULT;
            }
            long key = user.i64(0);
            boolean known = key >= 0 && key < VALUES.length;
            user.put64(0, known ? key : -1);
            user.put64(8, known ? VALUES[(int) key] : 0);
            if (!user.write(task, pairs + i * 16, 16)) {
                return -EFAULT;
            }
        }
        return 0;
    }

    /** All harts that have the values asked for: all or none. */
    private long whichCpus(Task task, long pairs, long count, long cpuSize, long cpus) {
        if (cpuSize <= 0 || cpus == 0 || cpuSize > User.PATH_MAX) {
            return -EINVAL;
        }
        boolean all = true;
        for (long i = 0; i < count; i++) {
            if (!user.read(task, pairs + i * 16, 16)) {
                return -EFAULT;
            }
            long key = user.i64(0);
            boolean known = key >= 0 && key < VALUES.length;
            all &= known && user.i64(8) == VALUES[(int) key];
            if (!known
                    && (user.giveLong(task, pairs + i * 16, -1) != 0
                            || user.giveLong(task, pairs + i * 16 + 8, 0) != 0)) {
                return -EFAULT;
            }
        }
        if (!user.read(task, cpus, (int) cpuSize)) {
            return -EFAULT;
        }
        boolean given = false;
        for (int i = 0; i < cpuSize; i++) {
            given |= user.bytes[i] != 0;
        }
        for (int i = 0; i < cpuSize; i++) {
            int present = i >= 8 ? 0 : (int) (harts() >>> 8 * i) & 0xff;
            user.bytes[i] = (byte) (all ? given ? user.bytes[i] & present : present : 0);
        }
        return user.give(task, cpus, (int) cpuSize);
    }

    private long harts() {
        return kernel.harts() >= 64 ? -1 : (1L << kernel.harts()) - 1;
    }

    private long flush(Task task, long start, long end, long flags) {
        return (flags & ~1) != 0 ? -EINVAL : 0;
    }

    private long membarrier(Task task, long command, long flags, long cpu) {
        if ((int) flags != 0) {
            return -EINVAL;
        }
        AddressSpace own = task.memory();
        return switch ((int) command) {
            case 0 -> OFFERED;
            case GLOBAL, GLOBAL_EXPEDITED -> barrier();
            case PRIVATE_EXPEDITED -> barrier(own, REGISTER_PRIVATE_EXPEDITED);
            case SYNC_CORE -> barrier(own, REGISTER_SYNC_CORE);
            case REGISTER_GLOBAL_EXPEDITED, REGISTER_PRIVATE_EXPEDITED, REGISTER_SYNC_CORE -> {
                own.barriers |= (int) command;
                yield 0;
            }
            case GET_REGISTRATIONS -> own.barriers;
            default -> -EINVAL;
        };
    }

    private long barrier(AddressSpace space, int register) {
        if ((space.barriers & register) == 0) {
            return -EPERM;
        }
        kernel.vm().barrier(space);
        return 0;
    }

    private long barrier() {
        for (Task each : kernel.processes().tasks()) {
            if (each.state == Task.State.RUNNING && each.memory != null) {
                kernel.vm().barrier(each.memory);
            }
        }
        return 0;
    }
}
