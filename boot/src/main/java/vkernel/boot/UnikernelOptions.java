package vkernel.boot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code vk kernel build} can be told. */
final class UnikernelOptions {
    @Parameters(index = "0", paramLabel = "NAME", description = "The kernel to begin with.")
    String name;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE.jar",
            description = "The jar to be written.")
    Path output;

    @Option(
            names = "--init",
            paramLabel = "PROGRAM",
            defaultValue = "/bin/sh",
            description = "The program: in the root, or a riscv64 ELF file of this machine (default ${DEFAULT-VALUE}).")
    String init;

    @Parameters(
            index = "1..*",
            paramLabel = "ARG",
            description = "Arguments that it always gets, before those of the jar's user.")
    List<String> arguments = new ArrayList<>();

    @Option(
            names = "--root",
            paramLabel = "NAME|DIR|TAR",
            description =
                    "Where the program and its files are; as of 'vk run'. Without: the built-in userland, or nothing for an ELF file of this machine.")
    @Nullable
    String root;

    @Option(
            names = "--with",
            paramLabel = "FILE[:PLACE]",
            description = "A file or folder to be put into the root. Can be given several times.")
    List<String> with = new ArrayList<>();

    @Option(
            names = "--trace",
            description = "Runs the program in the default kernel, and packs only what it asked for.")
    boolean trace;

    @Option(
            names = "--trace-args",
            paramLabel = "ARGS",
            defaultValue = "",
            description = "Further arguments for the traced run, between spaces.")
    String traceArguments;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "A run that has not ended by then gets SIGTERM (default ${DEFAULT-VALUE}).")
    int seconds;

    @Option(names = "--no-cache", description = "Without the ahead-of-time cache FILE.aot.")
    boolean noCache;

    @Option(
            names = {"-m", "--memory"},
            paramLabel = "SIZE",
            defaultValue = "256M",
            converter = Size.Converter.class,
            description = "Guest memory (default ${DEFAULT-VALUE}).")
    Size memory;

    @Option(
            names = "--smp",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of harts (default ${DEFAULT-VALUE}).")
    int harts;

    @Option(names = "--env", paramLabel = "NAME=VALUE", description = "Sets an environment variable.")
    List<String> env = new ArrayList<>();

    @Option(names = "--cwd", paramLabel = "DIR", defaultValue = "/", description = "Working directory.")
    String cwd;

    @Option(names = "--net", paramLabel = "none|user", defaultValue = "none", description = "As of 'vk run'.")
    String net;

    @Option(names = "--publish", paramLabel = "[ADDR:]HOSTPORT:PORT", description = "As of 'vk run'.")
    List<String> publish = new ArrayList<>();

    /** Arguments of a run that shows what the program does. */
    List<String> training() {
        return traceArguments.isBlank()
                ? List.of()
                : List.of(traceArguments.trim().split("\\s+"));
    }
}
