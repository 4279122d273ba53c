package vkernel.host;

import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import vkernel.host.engine.Hart;

/**
 * All that a machine must not forget: what one host hands to the next. Nothing of a host or an engine is reachable from
 * it. RAM and harts are the machine's own objects and stay what they are; translations are soft and are not here.
 *
 * @param config what the machine was made of
 * @param ram guest memory, with the marks of code
 * @param harts by id, with their counts of instructions
 * @param channels those plugged in now, by name; any thread changes it
 * @param vmspaces the mappings of each address space, ascending
 * @param clock null before the machine has first run
 * @param entropy position in the random bytes of virtual time
 * @param blockFiles those plugged in now, by name; any thread changes it
 * @param files host files of the block files that are open, in the order of {@link BlockSource#paths}, with their locks
 * @param engine name of the engine that somebody asked for; empty for the best there is
 * @param staleTranslations found so far
 */
public record MachineState(
        MachineConfig config,
        Ram ram,
        List<Hart> harts,
        Map<String, Channel> channels,
        SortedMap<Integer, List<Mapping>> vmspaces,
        @Nullable ClockState clock,
        long entropy,
        Map<String, BlockSource> blockFiles,
        Map<String, List<FileChannel>> files,
        String engine,
        List<String> staleTranslations) {

    /** A machine that has not run yet. @throws HostException {@code NO_MEMORY} */
    public static MachineState fresh(MachineConfig config) {
        return of(config, new Ram(config.ramBytes()));
    }

    /** A machine that has not run yet, with memory of the caller's. */
    public static MachineState of(MachineConfig config, Ram ram) {
        return new MachineState(
                config,
                ram,
                IntStream.range(0, config.harts()).mapToObj(Hart::new).toList(),
                new ConcurrentHashMap<>(config.channels()),
                new TreeMap<>(),
                null,
                config.seed(),
                new ConcurrentHashMap<>(config.blockFiles()),
                Map.of(),
                "",
                List.of());
    }

    /**
     * Looks whether it can be taken over.
     *
     * @throws HostException {@code INVALID}, saying what is wrong
     */
    public void check() {
        require(ram.size() == config.ramBytes(), "RAM of " + ram.size() + " bytes");
        require(harts.size() == config.harts(), harts.size() + " harts");
        for (int id = 0; id < harts.size(); id++) require(harts.get(id).id == id, "hart " + id + " is another");
        long size = ram.size();
        for (Map.Entry<Integer, List<Mapping>> space : vmspaces.entrySet()) {
            long free = 0;
            for (Mapping mapping : space.getValue()) {
                boolean sound = mapping.start() >= free && mapping.end() > mapping.start() && mapping.end() <= Vpte.END;
                if (!sound || !mapping.within(size)) throw invalid("vmspace " + space.getKey() + ": " + mapping);
                free = mapping.end();
            }
        }
        files.forEach((name, opened) -> {
            require(blockFiles.containsKey(name), "block file " + name + " is open and not there");
            require(opened.stream().allMatch(FileChannel::isOpen), "block file " + name + " is closed");
        });
    }

    /** @throws HostException {@code ABSENT} */
    public static <T> T named(Map<String, T> things, String kind, String name) {
        T thing = things.get(name);
        if (thing != null) return thing;
        throw new HostException(HostException.Reason.ABSENT, "the machine has no " + kind + " named " + name);
    }

    /** @throws HostException {@code EXISTS} */
    public static <T> void plug(Map<String, T> things, String kind, String name, T thing) {
        if (things.putIfAbsent(name, thing) == null) return;
        throw new HostException(HostException.Reason.EXISTS, "the machine has a " + kind + " named " + name);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) throw invalid(otherwise);
    }

    private static HostException invalid(String what) {
        return new HostException(HostException.Reason.INVALID, "state of a machine: " + what);
    }
}
