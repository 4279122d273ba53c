package vkernel.guest.fs.sysfs;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Kernel;

/** What is in /sys, by path (Linux: Documentation/ABI/stable, testing). A folder is a path without a text. */
final class Attributes {
    private static final int PAGE = 4096;
    /** CONFIG_NR_CPUS - 1 of riscv's default configuration. */
    private static final int KERNEL_MAX = 63;

    private final SortedMap<String, Attribute> all = new TreeMap<>();
    private final Kernel kernel;
    private final BlockAttributes disks;

    /** @param text null for a folder */
    record Attribute(@Nullable Supplier<String> text) {
        boolean folder() {
            return text == null;
        }
    }

    Attributes(Kernel kernel) {
        this.kernel = kernel;
        disks = new BlockAttributes(kernel);
        for (String folder : new String[] {
            "block",
            "bus",
            "class/block",
            "class/mem",
            "class/net",
            "class/tty",
            "dev/block",
            "dev/char",
            "devices/virtual",
            "firmware",
            "fs/cgroup",
            "kernel/debug",
            "kernel/security",
            "kernel/tracing",
            "module",
            "power",
        }) {
            folder(folder);
        }
        processors();
        memory();
        file("devices/system/clocksource/clocksource0/available_clocksource", "riscv_clocksource");
        file("devices/system/clocksource/clocksource0/current_clocksource", "riscv_clocksource");
        file("kernel/uevent_seqnum", "0");
    }

    private void processors() {
        String cpu = "devices/system/cpu/";
        int harts = kernel.harts();
        String list = range(harts);
        file(cpu + "online", list);
        file(cpu + "possible", list);
        file(cpu + "present", list);
        file(cpu + "offline", "");
        file(cpu + "isolated", "");
        file(cpu + "kernel_max", Integer.toString(KERNEL_MAX));
        for (int i = 0; i < harts; i++) {
            String topology = cpu + "cpu" + i + "/topology/";
            file(topology + "core_id", Integer.toString(i));
            file(topology + "physical_package_id", "0");
            file(topology + "core_cpus", mask(1L << i));
            file(topology + "core_cpus_list", Integer.toString(i));
            file(topology + "thread_siblings", mask(1L << i));
            file(topology + "thread_siblings_list", Integer.toString(i));
            file(topology + "core_siblings", mask(-1L >>> 64 - harts));
            file(topology + "core_siblings_list", list);
            file(topology + "package_cpus_list", list);
        }
    }

    private void memory() {
        String node = "devices/system/node/";
        for (String name : new String[] {"online", "possible", "has_cpu", "has_memory", "has_normal_memory"}) {
            file(node + name, "0");
        }
        file(node + "node0/cpulist", range(kernel.harts()));
        file(node + "node0/cpumap", mask(-1L >>> 64 - kernel.harts()));
        file(node + "node0/distance", "10");
        file(node + "node0/meminfo", this::nodeMemory);
        String huge = "kernel/mm/transparent_hugepage/";
        file(huge + "enabled", "always madvise [never]");
        file(huge + "defrag", "always defer defer+madvise madvise [never]");
        file(huge + "shmem_enabled", "always within_size advise [never] deny force");
        file(huge + "use_zero_page", "0");
        file(huge + "hpage_pmd_size", "2097152");
        folder("kernel/mm/hugepages");
    }

    private String nodeMemory() {
        var stats = kernel.vm().stats();
        return "Node 0 MemTotal:       " + stats.total() * (PAGE >> 10) + " kB\nNode 0 MemFree:        "
                + stats.free() * (PAGE >> 10) + " kB\n";
    }

    private static String range(int harts) {
        return harts == 1 ? "0" : "0-" + (harts - 1);
    }

    private static String mask(long bits) {
        String hex = String.format("%016x", bits);
        return hex.substring(0, 8) + "," + hex.substring(8);
    }

    private void file(String path, String line) {
        String text = line + "\n";
        file(path, () -> text);
    }

    private void file(String path, Supplier<String> text) {
        folder(path.substring(0, path.lastIndexOf('/')));
        all.put(path, new Attribute(text));
    }

    private void folder(String path) {
        for (int slash = path.length(); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            all.putIfAbsent(path.substring(0, slash), new Attribute(null));
        }
        all.putIfAbsent("", new Attribute(null));
    }

    /** The attribute of a path; null when there is none. */
    @Nullable
    Attribute find(String path) {
        return all.containsKey(path) ? all.get(path) : now().get(path);
    }

    /** All, with those of the disks that there are. */
    private SortedMap<String, Attribute> now() {
        SortedMap<String, Attribute> now = new TreeMap<>(all);
        disks.all().forEach((path, text) -> {
            now.put(path, new Attribute(text));
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                now.putIfAbsent(path.substring(0, slash), new Attribute(null));
            }
        });
        return now;
    }

    /** Names in a folder. */
    SortedMap<String, Attribute> children(String folder) {
        String prefix = folder.isEmpty() ? "" : folder + "/";
        SortedMap<String, Attribute> children = new TreeMap<>();
        now().forEach((path, attribute) -> {
            if (!path.isEmpty() && path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0) {
                children.put(path.substring(prefix.length()), attribute);
            }
        });
        return children;
    }
}
