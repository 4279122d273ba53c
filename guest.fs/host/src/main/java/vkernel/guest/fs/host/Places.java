package vkernel.guest.fs.host;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.fs.HostInode.Place;
import vkernel.fs.Inode;

/** Where files lie: the names that they were last seen by. The host may have moved them since. */
final class Places {
    /** Names of one file that are remembered. */
    private static final int MOST = 8;

    /** The path of a folder within the whole; null when it has no name any more. */
    static @Nullable String path(Inode dir) {
        if (dir == dir.sb.root()) {
            return "";
        }
        List<Place> places = Nodes.data(dir).places;
        return places.isEmpty() ? null : path(places.getFirst());
    }

    private static @Nullable String path(Place place) {
        return path(place.dir(), place.name());
    }

    /** The path of a name in a folder; null when that has no name any more. */
    static @Nullable String path(Inode dir, String name) {
        String above = path(dir);
        return above == null || above.isEmpty() ? above == null ? null : name : above + "/" + name;
    }

    /** The paths that may lead to a file, the one seen last first. */
    static List<String> paths(Inode inode) {
        List<String> paths = new ArrayList<>(1);
        for (Place place : Nodes.data(inode).places) {
            String path = path(place);
            if (path != null) {
                paths.add(path);
            }
        }
        return paths;
    }

    /** A file is there. */
    static void seen(Inode inode, Inode dir, String name) {
        Place place = new Place(dir, name);
        List<Place> places = Nodes.data(inode).places;
        if (inode.directory()) {
            places.clear(); // it has one name
            inode.parent = dir;
        } else {
            places.remove(place);
        }
        places.addFirst(place);
        if (places.size() > MOST) {
            places.removeLast();
        }
    }

    /** A file is there no more. */
    static void gone(Inode inode, Inode dir, String name) {
        Nodes.data(inode).places.remove(new Place(dir, name));
    }

    private Places() {}
}
