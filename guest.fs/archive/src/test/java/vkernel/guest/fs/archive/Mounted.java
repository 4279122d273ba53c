package vkernel.guest.fs.archive;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;
import vkernel.fs.DirEntries;
import vkernel.fs.Inode;
import vkernel.fs.SuperBlock;
import vkernel.guest.fs.contract.HeapKernel;
import vkernel.guest.fs.tmpfs.Tmpfs;
import vkernel.host.ByteRom;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.Rom;
import vkernel.kern.Result;

/** An archive as a root file system. */
final class Mounted {
    final HeapKernel kernel;
    final Result<SuperBlock> result;

    Mounted(byte[] archive) {
        this(archive, 1 << 14, "rom=root");
    }

    Mounted(byte[] archive, int pages, String options) {
        this(new ByteRom(archive), pages, options);
    }

    Mounted(Rom rom, int pages, String options) {
        kernel = new HeapKernel(pages);
        kernel.add(new Tmpfs(kernel.kernel()));
        kernel.memory.roms.put("root", rom);
        Host host = (Host) Proxy.newProxyInstance(
                Host.class.getClassLoader(), new Class<?>[] {Host.class}, (proxy, method, args) -> rom(args[0]));
        Archive archives = new Archive(kernel.kernel(), host);
        result = archives.mount(kernel.add(archives), 1, "root", options);
    }

    private Rom rom(Object name) {
        Rom rom = kernel.memory.roms.get((String) name);
        if (rom == null) {
            throw new HostException(HostException.Reason.ABSENT, "no ROM " + name);
        }
        return rom;
    }

    Inode get(String path) {
        Inode at = result.value().root();
        for (String name : path.split("/")) {
            DirEntries entries = at.entries;
            Inode next = entries == null ? null : entries.get(name);
            if (next == null) {
                throw new AssertionError(path + ": no " + name);
            }
            at = next;
        }
        return at;
    }

    boolean has(String name) {
        DirEntries entries = result.value().root().entries;
        return entries != null && entries.get(name) != null;
    }

    byte[] bytes(String path) {
        Inode inode = get(path);
        byte[] bytes = new byte[(int) inode.length()];
        long n = kernel.vm().readPages(inode.pages, 0, kernel.vm().buffer(bytes, 0, bytes.length));
        return Arrays.copyOf(bytes, (int) n);
    }

    String text(String path) {
        return new String(bytes(path), StandardCharsets.ISO_8859_1);
    }

    /** Everything in it: path to a description. */
    TreeMap<String, String> tree() {
        TreeMap<String, String> tree = new TreeMap<>();
        list("", result.value().root(), tree);
        return tree;
    }

    private void list(String path, Inode dir, TreeMap<String, String> tree) {
        DirEntries entries = dir.entries;
        for (var e = entries == null ? null : entries.from(0); e != null; e = entries.from(e.position() + 1)) {
            Inode inode = e.inode();
            String at = path + "/" + e.name();
            String content = inode.regular() ? Integer.toHexString(Arrays.hashCode(bytes(at.substring(1)))) : "";
            tree.put(at, Integer.toOctalString(inode.mode) + " " + content + inode.target);
            list(at, inode, tree);
        }
    }
}
