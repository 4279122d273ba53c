package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import vkernel.host.FileRom;

/** {@code vk run}: one program, with this process's streams and status. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {"Runs one riscv64 Linux program; its streams and exit status are this command's.", ""},
        footer = {
            "",
            "The exit status is the program's, or 128 + n when signal n killed it; 125 when the kernel could not come"
                    + " up, 126 when the program cannot be executed, 127 when it was not found."
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private MachineOptions machine;

    @Parameters(
            paramLabel = "PROGRAM [ARG...]",
            arity = "1..*",
            description = "A program in the root file system, or a riscv64 ELF file of this machine.")
    private List<String> argv;

    @Override
    public Integer call() {
        BootConfig config = machine.config();
        List<String> command = new ArrayList<>(argv);
        Path file = Path.of(command.getFirst());
        if (isProgramOfHost(file)) {
            String inGuest = "bin/" + file.getFileName();
            config = config.withRoot(HostTar.file(inGuest, new FileRom(file)));
            command.set(0, "/" + inGuest);
        }
        try (Terminals terminals = Terminals.open(false);
                VirtualKernel kernel = VirtualKernel.boot(terminals.connect(config))) {
            terminals.attach(kernel);
            String gogo = machine.gogo();
            if (gogo != null) {
                terminals.execute(gogo);
            }
            return terminals.run(command);
        }
    }

    /** A path with a slash is the host's if there is such a file; a mere name only if it is an ELF file. */
    private static boolean isProgramOfHost(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        if (file.getNameCount() > 1) {
            return true;
        }
        try (var in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(4);
            return magic.length == 4 && magic[0] == 0x7f && magic[1] == 'E' && magic[2] == 'L' && magic[3] == 'F';
        } catch (IOException e) {
            throw new BootException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
