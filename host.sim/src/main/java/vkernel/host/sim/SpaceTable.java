package vkernel.host.sim;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vmspaces by name, ascending. Immutable, so that {@code run} finds one without a lock or an allocation. */
final class SpaceTable {
    static final SpaceTable EMPTY = new SpaceTable(new int[0], new Space[0]);

    private final int[] ids;
    private final Space[] spaces;

    private SpaceTable(int[] ids, Space[] spaces) {
        this.ids = ids;
        this.spaces = spaces;
    }

    /** @param ascending by name */
    static SpaceTable of(List<Space> ascending) {
        int[] ids = new int[ascending.size()];
        for (int i = 0; i < ids.length; i++) ids[i] = ascending.get(i).id;
        return new SpaceTable(ids, ascending.toArray(Space[]::new));
    }

    @Nullable
    Space find(int id) {
        int i = Arrays.binarySearch(ids, id);
        return i < 0 ? null : spaces[i];
    }

    List<Space> all() {
        return List.of(spaces);
    }

    int[] ids() {
        return ids.clone();
    }

    /** With a space whose name is not in it. */
    SpaceTable with(Space added) {
        int at = ~Arrays.binarySearch(ids, added.id);
        int[] names = new int[ids.length + 1];
        Space[] things = new Space[ids.length + 1];
        System.arraycopy(ids, 0, names, 0, at);
        System.arraycopy(spaces, 0, things, 0, at);
        names[at] = added.id;
        things[at] = added;
        System.arraycopy(ids, at, names, at + 1, ids.length - at);
        System.arraycopy(spaces, at, things, at + 1, ids.length - at);
        return new SpaceTable(names, things);
    }

    /** Without a space whose name is in it. */
    SpaceTable without(int id) {
        int at = Arrays.binarySearch(ids, id);
        int[] names = new int[ids.length - 1];
        Space[] things = new Space[ids.length - 1];
        System.arraycopy(ids, 0, names, 0, at);
        System.arraycopy(spaces, 0, things, 0, at);
        System.arraycopy(ids, at + 1, names, at, names.length - at);
        System.arraycopy(spaces, at + 1, things, at, names.length - at);
        return new SpaceTable(names, things);
    }
}
