package vkernel.boot;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import vkernel.boot.instance.Instance;
import vkernel.kern.End;

/** {@code vk boot}: a kernel on this terminal, from its first process to its end. */
@Command(
        name = "boot",
        mixinStandardHelpOptions = true,
        description = {"Boots a kernel and gives its first process this terminal.", ""},
        footer = {
            "",
            "Keys:  Ctrl-A c  switches between the guest and the kernel's own shell (Gogo)",
            "       Ctrl-A x  ends the kernel, with status 0",
            "       Ctrl-A a  sends Ctrl-A to the guest",
            "",
            "The exit status is that of the first process; 'poweroff' in the guest gives 0, 'reboot' boots again. It is"
                    + " 125 after a panic, or when the guest ended with 0 and a command of -c or --gogo failed."
        })
final class BootCommand implements Callable<Integer> {
    @Mixin
    private MachineOptions machine;

    @Mixin
    private DevelopmentOptions development;

    @Option(
            names = "--init",
            paramLabel = "PROGRAM",
            defaultValue = "/sbin/init",
            description = "The first process (default ${DEFAULT-VALUE}).")
    private String init;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-d", "--detach"},
            description = "Boots it in a process of its own, which outlives this terminal; see vk ps.")
    private boolean detached;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "kernel",
            description = "What a detached kernel is called (default ${DEFAULT-VALUE}).")
    private String name;

    @Override
    public Integer call() throws IOException {
        List<String> kinds = machine.consoles();
        if (detached) {
            if (!kinds.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "--console: not with -d, whose console is that of vk console");
            }
            development.check();
            Process process = Detached.start(
                    Instance.named(name),
                    spec.root().commandLine().getParseResult().originalArgs());
            spec.commandLine().getOut().println(name + ": process " + process.pid());
            return 0;
        }
        BootConfig config = machine.onDisk(machine.config()).withInit(init);
        String commands = machine.commands();
        development.check();
        boolean replaced = !kinds.isEmpty() && !kinds.getFirst().equals(Consoles.STDIO);
        try (Consoles consoles = Consoles.open(kinds);
                Terminals terminals = Terminals.open(true, config.traceSyscalls())) {
            consoles.tell(System.err, replaced);
            while (true) {
                BootConfig connected = consoles.connect(terminals.connect(config), replaced);
                try (VirtualKernel kernel = VirtualKernel.boot(connected)) {
                    terminals.attach(kernel);
                    development.apply(kernel, terminals.notices());
                    CommandScript script = terminals.execute(commands);
                    End end = terminals.ended(kernel.await());
                    int status = script.status(end.status());
                    if (end.kind() != End.Kind.REBOOT) {
                        return status;
                    }
                }
            }
        }
    }
}
