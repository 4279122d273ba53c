import java.nio.file.Path;
import vkernel.drivers.disk.Disks;
import vkernel.guest.fs.ext.Ext;
import vkernel.rump.FileTree;
import vkernel.rump.RumpHost;
import vkernel.rump.RumpKernel;

/** The kernel's disk driver and file system as a library: adds a line to a file on an image, and reads it back. */
class ReadImage {
    public static void main(String[] args) throws Exception {
        RumpKernel kernel = new RumpKernel(16 << 20);
        try (RumpHost host = new RumpHost(kernel).disk(Path.of(args[0]), false)) {
            kernel.add(new Disks(kernel.kernel(), host.host()));
            var ext = kernel.add(new Ext(kernel.kernel()));
            try (FileTree tree = FileTree.mount(kernel, ext, "vda", "")) {
                var line = new java.io.ByteArrayInputStream("written without a kernel\n".getBytes());
                tree.write(tree.root(), "note", 0644, line);
                tree.read(tree.find("/note"), System.out);
                for (FileTree.Entry entry : tree.list(tree.root())) {
                    System.out.println(entry.name());
                }
            }
        }
    }
}
