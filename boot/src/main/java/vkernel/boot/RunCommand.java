package vkernel.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vkernel.boot.image.GuestRoot;
import vkernel.boot.image.ImageStore;
import vkernel.host.FileRom;

/** {@code vk run}: one program, with this process's streams and status. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {"Runs one riscv64 Linux program; its streams and exit status are this command's.", ""},
        footer = {
            "",
            "The exit status is the program's, or 128 + n when signal n killed it; 125 when the kernel could not come"
                    + " up, panicked, or a command of -c or --gogo failed while the program ended with 0; 126 when the"
                    + " program cannot be executed, 127 when it was not found.",
            "",
            "SIGINT, SIGTERM and SIGHUP are passed on to the program; the second one ends the kernel."
        })
final class RunCommand implements Callable<Integer> {
    /** e_machine of the ELF header (EM_RISCV). */
    private static final int RISCV = 243;

    @Mixin
    private MachineOptions machine;

    @Mixin
    private DevelopmentOptions development;

    @Option(
            names = "--save",
            paramLabel = "NAME",
            description = {
                "Keeps the root file system as it is when the program ends as an image of this name, or as"
                        + " NAME.unfinished if it ends with an error."
            })
    private @Nullable String save;

    @Parameters(
            paramLabel = "PROGRAM [ARG...]",
            arity = "1..*",
            description = "A program in the root file system, or a riscv64 ELF file of this machine.")
    private List<String> argv;

    @Override
    public Integer call() {
        BootConfig config = machine.config();
        String commands = machine.commands();
        development.check();
        if (save != null) {
            ImageStore.checked(save);
        }
        List<String> command = new ArrayList<>(argv);
        Path file = Path.of(command.getFirst());
        if (isProgramOfHost(file)) {
            String inGuest = "bin/" + file.getFileName();
            config = config.withRoot(HostTar.file(inGuest, new FileRom(file)));
            command.set(0, "/" + inGuest);
        }
        // a kernel of which nobody can replace a part may begin faster
        try (Consoles consoles = Consoles.open(machine.consoles());
                Terminals terminals = Terminals.open(false, config.traceSyscalls());
                VirtualKernel kernel = VirtualKernel.boot(consoles.connect(
                        terminals.connect(config.withSharedParts(
                                commands.isEmpty() && !development.any() && !terminals.monitored())),
                        false))) {
            consoles.tell(System.err, false);
            terminals.attach(kernel);
            development.apply(kernel, terminals.notices()).join();
            CommandScript script = terminals.execute(commands);
            int status = terminals.run(command);
            if (save != null && kernel.end().isEmpty()) {
                save(kernel, status == 0 ? save : save + ".unfinished");
            }
            return kernel.end().map(end -> terminals.ended(end).status()).orElseGet(() -> script.status(status));
        }
    }

    private void save(VirtualKernel kernel, String name) {
        Progress progress = new Progress();
        progress.accept("writing the image");
        ImageStore.ofUser().make(name, "run: " + String.join(" ", argv), archive -> {
            try (var guest = kernel.client()) {
                GuestRoot.write(guest, archive);
            }
        });
        progress.done("saved as " + name);
    }

    /** A riscv64 ELF file, or whatever a relative path with a slash names: an absolute path may be meant for the guest. */
    static boolean isProgramOfHost(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        if (!file.isAbsolute() && file.getNameCount() > 1) {
            return true;
        }
        try (var in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(20);
            boolean elf = header.length == 20
                    && header[0] == 0x7f
                    && header[1] == 'E'
                    && header[2] == 'L'
                    && header[3] == 'F';
            return elf && (header[18] & 0xff) == RISCV && header[19] == 0;
        } catch (IOException e) {
            throw new BootException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
