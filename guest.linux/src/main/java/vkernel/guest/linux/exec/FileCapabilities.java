package vkernel.guest.linux.exec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import vkernel.fs.Inode;
import vkernel.kern.Errno;
import vkernel.task.Credentials;

/**
 * What a program's file grants who executes it, in the attribute {@value #NAME} (Linux: struct vfs_cap_data of
 * include/uapi/linux/capability.h; capabilities(7), File capabilities).
 *
 * @param permitted granted
 * @param inheritable granted to who has them inheritable
 * @param effective whether they are in force at once
 */
record FileCapabilities(long permitted, long inheritable, boolean effective) {
    static final String NAME = "security.capability";
    static final FileCapabilities NONE = new FileCapabilities(0, 0, false);

    private static final int REVISION = 0xff00_0000;
    private static final int REVISION_1 = 0x0100_0000;
    private static final int REVISION_2 = 0x0200_0000;
    private static final int REVISION_3 = 0x0300_0000;
    private static final int EFFECTIVE = 1;

    /** @throws BadProgram EINVAL when the attribute makes no sense */
    static FileCapabilities of(Inode inode) throws BadProgram {
        byte[] value = inode.xattrs == null ? null : inode.xattrs.get(NAME);
        if (value == null) {
            return NONE;
        }
        ByteBuffer words = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        int magic = value.length < Integer.BYTES ? 0 : words.getInt(0);
        boolean known = switch (magic & REVISION) {
            case REVISION_1 -> value.length == 12;
            case REVISION_2 -> value.length == 20;
            case REVISION_3 -> value.length == 24;
            default -> false;
        };
        if (!known) {
            throw new BadProgram(Errno.EINVAL, NAME + " of the file makes no sense");
        }
        if ((magic & REVISION) == REVISION_3 && words.getInt(20) != 0) {
            return NONE; // of another user namespace's root
        }
        boolean wide = value.length > 12;
        long permitted = set(words, 4, wide);
        return new FileCapabilities(permitted, set(words, 8, wide), (magic & EFFECTIVE) != 0);
    }

    private static long set(ByteBuffer words, int at, boolean wide) {
        long low = words.getInt(at) & 0xffff_ffffL;
        return (wide ? low | (long) words.getInt(at + 8) << 32 : low) & Credentials.ALL_CAPABILITIES;
    }
}
