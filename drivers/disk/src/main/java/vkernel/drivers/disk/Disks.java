package vkernel.drivers.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import vkernel.dev.BlockDevices;
import vkernel.dev.BlockRequest;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.dev.Disk;
import vkernel.dev.DiskState;
import vkernel.fs.IoBuffer;
import vkernel.fs.OpenFile;
import vkernel.host.BlockFile;
import vkernel.host.Host;
import vkernel.host.HostException;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.task.Task;

/** The driver of disks: which there are, who has them, and their nodes. What they do is {@link Requests}'. */
@Component(service = CharDevice.class, immediate = true, property = "device=disk")
@Capability(namespace = "vkernel.subsystem", name = "device", attribute = "device=disk")
public final class Disks implements BlockDevices, Swappable<DiskState> {
    /** How the names of the host's block files begin that are disks. */
    private static final String DISK = "disk";

    private final Kernel kernel;
    private final Host host;
    private final Node node;
    /** By index. Null until the first call, or what the predecessor had. */
    private @Nullable SortedMap<Integer, Disk> disks;

    private final Requests requests;

    @Activate
    public Disks(@Reference Kernel kernel, @Reference Host host) {
        this.kernel = kernel;
        this.host = host;
        requests = new Requests(kernel);
        node = new Node(kernel, this);
    }

    /** Without its driver a disk that nobody took over stays open: its state is kept for the next one. */
    @Deactivate
    void deactivate() {
        requests.stop();
    }

    private SortedMap<Integer, Disk> all() {
        SortedMap<Integer, Disk> now = disks;
        if (now == null) {
            now = new TreeMap<>();
            disks = now;
            for (String name : new TreeMap<>(host.blockFiles()).keySet()) {
                // the machine's other block files are swap space
                String why = name.startsWith(DISK) ? attach(name) : null;
                if (why != null) {
                    Plug.refused(kernel, name, why);
                }
            }
        }
        return now;
    }

    @Override
    public DiskState release() {
        SortedMap<Integer, Disk> now = all();
        DiskState state = new DiskState(now, requests.drain(now.values()));
        disks = null;
        return state;
    }

    @Override
    public void adopt(DiskState state) throws StateRejected {
        for (Disk disk : state.disks().values()) {
            if (!(disk.file instanceof BlockFile)) {
                throw new StateRejected("disk " + disk.host + " is no file of this host");
            }
        }
        disks = state.disks();
        requests.goOn(state.finished());
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public List<Disk> disks() {
        return List.copyOf(all().values());
    }

    @Nullable
    Disk disk(long rdev) {
        int index = Names.disk(rdev);
        Disk disk = index < 0 ? null : all().get(index);
        return disk == null || part(disk, rdev) == null ? null : disk;
    }

    private static Disk.@Nullable Part part(Disk disk, long rdev) {
        for (Disk.Part part : disk.parts) {
            if (part.rdev == rdev) {
                return part;
            }
        }
        return null;
    }

    @Override
    public Disk.@Nullable Part part(long rdev) {
        int index = Names.disk(rdev);
        Disk disk = index < 0 ? null : all().get(index);
        return disk == null ? null : part(disk, rdev);
    }

    @Override
    public boolean readOnly(long rdev) {
        Disk disk = disk(rdev);
        return disk == null || disk.readOnly;
    }

    @Override
    public long claim(long rdev, boolean write, String holder) {
        Disk disk = disk(rdev);
        Disk.Part part = part(rdev);
        if (disk == null || part == null) {
            return -Errno.ENXIO;
        }
        if (write && disk.readOnly) {
            return -Errno.EROFS;
        }
        for (Disk.Part other : disk.parts) {
            boolean same = other == part || other == disk.whole() || part == disk.whole();
            if (same && other.holder != null) {
                return -Errno.EBUSY;
            }
        }
        part.holder = holder;
        return 0;
    }

    @Override
    public void unclaim(long rdev) {
        Disk.Part part = part(rdev);
        if (part != null) {
            part.holder = null;
        }
    }

    @Override
    public void submit(BlockRequest request) {
        Disk disk = disk(request.rdev);
        Disk.Part part = part(request.rdev);
        if (disk == null || part == null) {
            request.complete(-Errno.ENXIO);
            return;
        }
        requests.submit(disk, part, request);
    }

    // --- plugging ---------------------------------------------------------------------------------------------------

    @Override
    public Map<String, String> plugged() {
        Map<String, String> plugged = new TreeMap<>();
        all().values().forEach(disk -> plugged.put(disk.host, disk.whole().name));
        return plugged;
    }

    @Override
    public @Nullable String attach(String hostName) {
        SortedMap<Integer, Disk> now = all();
        int index = 0;
        while (now.containsKey(index)) {
            index++;
        }
        if (index >= Names.MOST) {
            return "there are " + index + " disks already";
        }
        try {
            Disk disk = Plug.disk(index, hostName, host.open(hostName));
            now.put(index, disk);
            Partitions.scan(disk);
            return null;
        } catch (HostException e) {
            return e.getMessage();
        }
    }

    @Override
    public @Nullable String detach(String name) {
        for (Disk disk : List.copyOf(all().values())) {
            if (disk.whole().name.equals(name) || disk.host.equals(name)) {
                String why = Plug.use(disk);
                if (why == null) {
                    all().remove(disk.index);
                    ((BlockFile) disk.file).close();
                }
                return why;
            }
        }
        return "there is no disk " + name;
    }

    // --- nodes ------------------------------------------------------------------------------------------------------

    @Override
    public List<DeviceNode> nodes() {
        List<DeviceNode> nodes = new ArrayList<>();
        for (Disk disk : all().values()) {
            for (Disk.Part part : disk.parts) {
                nodes.add(new DeviceNode(part.name, part.rdev, 0660, true));
            }
        }
        return nodes;
    }

    @Override
    public boolean serves(long rdev, boolean block) {
        return block && part(rdev) != null;
    }

    @Override
    public long open(Task task, OpenFile file) {
        return node.open(file);
    }

    @Override
    public void release(OpenFile file) {
        node.release(file);
    }

    @Override
    public long end(OpenFile file) {
        Disk.Part part = part(file.inode().rdev);
        return part == null ? 0 : part.length;
    }

    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        return node.read(task, file, to, position);
    }

    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        return node.write(task, file, from, position);
    }

    @Override
    public long sync(Task task, OpenFile file) {
        return node.sync(task, file);
    }

    @Override
    public long ioctl(Task task, OpenFile file, int command, long argument) {
        return node.ioctl(task, file, command, argument);
    }
}
