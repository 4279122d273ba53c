package vkernel.guest.fs.archive;

import java.util.ArrayList;
import java.util.List;
import org.osgi.annotation.bundle.Capability;
import org.osgi.annotation.bundle.Requirement;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.fs.Dentry;
import vkernel.fs.FdTable;
import vkernel.fs.FileSystemType;
import vkernel.fs.FsContext;
import vkernel.fs.FsStat;
import vkernel.fs.Inode;
import vkernel.fs.Mount;
import vkernel.fs.Path;
import vkernel.fs.SuperBlock;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.host.Rom;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Slot;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.task.Session;
import vkernel.task.SigHandlers;
import vkernel.task.Task;

/**
 * The file system {@code archive}: mounting it makes a tmpfs with what is in the archives of the host ROMs that the
 * options {@code rom=NAME} name, a later one over an earlier one. What is mounted is that tmpfs; this provider is not
 * asked again.
 */
@Component(service = FileSystemType.class, property = "fs=archive", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "fs", attribute = "fs=archive")
@Requirement(namespace = "vkernel.subsystem", filter = "(&(vkernel.subsystem=fs)(fs=tmpfs))", effective = "active")
public final class Archive implements FileSystemType {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);
    private static final String ROM = "rom=";

    private final Kernel kernel;
    private final Host host;

    @Activate
    public Archive(@Reference Kernel kernel, @Reference Host host) {
        this.kernel = kernel;
        this.host = host;
    }

    @Override
    public String name() {
        return "archive";
    }

    @Override
    public Result<SuperBlock> mount(Slot<FileSystemType> self, long device, String source, String options) {
        List<String> names = new ArrayList<>();
        StringBuilder others = new StringBuilder();
        for (String option : options.split(",")) {
            if (option.startsWith(ROM)) {
                names.add(option.substring(ROM.length()));
            } else {
                others.append(others.isEmpty() ? "" : ",").append(option);
            }
        }
        Slot<FileSystemType> tmpfs = kernel.fileSystem("tmpfs");
        if (names.isEmpty() || tmpfs == null) {
            LOG.error("archive: {}", names.isEmpty() ? "no option rom=NAME" : "there is no tmpfs to unpack into");
            return Result.error(names.isEmpty() ? -Errno.EINVAL : -Errno.ENODEV);
        }
        Result<SuperBlock> mounted = tmpfs.get().mount(tmpfs, device, source, others.toString());
        if (!mounted.ok()) {
            return mounted;
        }
        if (!others.toString().contains("mode=")) {
            // a root is nobody's to write into, unless the archive has another mode for it
            Inode root = mounted.value().root();
            root.mode = root.type() | 0755;
        }
        return fill(mounted.value(), names);
    }

    private Result<SuperBlock> fill(SuperBlock sb, List<String> names) {
        for (String name : names) {
            int errno = fill(sb, name);
            if (errno != 0) {
                sb.fs().unmount(sb);
                return Result.error(-errno);
            }
        }
        return Result.of(sb);
    }

    /** @return 0, or a positive error number after logging what is wrong */
    private int fill(SuperBlock sb, String name) {
        int errno;
        String wrong;
        try {
            load(sb, name);
            return 0;
        } catch (ArchiveException e) {
            errno = e.errno;
            wrong = e.getMessage();
        } catch (HostException e) {
            errno = e.reason() == HostException.Reason.ABSENT ? Errno.ENOENT : Errno.EIO;
            wrong = e.getMessage();
        }
        LOG.warn("archive {}: {}", name, wrong);
        return errno;
    }

    private void load(SuperBlock sb, String name) throws ArchiveException {
        Rom rom = host.rom(name);
        // what the archive brings comes on top of what the limits allow
        long maxInodes = sb.maxInodes;
        long maxPages = sb.maxPages;
        sb.maxInodes = 0;
        sb.maxPages = 0;
        long start = kernel.now();
        read(Input.of(name, rom, new Memory(kernel.vm())), new RootTree(sb, unpacker(sb)));
        sb.maxInodes = maxInodes == 0 ? 0 : maxInodes + sb.inodes;
        sb.maxPages = maxPages == 0 ? 0 : maxPages + sb.pages;
        LOG.info(
                "archive {}: {} files, {} MiB in memory, {} ms",
                name,
                sb.inodes,
                sb.pages >> 8,
                (kernel.now() - start) / 1_000_000);
    }

    private static void read(Input input, RootTree tree) throws ArchiveException {
        byte[] start = new byte[TarHeader.BLOCK];
        byte[] magic = new byte[6];
        int n = input.readUpTo(magic, magic.length);
        if (CpioReader.matches(magic, n)) {
            new CpioReader(input, tree).readAll(magic);
        } else {
            byte[] rest = new byte[TarHeader.BLOCK];
            int more = input.readUpTo(rest, TarHeader.BLOCK - n);
            System.arraycopy(magic, 0, start, 0, n);
            System.arraycopy(rest, 0, start, n, more);
            if (n + more < TarHeader.BLOCK || !TarHeader.zero(start) && !TarHeader.valid(start)) {
                throw new ArchiveException(Errno.EINVAL, "it is neither a cpio (newc) nor a tar archive");
            }
            new TarReader(input, tree).readAll(start);
        }
        input.finish();
        tree.finish();
    }

    /** Who makes the files: the kernel. */
    private static Task unpacker(SuperBlock sb) {
        Dentry root = new Dentry(null, "/", sb.root());
        Path top = new Path(new Mount(0, sb, root, null, 0), root);
        Process nobody = new Process(0, new Session(0));
        return new Task(0, nobody, new FdTable(), new FsContext(top, top), new SigHandlers(), Credentials.ROOT);
    }

    @Override
    public Result<Inode> lookup(Task task, Inode dir, String name) {
        return Result.error(-Errno.ENOENT);
    }

    @Override
    public FsStat stat(SuperBlock sb) {
        return sb.fs().stat(sb);
    }
}
