package vkernel.guest.fs.procfs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Kernel;
import vkernel.task.Task;

/** What is in a directory of /proc: rows of the tables, and the numbers of processes, threads and descriptors. */
final class Folders {
    /** First position behind "." and "..". */
    static final long FIRST = 2;

    /** Position of number 0; rows of the tables are before. */
    private static final long NUMBERS = 1 << 16;

    private static final Entry PROCESS = Entry.folder(0555);

    /** {@link #folders} of each table; every look at a directory asks. */
    private static final Map<Map<String, Entry>, Map<String, Integer>> FOLDERS = new IdentityHashMap<>();

    static { // no table is hashed: the JDK would remember the types of Entry, and with them a former copy of these
        // classes
        for (Map<String, Entry> table : List.of(SystemFiles.TABLE, ProcessFiles.OF_PROCESS, ProcessFiles.OF_THREAD)) {
            FOLDERS.put(table, folders(table));
        }
    }

    private final Kernel kernel;

    Folders(Kernel kernel) {
        this.kernel = kernel;
    }

    /** @param type DT_* */
    record Child(String name, int type, long position) {}

    /** The entry of a place; null when there is no such file now. */
    @Nullable
    Entry find(Place place) {
        if (!place.ofProcess()) {
            return place.path().isEmpty() ? PROCESS : SystemFiles.TABLE.get(place.path());
        }
        Task task = place.task(kernel);
        if (task == null || place.fd() >= 0 && task.files.get(place.fd()) == null) {
            return null;
        }
        if (place.name().isEmpty()) {
            return PROCESS;
        }
        return table(place).get(place.name());
    }

    private static Map<String, Entry> table(Place place) {
        return !place.ofProcess()
                ? SystemFiles.TABLE
                : place.tid() > 0 ? ProcessFiles.OF_THREAD : ProcessFiles.OF_PROCESS;
    }

    /** Entries by position. */
    List<Child> children(Place dir) {
        List<Child> children = new ArrayList<>();
        String prefix = dir.name().isEmpty() ? "" : dir.name() + "/";
        long position = FIRST;
        for (var row : table(dir).entrySet()) {
            String path = row.getKey();
            if (path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0 && !path.endsWith("/N")) {
                children.add(new Child(
                        path.substring(prefix.length()), row.getValue().mode() >>> 12, position));
            }
            position++;
        }
        numbers(dir, children);
        return children;
    }

    private void numbers(Place dir, List<Child> children) {
        if (dir.path().isEmpty()) {
            kernel.processes().processes().forEach(process -> add(children, process.pid, Mode.S_IFDIR));
            return;
        }
        Task task = dir.task(kernel);
        if (task == null) {
            return;
        }
        switch (dir.name()) {
            case "task" ->
                task.process.threads.stream()
                        .mapToInt(thread -> thread.tid)
                        .sorted()
                        .forEach(tid -> add(children, tid, Mode.S_IFDIR));
            case "fd" -> descriptors(task, children, Mode.S_IFLNK);
            case "fdinfo" -> descriptors(task, children, Mode.S_IFREG);
            default -> {
                // no numbers here
            }
        }
    }

    private static void descriptors(Task task, List<Child> children, int type) {
        for (int fd = 0; fd < task.files.size(); fd++) {
            if (task.files.get(fd) != null) {
                add(children, fd, type);
            }
        }
    }

    private static void add(List<Child> children, int number, int type) {
        children.add(new Child(Integer.toString(number), type >>> 12, NUMBERS + number));
    }

    /** Links of a directory: 2, and one for each directory in it. */
    int links(Place dir) {
        int listed = FOLDERS.get(table(dir)).getOrDefault(dir.name(), 0);
        if (dir.path().isEmpty()) {
            return 2 + listed + kernel.processes().processes().size();
        }
        Task task = dir.name().equals("task") ? dir.task(kernel) : null;
        return 2 + listed + (task == null ? 0 : task.process.threads.size());
    }

    /** How many directories each directory of a table has. */
    private static Map<String, Integer> folders(Map<String, Entry> table) {
        Map<String, Integer> folders = new HashMap<>();
        table.forEach((path, entry) -> {
            if ((entry.mode() & Mode.S_IFMT) == Mode.S_IFDIR && !path.endsWith("/N")) {
                folders.merge(path.substring(0, Math.max(path.lastIndexOf('/'), 0)), 1, Integer::sum);
            }
        });
        return folders;
    }

    /** The mode of a link in fd/: what the file was opened for. */
    int descriptorMode(Place place) {
        Task task = place.task(kernel);
        OpenFile file = task == null ? null : task.files.get(place.fd());
        int mode = Mode.S_IFLNK;
        if (file != null) {
            mode |= file.readable() ? 0500 : 0;
            mode |= file.writable() ? 0300 : 0;
        }
        return mode;
    }
}
