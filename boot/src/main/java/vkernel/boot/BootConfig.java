package vkernel.boot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vkernel.host.ByteRom;
import vkernel.host.Channel;
import vkernel.host.MachineConfig.Time;
import vkernel.host.Rom;

/**
 * What kind of kernel to boot. Immutable: each {@code with} method gives a changed copy.
 *
 * @param kernel composition, a name of {@code cnf/kernels}
 * @param memory guest RAM, bytes
 * @param harts number of harts
 * @param time how the clock runs
 * @param seed of everything random in virtual time
 * @param roots archives (cpio, tar) that make the root file system, later ones over earlier ones
 * @param init the first process; empty for none: programs are then started by {@link VirtualKernel#run}
 * @param env environment of programs
 * @param cwd working directory of programs
 * @param sched scheduler policy; empty for the composition's own
 * @param traceSyscalls writes each system call to the channel {@code trace}
 * @param checkTranslations finds stale translations (slow; for tests of guest.vm)
 * @param channels byte channels by name; {@code console} is the system console
 * @param options further settings for the kernel's parts, by name; {@code mounts} for instance is what is mounted at
 *     the start, {@code devtmpfs:/dev proc:/proc} unless set
 */
public record BootConfig(
        String kernel,
        long memory,
        int harts,
        Time time,
        long seed,
        List<Rom> roots,
        List<String> init,
        List<String> env,
        String cwd,
        String sched,
        boolean traceSyscalls,
        boolean checkTranslations,
        Map<String, Channel> channels,
        Map<String, String> options) {

    private static final String ENGINE = "engine";
    public static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public BootConfig {
        roots = List.copyOf(roots);
        init = List.copyOf(init);
        env = List.copyOf(env);
        channels = Map.copyOf(channels);
        options = Map.copyOf(options);
    }

    /** 256 MiB, one hart, real time, the built-in root, no first process. */
    public static BootConfig standard() {
        return new BootConfig(
                "posix",
                256 << 20,
                1,
                Time.REAL,
                0,
                List.of(Roots.builtIn()),
                List.of(),
                List.of(PATH, "HOME=/root", "TERM=linux"),
                "/",
                "",
                false,
                false,
                Map.of(),
                Map.of());
    }

    public BootConfig withKernel(String name) {
        return copy(name, memory, harts, time, seed, roots, init, env, cwd, sched);
    }

    public BootConfig withMemory(long bytes) {
        return copy(kernel, bytes, harts, time, seed, roots, init, env, cwd, sched);
    }

    public BootConfig withHarts(int number) {
        return copy(kernel, memory, number, time, seed, roots, init, env, cwd, sched);
    }

    public BootConfig withTime(Time how, long randomSeed) {
        return copy(kernel, memory, harts, how, randomSeed, roots, init, env, cwd, sched);
    }

    /** Replaces the root file system. */
    public BootConfig withRoots(List<Rom> archives) {
        return copy(kernel, memory, harts, time, seed, archives, init, env, cwd, sched);
    }

    /** Adds an archive over the root file system. */
    public BootConfig withRoot(Rom archive) {
        List<Rom> more = new ArrayList<>(roots);
        more.add(archive);
        return withRoots(more);
    }

    public BootConfig withInit(String... argv) {
        return copy(kernel, memory, harts, time, seed, roots, List.of(argv), env, cwd, sched);
    }

    /** Adds a variable, {@code NAME=VALUE}. */
    public BootConfig withEnv(String variable) {
        String name = variable.substring(0, variable.indexOf('=') + 1);
        List<String> more = new ArrayList<>(env);
        more.removeIf(old -> old.startsWith(name));
        more.add(variable);
        return copy(kernel, memory, harts, time, seed, roots, init, more, cwd, sched);
    }

    public BootConfig withCwd(String folder) {
        return copy(kernel, memory, harts, time, seed, roots, init, env, folder, sched);
    }

    public BootConfig withSched(String policy) {
        return copy(kernel, memory, harts, time, seed, roots, init, env, cwd, policy);
    }

    public BootConfig withChannel(String name, Channel channel) {
        Map<String, Channel> more = new HashMap<>(channels);
        more.put(name, channel);
        return new BootConfig(
                kernel,
                memory,
                harts,
                time,
                seed,
                roots,
                init,
                env,
                cwd,
                sched,
                traceSyscalls,
                checkTranslations,
                more,
                options);
    }

    public BootConfig withTraceSyscalls(boolean on) {
        return new BootConfig(
                kernel,
                memory,
                harts,
                time,
                seed,
                roots,
                init,
                env,
                cwd,
                sched,
                on,
                checkTranslations,
                channels,
                options);
    }

    public BootConfig withCheckTranslations(boolean on) {
        return new BootConfig(
                kernel, memory, harts, time, seed, roots, init, env, cwd, sched, traceSyscalls, on, channels, options);
    }

    /** Lets programs reach what this machine reaches; its loopback is 10.0.2.2, and names are asked for as it does. */
    public BootConfig withNetwork() {
        byte[] resolver = "nameserver 10.0.2.3\n".getBytes(StandardCharsets.ISO_8859_1);
        return withOption("net", "user").withRoot(HostTar.file("etc/resolv.conf", new ByteRom(resolver)));
    }

    /** Chooses the execution engine; empty for the best there is. */
    public BootConfig withEngine(String name) {
        return name.isEmpty() ? this : withOption(ENGINE, name);
    }

    /** The engine asked for; the system property {@code vkernel.engine} asks for every kernel (for tests). */
    String engine() {
        return options.getOrDefault(ENGINE, System.getProperty("vkernel.engine", ""));
    }

    public BootConfig withOption(String name, String value) {
        Map<String, String> more = new HashMap<>(options);
        more.put(name, value);
        return new BootConfig(
                kernel,
                memory,
                harts,
                time,
                seed,
                roots,
                init,
                env,
                cwd,
                sched,
                traceSyscalls,
                checkTranslations,
                channels,
                more);
    }

    private BootConfig copy(
            String kernel,
            long memory,
            int harts,
            Time time,
            long seed,
            List<Rom> roots,
            List<String> init,
            List<String> env,
            String cwd,
            String sched) {
        return new BootConfig(
                kernel,
                memory,
                harts,
                time,
                seed,
                roots,
                init,
                env,
                cwd,
                sched,
                traceSyscalls,
                checkTranslations,
                channels,
                options);
    }

    /** Name of the ROM of the i-th root archive. */
    static String romName(int i) {
        return "root" + i;
    }

    /** Names of the ROMs that make the root. */
    List<String> rootNames() {
        return java.util.stream.IntStream.range(0, roots.size())
                .mapToObj(BootConfig::romName)
                .toList();
    }
}
