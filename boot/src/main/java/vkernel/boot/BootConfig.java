package vkernel.boot;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import vkernel.host.BlockSource;
import vkernel.host.ByteRom;
import vkernel.host.Channel;
import vkernel.host.MachineConfig.Time;
import vkernel.host.Rom;

/** What kind of kernel to boot. Immutable: each {@code with} method gives a changed copy. */
public final class BootConfig implements Cloneable {
    private static final String ENGINE = "engine";
    public static final String PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    // none is assigned once the configuration has been given away
    private String kernel = "posix";
    private long memory = 256 << 20;
    private int harts = 1;
    private Time time = Time.REAL;
    private long seed;
    private List<Rom> roots = List.of();
    private List<String> init = List.of();
    private List<String> env = List.of(PATH, "HOME=/root", "TERM=linux");
    private String cwd = "/";
    private String sched = "";
    private boolean traceSyscalls;
    private boolean checkTranslations;
    private boolean sharedParts;
    private Map<String, Channel> channels = Map.of();
    private Map<String, BlockSource> disks = Map.of();
    private Map<String, String> options = Map.of();
    private Map<String, Path> swaps = Map.of();
    private List<Share> shares = List.of();

    private static final String SWAP = "swap0";

    private BootConfig() {}

    /** 256 MiB, one hart, real time, the built-in root, no first process. */
    public static BootConfig standard() {
        return new BootConfig().withRoots(List.of(Roots.builtIn()));
    }

    /** The same with nothing in the root. */
    static BootConfig empty() {
        return new BootConfig();
    }

    private BootConfig with(Consumer<BootConfig> change) {
        try {
            BootConfig copy = (BootConfig) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Composition, a name of {@code cnf/kernels}. */
    public String kernel() {
        return kernel;
    }

    public BootConfig withKernel(String name) {
        return with(it -> it.kernel = name);
    }

    /** Guest RAM, bytes. */
    public long memory() {
        return memory;
    }

    public BootConfig withMemory(long bytes) {
        return with(it -> it.memory = bytes);
    }

    public int harts() {
        return harts;
    }

    public BootConfig withHarts(int number) {
        return with(it -> it.harts = number);
    }

    /** Disks and swap space, by the name that the machine knows them by. */
    Map<String, BlockSource> blockFiles() {
        Map<String, BlockSource> all = new HashMap<>(disks);
        swaps.forEach((name, path) -> all.put(name, BlockSource.of(path)));
        return Map.copyOf(all);
    }

    /** A host file, of some pages at least, to which memory goes when it is short: {@code swap0}. */
    public BootConfig withSwap(Path file) {
        return with(it -> it.swaps = Map.of(SWAP, file)).withOption("swap", SWAP);
    }

    /** Folders of this machine that the guest sees. */
    public List<Share> shares() {
        return shares;
    }

    /** Adds a folder of this machine; it is mounted before the first process starts. */
    public BootConfig withShare(Share share) {
        return with(it -> it.shares = and(shares, share));
    }

    /** How the clock runs. */
    public Time time() {
        return time;
    }

    /** Of everything random in virtual time. */
    public long seed() {
        return seed;
    }

    public BootConfig withTime(Time how, long randomSeed) {
        return with(it -> {
            it.time = how;
            it.seed = randomSeed;
        });
    }

    /** Archives (cpio, tar) that make the root file system, later ones over earlier ones. */
    public List<Rom> roots() {
        return roots;
    }

    /** Replaces the root file system. */
    public BootConfig withRoots(List<Rom> archives) {
        return with(it -> it.roots = List.copyOf(archives));
    }

    /** Adds an archive over the root file system. */
    public BootConfig withRoot(Rom archive) {
        return withRoots(and(roots, archive));
    }

    /** Names of the ROMs that make the root. */
    List<String> rootNames() {
        return IntStream.range(0, roots.size()).mapToObj(BootConfig::romName).toList();
    }

    /** Name of the ROM of the i-th root archive. */
    static String romName(int i) {
        return "root" + i;
    }

    /** The first process; empty for none: programs are then started by {@link VirtualKernel#run}. */
    public List<String> init() {
        return init;
    }

    public BootConfig withInit(String... argv) {
        return with(it -> it.init = List.of(argv));
    }

    /** Environment of programs. */
    public List<String> env() {
        return env;
    }

    /** Adds a variable, {@code NAME=VALUE}. */
    public BootConfig withEnv(String variable) {
        String name = variable.substring(0, variable.indexOf('=') + 1);
        List<String> others = env.stream().filter(old -> !old.startsWith(name)).toList();
        return with(it -> it.env = and(others, variable));
    }

    /** Working directory of programs. */
    public String cwd() {
        return cwd;
    }

    public BootConfig withCwd(String folder) {
        return with(it -> it.cwd = folder);
    }

    /** Scheduler policy; empty for the composition's own. */
    public String sched() {
        return sched;
    }

    public BootConfig withSched(String policy) {
        return with(it -> it.sched = policy);
    }

    /** Whether each system call is written to the channel {@code trace}. */
    public boolean traceSyscalls() {
        return traceSyscalls;
    }

    public BootConfig withTraceSyscalls(boolean on) {
        return with(it -> it.traceSyscalls = on);
    }

    /** Whether stale translations are looked for (slow; for tests of guest.vm). */
    public boolean checkTranslations() {
        return checkTranslations;
    }

    public BootConfig withCheckTranslations(boolean on) {
        return with(it -> it.checkTranslations = on);
    }

    /**
     * Whether the classes of its parts are shared with other kernels of this JVM that ask for it: many come up fast and
     * cost little, but nothing of them can be replaced, and they have one log.
     */
    public boolean sharedParts() {
        return sharedParts;
    }

    public BootConfig withSharedParts(boolean on) {
        return with(it -> it.sharedParts = on);
    }

    /** Byte channels by name; {@code console} is the system console. */
    public Map<String, Channel> channels() {
        return channels;
    }

    public BootConfig withChannel(String name, Channel channel) {
        return with(it -> it.channels = and(channels, name, channel));
    }

    /** Disks by their names on the host, {@code disk0} first: /dev/vda, /dev/vdb, … */
    public Map<String, BlockSource> disks() {
        return disks;
    }

    /** Adds a disk. */
    public BootConfig withDisk(BlockSource file) {
        return with(it -> it.disks = and(disks, "disk%02d".formatted(disks.size()), file));
    }

    /** Further settings for the kernel's parts, by name; {@code mounts} for instance is what is mounted at the start. */
    public Map<String, String> options() {
        return options;
    }

    public BootConfig withOption(String name, String value) {
        return with(it -> it.options = and(options, name, value));
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

    private static <T> List<T> and(List<T> some, T another) {
        List<T> all = new ArrayList<>(some);
        all.add(another);
        return List.copyOf(all);
    }

    private static <T> Map<String, T> and(Map<String, T> some, String name, T another) {
        Map<String, T> all = new HashMap<>(some);
        all.put(name, another);
        return Map.copyOf(all);
    }
}
