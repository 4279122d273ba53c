package vkernel.boot;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.jline.utils.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vkernel.boot.instance.Instance;
import vkernel.boot.instance.Served;
import vkernel.kern.End;

/** {@code vk serve}: what {@code vk boot -d} starts. */
@Command(name = "serve", hidden = true, description = "A kernel without a terminal.")
final class ServeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NAME")
    private String name;

    @Mixin
    private MachineOptions machine;

    @Mixin
    private DevelopmentOptions development;

    @Option(names = "--init", defaultValue = "/sbin/init")
    private String init;

    @Override
    public Integer call() throws IOException {
        Detached.ownSession();
        Served served = new Served(Instance.named(name));
        String commands = machine.commands();
        try {
            return served.run(machine.onDisk(machine.config()).withInit(init), kernel -> {
                Signals.register(
                        "TERM", () -> kernel.kernel().shutdown(new End(End.Kind.HALT, 143, "ended by SIGTERM")));
                return () -> {
                    PrintStream err = System.err;
                    development.apply(kernel, err);
                    if (!commands.isBlank()) {
                        CommandScript.start(kernel.monitor(), commands, err, err);
                    }
                };
            });
        } catch (BootException e) {
            served.ended("failed", Main.FAILED, String.valueOf(e.getMessage()), "");
            throw e;
        }
    }
}
