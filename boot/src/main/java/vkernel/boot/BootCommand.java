package vkernel.boot;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vkernel.kern.End;

/** {@code vk boot}: a kernel on this terminal, from its first process to its end. */
@Command(
        name = "boot",
        mixinStandardHelpOptions = true,
        description = {"Boots a kernel and gives its first process this terminal.", ""},
        footer = {
            "",
            "Keys:  Ctrl-A c  switches between the guest and the kernel's own shell (Gogo)",
            "       Ctrl-A x  ends the kernel",
            "       Ctrl-A a  sends Ctrl-A to the guest",
            "",
            "The exit status is that of the first process; 'poweroff' in the guest gives 0, 'reboot' boots again."
        })
final class BootCommand implements Callable<Integer> {
    @Mixin
    private MachineOptions machine;

    @Option(
            names = "--init",
            paramLabel = "PROGRAM",
            defaultValue = "/sbin/init",
            description = "The first process (default ${DEFAULT-VALUE}).")
    private String init;

    @Override
    public Integer call() {
        BootConfig config = machine.config().withInit(init);
        try (Terminals terminals = Terminals.open(true)) {
            End end;
            do {
                end = once(config, terminals);
            } while (end.kind() == End.Kind.REBOOT);
            return end.kind() == End.Kind.PANIC ? Main.FAILED : end.status();
        }
    }

    private End once(BootConfig config, Terminals terminals) {
        BootConfig connected = terminals.connect(config);
        try (VirtualKernel kernel = VirtualKernel.boot(connected)) {
            terminals.attach(kernel);
            String gogo = machine.gogo();
            if (gogo != null) {
                terminals.execute(gogo);
            }
            End end = kernel.await();
            terminals.detach();
            if (end.kind() == End.Kind.PANIC) {
                System.err.println("vk: " + end.message());
            }
            return end;
        }
    }
}
