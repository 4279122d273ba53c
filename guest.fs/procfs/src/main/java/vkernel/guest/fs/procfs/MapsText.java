package vkernel.guest.fs.procfs;

import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.vm.AddressSpace;
import vkernel.vm.PageCache;
import vkernel.vm.Vma;

/** /proc/PID/maps and /proc/PID/smaps (fs/proc/task_mmu.c). */
final class MapsText {
    /** Column of the name. */
    private static final int NAME = 73;

    private static final long MEMORY_DEVICE = Mode.device(0, 1);

    private MapsText() {}

    static String maps(View view) {
        StringBuilder out = new StringBuilder();
        AddressSpace space = view.task().memory;
        for (int i = 0; space != null && i < space.count(); i++) {
            header(out, view, space.vma(i));
        }
        return out.toString();
    }

    private static void header(StringBuilder out, View view, Vma vma) {
        int start = out.length();
        OpenFile file = vma.file;
        Inode inode = file == null ? null : file.inode();
        long memory = sharedMemory(vma);
        long device = inode != null ? inode.sb.device : memory != 0 ? MEMORY_DEVICE : 0;
        out.append(SystemText.format(
                "%08x-%08x %c%c%c%c %08x %02x:%02x %d ",
                vma.start,
                vma.end,
                (vma.protection & Vma.READ) != 0 ? 'r' : '-',
                (vma.protection & Vma.WRITE) != 0 ? 'w' : '-',
                (vma.protection & Vma.EXECUTE) != 0 ? 'x' : '-',
                vma.shared ? 's' : 'p',
                file == null && memory == 0 ? 0 : vma.pageOffset << 12,
                Mode.major(device),
                Mode.minor(device),
                inode == null ? memory : inode.ino));
        String name = name(view, vma);
        if (!name.isEmpty()) {
            while (out.length() - start < NAME) {
                out.append(' ');
            }
            out.append(name.replace("\n", "\\012"));
        }
        out.append('\n');
    }

    /** Shared memory without a file is one of a tmpfs that is mounted nowhere; 0 for what is not shared memory. */
    private static long sharedMemory(Vma vma) {
        PageCache pages = vma.pages;
        return pages == null ? 0 : pages.ino;
    }

    private static String name(View view, Vma vma) {
        if (vma.file != null) {
            return view.name(vma.file.path);
        }
        if (vma.name != null) {
            return vma.name;
        }
        if (sharedMemory(vma) != 0) {
            return "/dev/zero (deleted)";
        }
        AddressSpace space = vma.space;
        if (vma.pages == null && vma.start < space.brk && vma.end > space.brkStart) {
            return "[heap]";
        }
        return vma.contains(space.startStack) ? "[stack]" : "";
    }

    /** Pages in memory count as the process's own, each whole: who else has them is not looked for. */
    static String smaps(View view) {
        StringBuilder out = new StringBuilder();
        AddressSpace space = view.task().memory;
        for (int i = 0; space != null && i < space.count(); i++) {
            Vma vma = space.vma(i);
            header(out, view, vma);
            usage(out, vma, resident(view, vma));
        }
        return out.toString();
    }

    private static long resident(View view, Vma vma) {
        byte[] pages = new byte[(int) Math.min(Integer.MAX_VALUE - 8, vma.end - vma.start >>> 12)];
        if (view.kernel().vm().resident(vma.space, vma.start, pages) != 0) {
            return 0;
        }
        long bytes = 0;
        for (byte page : pages) {
            bytes += (page & 1) << 12;
        }
        return bytes;
    }

    private static void usage(StringBuilder out, Vma vma, long resident) {
        boolean anonymous = vma.pages == null;
        boolean dirty = anonymous || (vma.protection & Vma.WRITE) != 0;
        MemoryText.kb(out, "Size", vma.end - vma.start);
        MemoryText.kb(out, "KernelPageSize", 4096);
        MemoryText.kb(out, "MMUPageSize", 4096);
        MemoryText.kb(out, "Rss", resident);
        MemoryText.kb(out, "Pss", resident);
        MemoryText.kb(out, "Pss_Dirty", dirty ? resident : 0);
        MemoryText.kb(out, "Shared_Clean", !dirty ? resident : 0);
        MemoryText.kb(out, "Shared_Dirty", dirty && vma.shared ? resident : 0);
        MemoryText.kb(out, "Private_Clean", 0);
        MemoryText.kb(out, "Private_Dirty", dirty && !vma.shared ? resident : 0);
        MemoryText.kb(out, "Referenced", resident);
        MemoryText.kb(out, "Anonymous", anonymous ? resident : 0);
        for (String none : new String[] {
            "KSM",
            "LazyFree",
            "AnonHugePages",
            "ShmemPmdMapped",
            "FilePmdMapped",
            "Shared_Hugetlb",
            "Private_Hugetlb",
            "Swap",
            "SwapPss",
        }) {
            MemoryText.kb(out, none, 0);
        }
        MemoryText.kb(out, "Locked", vma.locked ? resident : 0);
        out.append("THPeligible:           0\nVmFlags:");
        out.append((vma.protection & Vma.READ) != 0 ? " rd" : "");
        out.append((vma.protection & Vma.WRITE) != 0 ? " wr" : "");
        out.append((vma.protection & Vma.EXECUTE) != 0 ? " ex" : "");
        out.append(vma.shared ? " sh" : "").append(" mr mw me");
        out.append(vma.growsDown ? " gd" : "").append(vma.locked ? " lo" : "").append(" ac \n");
    }
}
