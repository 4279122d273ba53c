package vkernel.host.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import vkernel.host.HostException;
import vkernel.host.HostException.Reason;
import vkernel.host.Ram;
import vkernel.host.engine.Engine;

/**
 * The execution engines there are, and the one in use. Every one is told of changed code, whether it is in use or not:
 * so what an engine has made stays right while another runs, and to come back to it costs nothing.
 */
final class Engines {
    /** An engine; the highest rank is the best, and of those the one that came last. */
    private record Bound(Engine engine, String label, int rank, long order) {}

    /** Not put together from Comparator's methods: their lambdas cost every start of a kernel a few milliseconds. */
    private static final Comparator<Bound> BEST_FIRST =
            (a, b) -> a.rank == b.rank ? Long.compare(b.order, a.order) : Integer.compare(b.rank, a.rank);

    private volatile List<Bound> bound = List.of(); // written under this
    private volatile @Nullable Engine current;
    private String wanted = ""; // guarded by this
    private @Nullable Ram ram; // guarded by this; null before there is a machine

    synchronized void machine(Ram memory, String engine) {
        ram = memory;
        wanted = engine;
        bound.forEach(one -> one.engine().attach(memory));
    }

    /**
     * An engine has come; it is not used yet.
     *
     * @param label what it is and where it comes from, for people
     */
    synchronized void add(Engine engine, String label, int rank, long order) {
        if (ram != null) engine.attach(ram);
        List<Bound> more = new ArrayList<>(bound);
        more.add(new Bound(engine, label, rank, order));
        more.sort(BEST_FIRST);
        bound = List.copyOf(more);
    }

    /** An engine has gone; no hart is in it. */
    synchronized void remove(Engine engine) {
        bound = bound.stream().filter(one -> one.engine() != engine).toList();
    }

    /** The engine that should be used, of all but one; those that are distrusted only when there is no other. */
    synchronized @Nullable Engine choice(@Nullable Engine without, Predicate<String> distrusted) {
        Engine best = best(without, distrusted);
        return best == null ? best(without, label -> false) : best;
    }

    private @Nullable Engine best(@Nullable Engine without, Predicate<String> distrusted) {
        Engine best = null;
        for (Bound one : bound) {
            if (one.engine() == without || distrusted.test(one.label())) continue;
            if (one.engine().name().equals(wanted)) return one.engine();
            if (best == null) best = one.engine();
        }
        return best;
    }

    /** @throws HostException {@code ABSENT} when there is none of that name */
    synchronized void want(String name) {
        if (!names().contains(name)) throw new HostException(Reason.ABSENT, "no engine " + name);
        wanted = name;
    }

    synchronized String wanted() {
        return wanted;
    }

    /** Uses an engine from the next run of each hart on. */
    void use(@Nullable Engine engine) {
        current = engine;
    }

    String label(@Nullable Engine engine) {
        for (Bound one : bound) {
            if (one.engine() == engine) return one.label();
        }
        return "";
    }

    /** Labels of the engines of a name. */
    List<String> labels(String name) {
        return bound.stream()
                .filter(one -> one.engine().name().equals(name))
                .map(Bound::label)
                .toList();
    }

    List<String> names() {
        return bound.stream().map(one -> one.engine().name()).distinct().toList();
    }

    Optional<String> name() {
        return Optional.ofNullable(current).map(Engine::name);
    }

    Map<String, Long> figures() {
        Engine engine = current;
        return engine == null ? Map.of() : engine.figures();
    }

    Optional<String> profile(Duration time) throws InterruptedException {
        Engine engine = current;
        return engine == null ? Optional.empty() : engine.profile(time);
    }

    @Nullable
    Engine orNull() {
        return current;
    }

    /** @throws HostException {@code ABSENT} when there is none (the machine is closed, or its engine was taken away) */
    Engine current() {
        Engine engine = current;
        if (engine == null) throw new HostException(Reason.ABSENT, "the machine has no execution engine");
        return engine;
    }

    void codeChanged(int frame) {
        for (Bound one : bound) one.engine().codeChanged(frame);
    }
}
