package vkernel.task;

import java.util.List;

/** Who a task is (credentials(7)). Immutable: a change replaces the whole. */
public record Credentials(
        int uid, int euid, int suid, int fsuid, int gid, int egid, int sgid, int fsgid, List<Integer> groups) {

    public static final Credentials ROOT = new Credentials(0, 0, 0, 0, 0, 0, 0, 0, List.of(0));

    public Credentials {
        groups = List.copyOf(groups);
    }

    /** Whether the effective user may do everything. */
    public boolean privileged() {
        return euid == 0;
    }

    public boolean inGroup(int group) {
        return group == fsgid || groups.contains(group);
    }
}
