package vkernel.guest.fs.procfs;

import static vkernel.guest.fs.procfs.Entry.file;
import static vkernel.guest.fs.procfs.Entry.folder;

import java.util.List;
import java.util.Map;
import vkernel.net.NetStack;

/** /proc/net (proc_pid_net(5)): what the sockets tell of themselves. There is one network for all processes. */
final class NetFiles {
    private static final List<String> NAMES = List.of(
            "arp",
            "dev",
            "if_inet6",
            "netlink",
            "raw",
            "route",
            "sockstat",
            "tcp",
            "tcp6",
            "udp",
            "udp6",
            "udplite",
            "udplite6",
            "unix");

    private NetFiles() {}

    static void table(Map<String, Entry> t) {
        t.put("net", folder(0555));
        for (String name : NAMES) {
            t.put("net/" + name, file(view -> text(view, name)));
        }
    }

    private static String text(View view, String name) {
        NetStack net = view.kernel().net().orNull();
        return net == null ? "" : net.text(name);
    }
}
