package vkernel.guest.fs.procfs;

import vkernel.fs.Dentry;
import vkernel.fs.Mode;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;

/** /proc/PID/mounts and /proc/PID/mountinfo (fs/proc_namespace.c). */
final class MountText {
    private static final int NOSUID = 2;
    private static final int NODEV = 4;
    private static final int NOEXEC = 8;
    private static final int NOSYMFOLLOW = 256;
    private static final int NOATIME = 1024;
    private static final int NODIRATIME = 2048;
    private static final int STRICTATIME = 1 << 24;

    private MountText() {}

    static String mounts(View view) {
        StringBuilder out = new StringBuilder();
        for (Mount mount : view.kernel().vfs().mounts()) {
            if (mount.detached) {
                continue;
            }
            SuperBlock sb = mount.sb;
            out.append(escape(sb.source)).append(' ').append(escape(place(view, mount)));
            out.append(' ')
                    .append(sb.fs().name())
                    .append(' ')
                    .append(access(mount.readOnly()))
                    .append(flags(mount));
            out.append(options(sb)).append(" 0 0\n");
        }
        return out.toString();
    }

    static String mountinfo(View view) {
        StringBuilder out = new StringBuilder();
        for (Mount mount : view.kernel().vfs().mounts()) {
            if (mount.detached) {
                continue;
            }
            SuperBlock sb = mount.sb;
            Path point = mount.point;
            out.append(mount.id)
                    .append(' ')
                    .append(point == null ? mount.id : point.mount().id)
                    .append(' ');
            out.append(Mode.major(sb.device))
                    .append(':')
                    .append(Mode.minor(sb.device))
                    .append(' ');
            out.append(escape(root(mount.root)))
                    .append(' ')
                    .append(escape(place(view, mount)))
                    .append(' ');
            out.append(access((mount.flags & 1) != 0))
                    .append(flags(mount))
                    .append(" - ")
                    .append(sb.fs().name());
            out.append(' ').append(escape(sb.source)).append(' ').append(access(sb.readOnly));
            out.append(options(sb)).append('\n');
        }
        return out.toString();
    }

    /** Where it is, as the process that the file is about sees it. */
    private static String place(View view, Mount mount) {
        return view.kernel().vfs().name(view.task(), new Path(mount, mount.root));
    }

    /** The place within its file system that a mount shows: not the root for a bind mount. */
    private static String root(Dentry dentry) {
        StringBuilder path = new StringBuilder();
        for (Dentry d = dentry; d.parent != null; d = d.parent) {
            path.insert(0, "/" + d.name);
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    private static String access(boolean readOnly) {
        return readOnly ? "ro" : "rw";
    }

    private static String flags(Mount mount) {
        StringBuilder out = new StringBuilder();
        flag(out, mount, NOSUID, ",nosuid");
        flag(out, mount, NODEV, ",nodev");
        flag(out, mount, NOEXEC, ",noexec");
        flag(out, mount, NOATIME, ",noatime");
        flag(out, mount, NODIRATIME, ",nodiratime");
        if ((mount.flags & (NOATIME | STRICTATIME)) == 0) {
            out.append(",relatime");
        }
        flag(out, mount, NOSYMFOLLOW, ",nosymfollow");
        return out.toString();
    }

    private static void flag(StringBuilder out, Mount mount, int flag, String name) {
        if ((mount.flags & flag) != 0) {
            out.append(name);
        }
    }

    private static String options(SuperBlock sb) {
        return sb.options.isEmpty() ? "" : "," + sb.options;
    }

    /** Blanks and backslashes as octal numbers (getmntent(3)). */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\\') {
                out.append(SystemText.format("\\%03o", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
