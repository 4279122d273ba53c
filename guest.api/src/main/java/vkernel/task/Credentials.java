package vkernel.task;

import java.util.List;

/**
 * Who a task is (credentials(7)) and what it may do (capabilities(7)). Immutable: a change replaces the whole.
 */
public record Credentials(
        int uid,
        int euid,
        int suid,
        int fsuid,
        int gid,
        int egid,
        int sgid,
        int fsgid,
        List<Integer> groups,
        CapabilitySets capabilities) {
    public static final int CAP_CHOWN = 0;
    public static final int CAP_DAC_OVERRIDE = 1;
    public static final int CAP_DAC_READ_SEARCH = 2;
    public static final int CAP_FOWNER = 3;
    public static final int CAP_FSETID = 4;
    public static final int CAP_KILL = 5;
    public static final int CAP_SETGID = 6;
    public static final int CAP_SETUID = 7;
    public static final int CAP_SETPCAP = 8;
    public static final int CAP_LINUX_IMMUTABLE = 9;
    public static final int CAP_NET_BIND_SERVICE = 10;
    public static final int CAP_NET_ADMIN = 12;
    public static final int CAP_NET_RAW = 13;
    public static final int CAP_IPC_LOCK = 14;
    public static final int CAP_IPC_OWNER = 15;
    public static final int CAP_SYS_RAWIO = 17;
    public static final int CAP_SYS_CHROOT = 18;
    public static final int CAP_SYS_PTRACE = 19;
    public static final int CAP_SYS_ADMIN = 21;
    public static final int CAP_SYS_BOOT = 22;
    public static final int CAP_SYS_NICE = 23;
    public static final int CAP_SYS_RESOURCE = 24;
    public static final int CAP_SYS_TIME = 25;
    public static final int CAP_MKNOD = 27;
    public static final int CAP_LEASE = 28;
    public static final int CAP_AUDIT_CONTROL = 30;
    public static final int CAP_SETFCAP = 31;
    public static final int CAP_SYSLOG = 34;
    public static final int CAP_WAKE_ALARM = 35;
    public static final int CAP_CHECKPOINT_RESTORE = 40;
    /** Highest number. */
    public static final int CAP_LAST = 40;

    public static final long ALL_CAPABILITIES = (1L << CAP_LAST + 1) - 1;

    public static final Credentials ROOT = new Credentials(0, 0, 0, 0, 0, 0, 0, 0, List.of(0));

    public Credentials {
        groups = List.copyOf(groups);
    }

    /** With the capabilities that the user ids give at execve(2): all or none. */
    public Credentials(
            int uid, int euid, int suid, int fsuid, int gid, int egid, int sgid, int fsgid, List<Integer> groups) {
        this(
                uid,
                euid,
                suid,
                fsuid,
                gid,
                egid,
                sgid,
                fsgid,
                groups,
                new CapabilitySets(
                        uid == 0 || euid == 0 ? ALL_CAPABILITIES : 0,
                        euid == 0 ? ALL_CAPABILITIES : 0,
                        0,
                        ALL_CAPABILITIES,
                        0));
    }

    /** The same task with other capabilities. */
    public Credentials with(CapabilitySets capabilities) {
        return new Credentials(uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, capabilities);
    }

    /** The same task with other user ids. */
    public Credentials withUids(int uid, int euid, int suid, int fsuid) {
        return new Credentials(uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, capabilities);
    }

    /** The same task with other group ids. */
    public Credentials withGids(int gid, int egid, int sgid, int fsgid, List<Integer> groups) {
        return new Credentials(uid, euid, suid, fsuid, gid, egid, sgid, fsgid, groups, capabilities);
    }

    /** Whether a capability is in force. */
    public boolean can(int capability) {
        return (capabilities.effective() >>> capability & 1) != 0;
    }

    /** Whether one of two capabilities is in force. */
    public boolean can(int capability, int other) {
        return can(capability) || can(other);
    }

    public boolean inGroup(int group) {
        return group == fsgid || groups.contains(group);
    }
}
