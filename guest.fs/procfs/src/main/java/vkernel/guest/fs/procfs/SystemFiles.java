package vkernel.guest.fs.procfs;

import static vkernel.guest.fs.procfs.Entry.constant;
import static vkernel.guest.fs.procfs.Entry.file;
import static vkernel.guest.fs.procfs.Entry.folder;
import static vkernel.guest.fs.procfs.Entry.link;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import vkernel.abi.Uts;
import vkernel.fs.Inotify;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.task.ProcessTable;
import vkernel.vm.AddressSpace;

/** The files of /proc that are not about a process, by path. */
final class SystemFiles {
    /** Longest host name (uname(2)). */
    private static final int HOST_NAME_MAX = 64;

    static final Map<String, Entry> TABLE = table();

    private SystemFiles() {}

    private static Map<String, Entry> table() {
        Map<String, Entry> t = new LinkedHashMap<>();
        t.put("cmdline", file(SystemText::commandLine));
        t.put("cpuinfo", file(SystemText::cpuinfo));
        t.put("devices", file(SystemText::devices));
        t.put("filesystems", file(SystemText::filesystems));
        t.put("loadavg", file(SystemText::loadavg));
        t.put("meminfo", file(MemoryText::meminfo));
        t.put("mounts", link(view -> "self/mounts"));
        t.put("net", link(view -> "self/net"));
        t.put("partitions", constant(""));
        t.put("self", link(view -> Integer.toString(view.reader().process.pid)));
        t.put("stat", file(SystemText::stat));
        t.put("swaps", file(MemoryText::swaps));
        t.put("sys", folder(0555));
        sysctls(t);
        t.put("thread-self", link(view -> view.reader().process.pid + "/task/" + view.reader().tid));
        t.put("tty", folder(0555));
        t.put("tty/drivers", file(SystemText::terminalDrivers));
        t.put("uptime", file(SystemText::uptime));
        t.put("version", file(SystemText::version));
        t.put("vmstat", file(MemoryText::vmstat));
        return Collections.unmodifiableMap(t);
    }

    /** What sysctl(8) shows, with the values of a Linux that was told nothing else. */
    private static void sysctls(Map<String, Entry> t) {
        t.put("sys/fs", folder(0555));
        t.put("sys/fs/epoll", folder(0555));
        t.put("sys/fs/epoll/max_user_watches", BoundFiles.EPOLL_WATCHES);
        t.put("sys/fs/file-max", file(view -> view.kernel().vfs().maxFiles() + "\n"));
        t.put("sys/fs/file-nr", file(SystemText::openFiles));
        t.put("sys/fs/inotify", folder(0555));
        t.put("sys/fs/inotify/max_queued_events", constant(Inotify.MAX_EVENTS));
        t.put("sys/fs/inotify/max_user_instances", constant(128));
        t.put("sys/fs/inotify/max_user_watches", BoundFiles.INOTIFY_WATCHES);
        t.put("sys/fs/lease-break-time", BoundFiles.LEASE_BREAK_TIME);
        t.put("sys/fs/nr_open", constant(1 << 20));
        t.put("sys/fs/pipe-max-size", constant(1 << 20));
        kernel(t);
        t.put("sys/net", folder(0555));
        t.put("sys/net/core", folder(0555));
        t.put("sys/net/core/rmem_default", constant(212_992));
        t.put("sys/net/core/rmem_max", constant(212_992));
        t.put("sys/net/core/somaxconn", constant(4096));
        t.put("sys/net/core/wmem_default", constant(212_992));
        t.put("sys/net/core/wmem_max", constant(212_992));
        t.put("sys/net/ipv4", folder(0555));
        t.put("sys/net/ipv4/ip_local_port_range", constant("32768\t60999\n"));
        t.put("sys/net/ipv4/ip_unprivileged_port_start", constant(1024));
        t.put("sys/net/ipv4/tcp_max_syn_backlog", constant(4096));
        t.put("sys/net/ipv4/tcp_rmem", constant("4096\t131072\t6291456\n"));
        t.put("sys/net/ipv4/tcp_wmem", constant("4096\t16384\t4194304\n"));
        t.put("sys/net/unix", folder(0555));
        t.put("sys/net/unix/max_dgram_qlen", constant(10));
        t.put("sys/vm", folder(0555));
        t.put("sys/vm/max_map_count", constant(65530));
        t.put("sys/vm/mmap_min_addr", constant(AddressSpace.MIN));
        t.put("sys/vm/overcommit_memory", constant(0));
        t.put("sys/vm/overcommit_ratio", constant(50));
        t.put("sys/vm/swappiness", constant(60));
    }

    private static void kernel(Map<String, Entry> t) {
        t.put("sys/kernel", folder(0555));
        t.put("sys/kernel/cap_last_cap", constant(40));
        t.put("sys/kernel/core_pattern", constant("core\n"));
        t.put("sys/kernel/domainname", constant(Uts.DOMAIN + "\n"));
        t.put(
                "sys/kernel/hostname",
                file(view -> view.kernel().hostname() + "\n").writable(SystemFiles::setHostname));
        t.put("sys/kernel/dmesg_restrict", constant(1));
        t.put("sys/kernel/msgmni", BoundFiles.MESSAGE_QUEUES);
        t.put("sys/kernel/ngroups_max", constant(65536));
        t.put("sys/kernel/osrelease", constant(Uts.RELEASE + "\n"));
        t.put("sys/kernel/ostype", constant(Uts.SYSNAME + "\n"));
        t.put("sys/kernel/pid_max", constant(ProcessTable.MAX));
        t.put("sys/kernel/pty", folder(0555));
        t.put("sys/kernel/pty/max", constant(1024));
        t.put("sys/kernel/pty/nr", file(SystemText::ptys));
        t.put("sys/kernel/random", folder(0555));
        t.put("sys/kernel/random/boot_id", file(SystemText::bootId));
        t.put("sys/kernel/random/entropy_avail", constant(256));
        t.put("sys/kernel/random/poolsize", constant(256));
        t.put("sys/kernel/random/uuid", file(view -> SystemText.uuid(view.kernel()) + "\n"));
        t.put("sys/kernel/randomize_va_space", constant(2));
        t.put("sys/kernel/sem", BoundFiles.SEMAPHORES);
        t.put("sys/kernel/shmall", constant("18446744073692774399\n"));
        t.put("sys/kernel/shmmax", constant("18446744073692774399\n"));
        t.put("sys/kernel/shmmni", constant(4096));
        t.put("sys/kernel/threads-max", constant(ProcessTable.MAX));
        t.put("sys/kernel/version", constant(Uts.VERSION + "\n"));
    }

    private static long setHostname(View view, String text) {
        int end = text.indexOf('\n');
        String name = end < 0 ? text : text.substring(0, end);
        if (name.length() > HOST_NAME_MAX) {
            return -Errno.EINVAL;
        }
        Kernel kernel = view.kernel();
        kernel.setHostname(name);
        return 0;
    }
}
