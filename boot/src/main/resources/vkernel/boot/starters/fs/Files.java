package example;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import vkernel.kern.Kernel;

/** What is in the file system: a name, and how its text is computed whenever the file is opened. Add yours here. */
final class Files {
    private final SortedMap<String, Supplier<String>> all = new TreeMap<>();

    Files(Kernel kernel) {
        all.put("hello", () -> "hello from example\n");
        all.put("uptime", () -> kernel.now() / 1_000_000 + " ms since boot\n");
        all.put("processes", () -> kernel.processes().processes().size() + " processes\n");
        all.put("policy", () -> "scheduled by " + kernel.sched().name() + "\n");
    }

    boolean has(String name) {
        return all.containsKey(name);
    }

    /** The text of a file that there is. */
    String text(String name) {
        return all.get(name).get();
    }

    /** In the order of a listing. */
    Iterable<String> names() {
        return all.keySet();
    }

    /** The number of a file: its place in the listing, behind the root. */
    long number(String name) {
        return 2 + all.headMap(name).size();
    }
}
