package vkernel.guest.linux.sys;

import static vkernel.kern.Errno.EFAULT;
import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.EPERM;

import vkernel.abi.Uts;
import vkernel.fs.IoBuffer;
import vkernel.guest.linux.table.CallGroup;
import vkernel.guest.linux.table.Nr;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.user.Times;
import vkernel.guest.linux.user.User;
import vkernel.guest.linux.user.Vectors;
import vkernel.kern.End;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Credentials;
import vkernel.task.Task;
import vkernel.vm.MemoryStats;

/** uname(2), sysinfo(2), getrandom(2), reboot(2). */
public final class SystemCalls implements CallGroup {
    private static final int UTS_FIELD = 65;
    private static final int HOSTNAME_MAX = 64;
    private static final int LOAD_SCALE = 65536;
    private static final int RANDOM_PIECE = 256;
    private static final long RANDOM_MAX = 0x1ff_ffff;

    private static final int REBOOT_MAGIC = 0xfee1_dead;
    private static final int[] REBOOT_MAGIC2 = {672_274_793, 85_072_278, 369_367_448, 537_993_216};
    private static final int REBOOT_RESTART = 0x0123_4567;
    private static final int REBOOT_RESTART2 = 0xa1b2_c3d4;
    private static final int REBOOT_HALT = 0xcdef_0123;
    private static final int REBOOT_POWER_OFF = 0x4321_fedc;
    private static final int REBOOT_CAD_ON = 0x89ab_cdef;
    private static final int REBOOT_CAD_OFF = 0;

    private final Kernel kernel;
    private final User user;
    private String domain = Uts.DOMAIN;

    public SystemCalls(Kernel kernel, User user) {
        this.kernel = kernel;
        this.user = user;
    }

    /** setdomainname(2). */
    public String domain() {
        return domain;
    }

    public void adopt(String name) {
        domain = name;
    }

    @Override
    public void table(Table table) {
        table.full(this, Nr.UNAME, Nr.SETHOSTNAME, Nr.SETDOMAINNAME, Nr.SYSINFO, Nr.GETRANDOM);
        table.partial(this, Nr.REBOOT, "no kexec, no suspend");
    }

    @Override
    public long call(int call, Task task, long a0, long a1, long a2, long a3, long a4, long a5) {
        return switch (call) {
            case Nr.UNAME -> uname(task, a0);
            case Nr.SETHOSTNAME -> sethostname(task, a0, a1);
            case Nr.SETDOMAINNAME -> setdomainname(task, a0, a1);
            case Nr.SYSINFO -> sysinfo(task, a0);
            case Nr.GETRANDOM -> getrandom(task, a0, a1, a2);
            case Nr.REBOOT -> reboot(task, a0, a1, a2, a3);
            default -> throw Table.unclaimed(call);
        };
    }

    private long uname(Task task, long va) {
        String[] fields = {Uts.SYSNAME, kernel.hostname(), Uts.RELEASE, Uts.VERSION, Uts.MACHINE, domain};
        for (int i = 0; i < fields.length; i++) {
            user.putString(i * UTS_FIELD, fields[i], UTS_FIELD);
        }
        return user.give(task, va, fields.length * UTS_FIELD);
    }

    private Result<String> name(Task task, long va, long length) {
        if (!task.credentials.can(Credentials.CAP_SYS_ADMIN)) {
            return Result.error(-EPERM);
        }
        if ((int) length < 0 || (int) length > HOSTNAME_MAX) {
            return Result.error(-EINVAL);
        }
        if (!user.read(task, va, (int) length)) {
            return Result.error(-EFAULT);
        }
        return Result.of(new String(user.bytes, 0, (int) length, java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private long sethostname(Task task, long va, long length) {
        Result<String> name = name(task, va, length);
        if (name.ok()) {
            kernel.setHostname(name.value());
        }
        return name.error();
    }

    private long setdomainname(Task task, long va, long length) {
        Result<String> name = name(task, va, length);
        if (name.ok()) {
            domain = name.value();
        }
        return name.error();
    }

    /** struct sysinfo: uptime, loads at 8, total at 32, free, shared, buffers, swap at 64, procs at 80, unit at 104. */
    private long sysinfo(Task task, long va) {
        MemoryStats memory = kernel.vm().stats();
        user.zero(112);
        user.put64(0, kernel.now() / Times.SECOND);
        for (int i = 0; i < 3; i++) {
            user.put64(8 + 8 * i, (long) (kernel.stats().load[i] * LOAD_SCALE));
        }
        user.put64(32, memory.total());
        user.put64(40, memory.free());
        user.put64(48, memory.shared());
        user.put64(64, memory.swapTotal());
        user.put64(72, memory.swapFree());
        user.put16(80, kernel.processes().tasks().size());
        user.put32(104, 1);
        return user.give(task, va, 112);
    }

    private long getrandom(Task task, long va, long length, long flags) {
        if (((int) flags & ~7) != 0 || ((int) flags & 6) == 6) {
            return -EINVAL;
        }
        if (Vectors.outside(va, length)) {
            return -EFAULT;
        }
        long total = Math.min(length, RANDOM_MAX);
        IoBuffer to = kernel.vm().buffer(task, va, total);
        byte[] piece = new byte[(int) Math.min(RANDOM_PIECE, total)];
        long done = 0;
        while (done < total) {
            kernel.random(piece);
            int n = to.put(piece, 0, (int) Math.min(piece.length, total - done));
            if (n <= 0) {
                return done > 0 ? done : -EFAULT;
            }
            done += n;
        }
        return done;
    }

    private long reboot(Task task, long magic, long magic2, long command, long words) {
        if (!task.credentials.can(Credentials.CAP_SYS_BOOT)) {
            return -EPERM;
        }
        boolean meant = (int) magic == REBOOT_MAGIC
                && java.util.Arrays.stream(REBOOT_MAGIC2).anyMatch(m -> m == (int) magic2);
        if (!meant) {
            return -EINVAL;
        }
        if ((int) command == REBOOT_RESTART2 && !user.read(task, words, 1)) {
            return -EFAULT;
        }
        switch ((int) command) {
            case REBOOT_RESTART, REBOOT_RESTART2 -> kernel.shutdown(new End(End.Kind.REBOOT, 0, "reboot"));
            case REBOOT_HALT -> kernel.shutdown(new End(End.Kind.HALT, 0, "halt"));
            case REBOOT_POWER_OFF -> kernel.shutdown(new End(End.Kind.HALT, 0, "power off"));
            case REBOOT_CAD_ON, REBOOT_CAD_OFF -> {
                // There is no such key.
            }
            default -> {
                return -EINVAL;
            }
        }
        return 0;
    }
}
