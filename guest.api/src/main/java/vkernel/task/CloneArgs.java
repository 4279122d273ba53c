package vkernel.task;

/**
 * Arguments of clone(2) and clone3(2).
 *
 * @param flags CLONE_*
 * @param exitSignal sent to the parent when the child ends; 0 for none
 * @param stack the child's sp; 0 for the parent's
 * @param parentTid where CLONE_PARENT_SETTID writes
 * @param childTid where CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID write
 * @param tls the child's tp, with CLONE_SETTLS
 * @param tid the child's number, which was found to be free; 0 for the next one
 */
public record CloneArgs(long flags, int exitSignal, long stack, long parentTid, long childTid, long tls, int tid) {
    public static final long CLONE_VM = 0x100;
    public static final long CLONE_FS = 0x200;
    public static final long CLONE_FILES = 0x400;
    public static final long CLONE_SIGHAND = 0x800;
    public static final long CLONE_PIDFD = 0x1000;
    public static final long CLONE_VFORK = 0x4000;
    public static final long CLONE_PARENT = 0x8000;
    public static final long CLONE_THREAD = 0x1_0000;
    public static final long CLONE_SYSVSEM = 0x4_0000;
    public static final long CLONE_SETTLS = 0x8_0000;
    public static final long CLONE_PARENT_SETTID = 0x10_0000;
    public static final long CLONE_CHILD_CLEARTID = 0x20_0000;
    public static final long CLONE_DETACHED = 0x40_0000;
    public static final long CLONE_UNTRACED = 0x80_0000;
    public static final long CLONE_CHILD_SETTID = 0x100_0000;

    public boolean has(long flag) {
        return (flags & flag) != 0;
    }
}
