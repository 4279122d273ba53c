package vkernel.boot.library;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.rump.FileTree;

/** {@code vk fs}: disk images by the file systems of the kernel, without a kernel. */
@Command(
        name = "fs",
        mixinStandardHelpOptions = true,
        description = {
            "Looks into disk images and copies to and from them, with the kernel's own file systems as a library: no"
                    + " kernel is booted, and no root is needed.",
            ""
        },
        footer = {
            "",
            "For instance:",
            "  vk fs ls -l root.img /etc            what is in a folder",
            "  vk fs cat --partition 1 disk.img /etc/fstab",
            "  vk fs cp root.img :/var/log ./log    out of the image, folders with all in them",
            "  vk fs cp root.img ./motd :/etc/      into it",
            "  vk fs fsck root.img                  whether it fits together; status 4 if not, as of fsck(8)"
        })
public final class FsCommand implements Runnable {
    /** Exit status of fsck(8) when errors are left. */
    private static final int ERRORS_LEFT = 4;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

    /** What drivers warn of goes to standard error, as it is (SLF4J's SimpleLogger). */
    private static final Map<String, String> LOGGING = Map.of(
            "org.slf4j.simpleLogger.defaultLogLevel", "warn",
            "org.slf4j.simpleLogger.showThreadName", "false",
            "org.slf4j.simpleLogger.showLogName", "false");

    private final Supplier<List<Path>> bundles;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--partition",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "A partition of the image; without it the image is one file system.")
    private int partition;

    /** @param bundles jars of drivers and file systems */
    public FsCommand(Supplier<List<Path>> bundles) {
        this.bundles = bundles;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private DiskImage open(Path image, boolean write) throws IOException {
        LOGGING.forEach(System::setProperty);
        return DiskImage.open(bundles.get(), image, partition, write);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists a folder, or a file.")
    void list(
            @Parameters(paramLabel = "IMAGE") Path image,
            @Parameters(paramLabel = "PATH", defaultValue = "/", description = "${DEFAULT-VALUE} if none.") String path,
            @Option(names = "-l", description = "With type, rights, links, owner, size and time.") boolean full,
            @Option(names = "--json", description = "As JSON.") boolean json)
            throws IOException {
        try (DiskImage disk = open(image, false)) {
            FileTree tree = disk.tree();
            Inode at = tree.findLink(path);
            List<FileTree.Entry> entries = at.directory() ? tree.list(at) : List.of(new FileTree.Entry(path, at));
            if (json) {
                out().println(Listing.json(tree, entries));
                return;
            }
            for (FileTree.Entry entry : entries) {
                out().println(full ? line(tree, entry) : entry.name());
            }
        }
    }

    private static String line(FileTree tree, FileTree.Entry entry) throws IOException {
        Inode inode = entry.inode();
        String size = inode.type() == Mode.S_IFCHR || inode.type() == Mode.S_IFBLK
                ? Mode.major(inode.rdev) + "," + Mode.minor(inode.rdev)
                : Long.toString(inode.length());
        Instant time = Instant.ofEpochSecond(0, inode.mtime);
        return "%s %3d %5d %5d %10s %s %s%s"
                .formatted(
                        Listing.mode(inode.mode),
                        inode.nlink,
                        inode.uid,
                        inode.gid,
                        size,
                        TIME.format(time),
                        entry.name(),
                        inode.symlink() ? " -> " + tree.target(inode) : "");
    }

    @Command(name = "cat", mixinStandardHelpOptions = true, description = "Writes files to standard output.")
    void cat(
            @Parameters(paramLabel = "IMAGE") Path image,
            @Parameters(paramLabel = "PATH", arity = "1..*") List<String> paths)
            throws IOException {
        try (DiskImage disk = open(image, false)) {
            for (String path : paths) {
                disk.tree().read(disk.tree().find(path), System.out);
            }
            System.out.flush();
        }
    }

    @Command(name = "tree", mixinStandardHelpOptions = true, description = "Shows a folder and all in it.")
    void tree(
            @Parameters(paramLabel = "IMAGE") Path image,
            @Parameters(paramLabel = "PATH", defaultValue = "/", description = "${DEFAULT-VALUE} if none.") String path)
            throws IOException {
        try (DiskImage disk = open(image, false)) {
            Inode at = disk.tree().find(path);
            out().println(path);
            branch(disk.tree(), at, "");
        }
    }

    private void branch(FileTree tree, Inode dir, String before) throws IOException {
        List<FileTree.Entry> entries = tree.list(dir);
        for (FileTree.Entry entry : entries) {
            boolean last = entry == entries.getLast();
            Inode inode = entry.inode();
            out().println(before
                    + (last ? "└── " : "├── ")
                    + entry.name()
                    + (inode.symlink() ? " -> " + tree.target(inode) : ""));
            if (inode.directory()) {
                branch(tree, inode, before + (last ? "    " : "│   "));
            }
        }
    }

    @Command(
            name = "cp",
            mixinStandardHelpOptions = true,
            description = "Copies out of an image or into it. What begins with a colon is in the image.")
    int copy(
            @Parameters(paramLabel = "IMAGE") Path image,
            @Parameters(paramLabel = "SOURCE", description = "File or folder.") String source,
            @Parameters(paramLabel = "TARGET", description = "A folder that is there, or a new name.") String target)
            throws IOException {
        boolean out = source.startsWith(":");
        if (out == target.startsWith(":")) {
            throw new ParameterException(
                    spec.commandLine(), "one of SOURCE and TARGET is in the image and begins with a colon");
        }
        try (DiskImage disk = open(image, !out)) {
            Copies copies = new Copies(disk.tree());
            if (out) {
                Inode from = disk.tree().findLink(source.substring(1));
                Path to = Path.of(target);
                copies.out(from, Files.isDirectory(to) ? to.resolve(name(source.substring(1), image)) : to);
            } else {
                in(disk.tree(), copies, Path.of(source), target.substring(1));
            }
            if (copies.left() > 0) {
                spec.commandLine().getErr().println("vk: " + copies.left() + " devices, sockets or FIFOs left out");
            }
            return copies.left() > 0 ? 1 : 0;
        }
    }

    private static String name(String path, Path otherwise) {
        Path name = Path.of("/", path).normalize().getFileName();
        return name == null ? String.valueOf(otherwise.getFileName()) : name.toString();
    }

    private static void in(FileTree tree, Copies copies, Path from, String to) throws IOException {
        Path target = Path.of("/", to).normalize();
        Path parent = target.getParent();
        Inode whole = find(tree, target.toString());
        String own = String.valueOf(from.toAbsolutePath().normalize().getFileName());
        if (whole != null && whole.directory()) {
            copies.in(from, whole, own);
        } else {
            copies.in(from, tree.find(parent == null ? "/" : parent.toString()), String.valueOf(target.getFileName()));
        }
    }

    private static @org.jspecify.annotations.Nullable Inode find(FileTree tree, String path) throws IOException {
        try {
            return tree.find(path);
        } catch (vkernel.rump.ErrnoException e) {
            if (e.errno() == vkernel.kern.Errno.ENOENT) {
                return null;
            }
            throw e;
        }
    }

    @Command(
            name = "fsck",
            mixinStandardHelpOptions = true,
            description = "Looks whether an image's file system fits together; changes nothing.")
    int check(@Parameters(paramLabel = "IMAGE") Path image) throws IOException {
        try (DiskImage disk = open(image, false)) {
            long faults = disk.tree().check(out()::println);
            var stat = disk.tree().stat();
            out().printf(
                            "%s: %s, %d of %d files, %d of %d blocks%n",
                            image,
                            faults == 0 ? "clean" : faults + " faults",
                            stat.files() - stat.freeFiles(),
                            stat.files(),
                            stat.blocks() - stat.free(),
                            stat.blocks());
            return faults == 0 ? 0 : ERRORS_LEFT;
        }
    }
}
