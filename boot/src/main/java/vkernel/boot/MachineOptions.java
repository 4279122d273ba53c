package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import vkernel.host.BlockSource;
import vkernel.host.MachineConfig.Time;

/** What {@code vk boot} and {@code vk run} have in common: the machine and how its kernel comes up. */
final class MachineOptions {
    /** Less and not even a shell runs. */
    private static final long LEAST = 16 << 20;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-m", "--memory"},
            paramLabel = "SIZE",
            defaultValue = "256M",
            converter = Size.Converter.class,
            description = "Guest memory, for instance 64M or 2G (default ${DEFAULT-VALUE}).")
    private Size memory;

    @Option(
            names = "--smp",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of harts, that is CPUs, 1 to 64 (default ${DEFAULT-VALUE}).")
    private int harts;

    @Option(
            names = "--root",
            paramLabel = "NAME|DIR|TAR|vdaN",
            description = {
                "The root file system: an image of 'vk image list', a folder, or a tar or cpio archive. It is never"
                        + " changed: what the guest writes is in its memory. Or a disk of --disk, or a partition of it,"
                        + " which is written. Default: the first --disk, if this is a boot and it is a file system as a"
                        + " whole; else builtin, the built-in userland."
            })
    private @Nullable String root;

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = "Sets an environment variable of the first program. Can be given several times.")
    private List<String> env = new ArrayList<>();

    @Option(names = "--cwd", paramLabel = "DIR", defaultValue = "/", description = "Working directory in the guest.")
    private String cwd;

    @Option(
            names = "--time",
            paramLabel = "real|virtual",
            defaultValue = "real",
            description = {
                "real: with this machine's clock (default). virtual: time passes by instructions and idle time is"
                        + " skipped; with one hart every run is the same."
            })
    private Time time;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all that is random in virtual time (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--sched",
            paramLabel = "NAME",
            defaultValue = "",
            description =
                    "Scheduler policy: fair, rr, or one of your own (default: what the kernel's composition says).")
    private String sched;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Execution engine: native, translator or interpreter (default: the best there is).")
    private String engine;

    @Option(
            names = "--kernel",
            paramLabel = "NAME",
            defaultValue = "posix",
            description = "Composition of the kernel (default ${DEFAULT-VALUE}).")
    private String kernel;

    @Option(
            names = "--net",
            paramLabel = "none|user|switch:NAME|unix:FILE",
            defaultValue = "none",
            description = {
                "user: programs reach what this machine reaches, through its own sockets; its loopback is 10.0.2.2."
                        + " switch:NAME, unix:FILE: they reach other kernels on that switch, port N as 10.0.3.N; ,N"
                        + " behind it asks for a port. none: they talk to each other only (default)."
            })
    private String net;

    @Option(
            names = "--publish",
            paramLabel = "[ADDR:]HOSTPORT:PORT",
            description = {
                "Lets this machine reach a TCP port of the guest; ADDR is 127.0.0.1 unless told. Can be given several"
                        + " times."
            })
    private List<String> publish = new ArrayList<>();

    @Option(
            names = "--swap",
            paramLabel = "FILE[,SIZE]",
            description = {
                "A file of this machine to which the guest's memory goes when it is short. With SIZE, for instance"
                        + " swap,512M, it is made if it is not there."
            })
    private @Nullable String swap;

    @Option(
            names = "--disk",
            paramLabel = "FILE[,ro][,overlay=FILE][,serial=S]",
            description = {
                "A disk: /dev/vda, the next /dev/vdb, and their partitions. ro: it is not written. overlay: what is"
                        + " written goes to that file, the disk's own stays as it is. Can be given several times."
            })
    private List<String> disks = new ArrayList<>();

    @Option(
            names = "--share",
            paramLabel = "HOST:GUEST[:ro][,uid=N]",
            description = {
                "The guest sees the folder HOST of this machine at GUEST, and nothing else of this machine. ro: it"
                        + " cannot change it. uid: whose files in the guest yours are (default 0). Can be given several"
                        + " times."
            })
    private List<String> shares = new ArrayList<>();

    @Option(
            names = "--console",
            paramLabel = "stdio|pty|unix:FILE|null",
            description = {
                "Terminals of the guest, /dev/ttyS0 and so on. With vk boot the first is the system console (default"
                        + " stdio); with vk run all are further ones. pty: a pseudo-terminal, whose name is told. unix: a"
                        + " socket, one client at a time. null: nobody is there. Can be given several times."
            })
    private List<String> consoles = new ArrayList<>();

    @Option(names = "--trace-syscalls", description = "Prints each system call on standard error, like strace.")
    private boolean traceSyscalls;

    @Option(
            names = "--gogo",
            paramLabel = "FILE",
            description = {
                "Runs the Gogo commands of a file once the kernel is up, beside the guest; vk waits for both. The first"
                        + " command that fails is the last."
            })
    private @Nullable String gogoFile;

    @Option(
            names = "-c",
            paramLabel = "COMMANDS",
            description = "Runs Gogo commands in the same way, for instance -c 'proc:ps --json'.")
    private @Nullable String gogoCommands;

    @Option(names = "-v", description = "Shows what the kernel logs.")
    private boolean verbose;

    BootConfig config() {
        if (memory.bytes() < LEAST) {
            throw new ParameterException(
                    spec.commandLine(), "-m: a kernel needs at least 16M of memory, got " + memory.bytes() + " bytes");
        }
        if (harts < 1 || harts > 64) {
            throw new ParameterException(spec.commandLine(), "--smp: from 1 to 64 harts, got " + harts);
        }
        System.setProperty("vkernel.log", verbose ? "info" : "error");
        BootConfig config = BootConfig.standard()
                .withKernel(kernel)
                .withMemory(memory.bytes() & -4096)
                .withHarts(harts)
                .withTime(time, seed)
                .withSched(sched)
                .withEngine(engine)
                .withCwd(cwd)
                .withTraceSyscalls(traceSyscalls);
        for (String variable : env) {
            if (variable.indexOf('=') < 1) {
                throw new ParameterException(spec.commandLine(), "--env: '" + variable + "' is not NAME=VALUE");
            }
            config = config.withEnv(variable);
        }
        if (swap != null) {
            try {
                config = config.withSwap(SwapFile.of(swap));
            } catch (IllegalArgumentException | TypeConversionException e) {
                throw new ParameterException(spec.commandLine(), "--swap: " + e.getMessage(), e);
            }
        }
        for (String disk : disks) {
            config = config.withDisk(disk(disk));
        }
        for (String share : shares) {
            config = config.withShare(share(share));
        }
        return network(rooted(config));
    }

    private BlockSource disk(String text) {
        try {
            return BlockSource.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--disk: " + e.getMessage(), e);
        }
    }

    /** The terminals asked for; {@code stdio} can be the first. */
    List<String> consoles() {
        try {
            Consoles.check(consoles);
            return consoles;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--console: " + e.getMessage(), e);
        }
    }

    private Share share(String text) {
        try {
            return Share.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--share: " + e.getMessage(), e);
        }
    }

    /** The root file system: what {@code --root} says, be it a disk. */
    private BootConfig rooted(BootConfig config) {
        String name = root;
        if (name == null) {
            return config;
        }
        boolean disk = name.matches("vd[a-z][0-9]*") && !disks.isEmpty();
        return disk ? config.withOption("root", name) : config.withRoots(List.of(Roots.named(name)));
    }

    /** For a boot: the root file system is on the first disk if nothing else was asked for and one is there. */
    BootConfig onDisk(BootConfig config) {
        boolean asked = root != null || disks.isEmpty();
        return asked || !Roots.isFileSystem(disk(disks.getFirst()).path()) ? config : config.withOption("root", "vda");
    }

    private BootConfig network(BootConfig config) {
        boolean joined = net.startsWith("switch:") || net.startsWith("unix:");
        if (!net.equals("none") && !net.equals("user") && !joined) {
            throw new ParameterException(spec.commandLine(), "--net: none, user, switch:NAME or unix:FILE, got " + net);
        }
        for (String port : publish) {
            if (!port.matches("([0-9.]+:)?[0-9]{1,5}:[0-9]{1,5}")) {
                throw new ParameterException(
                        spec.commandLine(), "--publish: '" + port + "' is not [ADDR:]HOSTPORT:PORT");
            }
        }
        if (joined && !publish.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--publish: with --net user only");
        }
        if ((net.equals("user") || joined || !publish.isEmpty()) && time == Time.VIRTUAL) {
            throw new ParameterException(spec.commandLine(), "--net, --publish: the world outside has no virtual time");
        }
        BootConfig with = publish.isEmpty() ? config : config.withOption("publish", String.join(" ", publish));
        return joined ? with.withOption("net", net) : net.equals("user") ? with.withNetwork() : with;
    }

    /** The Gogo commands to run, empty for none. */
    String commands() {
        if (gogoFile == null) {
            return gogoCommands == null ? "" : gogoCommands;
        }
        if (gogoCommands != null) {
            throw new ParameterException(spec.commandLine(), "-c and --gogo: give one of them");
        }
        try {
            return Files.readString(Path.of(gogoFile));
        } catch (IOException e) {
            throw new BootException(
                    "--gogo: cannot read " + gogoFile + " (" + e.getClass().getSimpleName() + ")", e);
        }
    }
}
