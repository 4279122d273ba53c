package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vk new}: a small bundle to begin with. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a small bundle to begin with: a scheduler policy, a file system or a driver. It runs as it stands,"
                    + " and what you change in it runs as soon as it is saved.",
            ""
        },
        footer = {
            "",
            "For instance:",
            "  vk new sched lottery          a policy that draws lots, in the folder lottery",
            "  vk boot --watch lottery       a kernel that schedules by it; edit lottery/Lottery.java now",
            "",
            "  vk new fs notes               mount -t notes none /mnt; cat /mnt/hello",
            "  vk new driver rot -o src/rot  echo Uryyb > /dev/rot; cat /dev/rot"
        })
final class NewCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "sched|fs|driver", description = "What it is to be.")
    private Starter kind;

    @Parameters(
            index = "1",
            paramLabel = "NAME",
            description = "What the kernel calls it: small letters and digits, at most 15.")
    private String name;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where to write it (default: a folder NAME here). Nothing is ever overwritten.")
    private @Nullable Path output;

    @Override
    public Integer call() {
        String wrong = Starter.wrong(name);
        if (!wrong.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "'" + name + "': " + wrong);
        }
        Path folder = output == null ? Path.of(name) : output;
        try {
            if (Distribution.here().provides(kind.attribute, name)) {
                throw new BootException(
                        kind.what + " named " + name + " is in the kernel already; choose another name");
            }
            refuseIfUsed(folder);
            Path main = kind.write(name, folder);
            spec.commandLine()
                    .getOut()
                    .printf(Locale.ROOT, "%s: %s. Run it:%n  ./vk boot --watch %s%n", main, kind.what, folder);
            return 0;
        } catch (IOException e) {
            throw new BootException("cannot write " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void refuseIfUsed(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw new BootException(folder + " is there and is no folder");
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                throw new BootException("the folder " + folder + " is not empty; nothing is overwritten");
            }
        }
    }
}
