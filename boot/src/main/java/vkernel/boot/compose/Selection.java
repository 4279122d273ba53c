package vkernel.boot.compose;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A kernel while somebody chooses its parts: what is chosen, what that brings, what it costs, what is wrong. */
public final class Selection {
    /** How a capability stands. */
    public enum Mark {
        /** In the list. */
        CHOSEN,
        /** Not in the list, but a part that is there gives it. */
        BROUGHT,
        OUT
    }

    /**
     * Something that can be chosen.
     *
     * @param part who gives it
     */
    public record Row(Subsystem what, Part part, Mark mark) {}

    private final Workbench bench;
    private final Composer composer;
    private final KernelFile begun;
    private TreeSet<Subsystem> saved;
    private TreeSet<Subsystem> wanted;
    private @Nullable Resolution resolved;
    private String problem = "";

    /** @param begun the kernel as it was; it need not resolve */
    public Selection(Workbench bench, KernelFile begun) {
        this.bench = bench;
        this.composer = new Composer(bench.parts());
        this.begun = begun;
        this.wanted = new TreeSet<>(begun.wanted());
        this.saved = wanted;
        resolve();
    }

    private void resolve() {
        try {
            resolved = composer.resolve(wanted);
            problem = "";
        } catch (ComposeException e) {
            resolved = null;
            problem = String.valueOf(e.getMessage());
        }
    }

    /** Everything that can be chosen, by name; and what the list asks for that nothing here gives is in {@link #problem}. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Subsystem each : bench.parts().subsystems()) {
            Part part = bench.parts().giving(each).getFirst();
            Mark mark = wanted.contains(each) ? Mark.CHOSEN : contains(part) ? Mark.BROUGHT : Mark.OUT;
            rows.add(new Row(each, part, mark));
        }
        return rows;
    }

    private boolean contains(Part part) {
        return resolved != null && resolved.contains(part);
    }

    /** Chooses it, or does not any more. What the kernel cannot be without stays chosen. */
    public void toggle(Subsystem what) {
        TreeSet<Subsystem> before = wanted;
        wanted = new TreeSet<>(before);
        if (!wanted.remove(what)) {
            wanted.add(what);
        }
        resolve();
        if (resolved != null && !Workbench.isKernel(resolved)) {
            wanted = before;
            resolve();
            problem = what + " stays: without it this is no kernel";
        }
    }

    /** What is missing or contradictory, in a person's words; empty when nothing is. */
    public String problem() {
        return problem;
    }

    public boolean changed() {
        return !wanted.equals(saved);
    }

    /** Of the whole, and how much that is more or less than it was. */
    public String totals() {
        if (resolved == null) {
            return "does not resolve";
        }
        long bytes = resolved.bytes();
        long before = begun.bundles().stream()
                .flatMap(name -> bench.parts().named(name).stream())
                .mapToLong(Part::bytes)
                .sum();
        String change = bytes == before ? "" : String.format(Locale.ROOT, " (%+d KiB)", bytes - before >> 10);
        return resolved.parts().size() + " parts, " + Words.kib(bytes) + change + ", "
                + Words.millis(resolved.millis());
    }

    /** Why it is there, or what would come with it and what that costs. */
    public List<String> explained(Row row) {
        if (resolved == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        if (contains(row.part())) {
            lines.add("there because "
                    + Words.and(resolved.because().getOrDefault(row.part(), List.of()).stream()
                            .map(Because::toString)
                            .distinct()
                            .sorted()
                            .toList()));
            List<Part> alone = without(row.what());
            lines.add(row.mark() == Mark.BROUGHT || alone.isEmpty() ? "" : "without it would go: " + cost(alone));
            return lines;
        }
        try {
            List<Part> more = new ArrayList<>(composer.resolve(and(row.what())).parts());
            more.removeAll(resolved.parts());
            lines.add("would bring: " + cost(more));
        } catch (ComposeException e) {
            lines.add(String.valueOf(e.getMessage()));
        }
        return lines;
    }

    private TreeSet<Subsystem> and(Subsystem another) {
        TreeSet<Subsystem> more = new TreeSet<>(wanted);
        more.add(another);
        return more;
    }

    private List<Part> without(Subsystem one) {
        TreeSet<Subsystem> fewer = new TreeSet<>(wanted);
        fewer.remove(one);
        try {
            List<Part> gone = resolved == null ? new ArrayList<>() : new ArrayList<>(resolved.parts());
            gone.removeAll(composer.resolve(fewer).parts());
            return gone;
        } catch (ComposeException e) {
            return List.of();
        }
    }

    private static String cost(List<Part> parts) {
        long bytes = parts.stream().mapToLong(Part::bytes).sum();
        double millis = parts.stream().mapToDouble(Part::millis).sum();
        return Words.and(parts) + ": " + Words.kib(bytes) + ", " + Words.millis(millis);
    }

    /** Writes it as the user's kernel. @return what was written, in a sentence */
    public String save() throws IOException {
        KernelFile settled = bench.settled(begun, wanted);
        Path file = bench.save(settled, settled.options(), begun.name(), begun.about());
        saved = wanted;
        return file + ": " + totals();
    }
}
