package vkernel.guest.fs.host;

import java.util.ArrayList;
import java.util.List;
import vkernel.fs.DirSink;
import vkernel.fs.HostInode.Listing;
import vkernel.fs.Inode;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;

/** Reading of folders: all names at once, when a reader begins; positions count them. */
final class Listings {
    /** "." and "..". */
    private static final int OWN = 2;

    private static final int DIRECTORY = Mode.S_IFDIR >>> 12;

    static long read(Nodes nodes, OpenFile file, DirSink sink) {
        Inode dir = file.inode();
        if (file.position == 0 || !(file.data instanceof Listing)) {
            long error = begin(nodes, file, dir);
            if (error < 0) {
                return error;
            }
        }
        return file.data instanceof Listing listing ? give(listing, dir, file, sink) : 0;
    }

    private static long begin(Nodes nodes, OpenFile file, Inode dir) {
        Listing listing = new Listing(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        String path = Places.path(dir);
        long error = path == null
                ? -Errno.ENOENT
                : nodes.folder(dir).list(path, (name, ino, type) -> {
                    listing.names().add(name);
                    listing.inos().add(ino);
                    listing.types().add(type);
                });
        file.data = listing;
        return error;
    }

    private static long give(Listing listing, Inode dir, OpenFile file, DirSink sink) {
        Inode parent = dir.parent == null ? dir : dir.parent;
        if (file.position == 0 && sink.entry(".", dir.ino, DIRECTORY, 1)) {
            file.position = 1;
        }
        if (file.position == 1 && sink.entry("..", parent.ino, DIRECTORY, OWN)) {
            file.position = OWN;
        }
        if (file.position < OWN) {
            return 0;
        }
        List<String> names = listing.names();
        for (long at = file.position - OWN; at < names.size(); at++) {
            int i = (int) at;
            if (!sink.entry(names.get(i), listing.inos().get(i), listing.types().get(i), at + OWN + 1)) {
                return 0;
            }
            file.position = at + OWN + 1;
        }
        return 0;
    }

    private Listings() {}
}
