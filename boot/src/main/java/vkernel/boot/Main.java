package vkernel.boot;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import vkernel.boot.compose.ComposeException;
import vkernel.boot.image.ImageException;
import vkernel.boot.instance.InstanceException;
import vkernel.boot.library.FsCommand;

/** The {@code vk} program. */
@Command(
        name = "vk",
        mixinStandardHelpOptions = true,
        version = "vkernel 1.0",
        description = {
            "A kernel that runs as a program: real riscv64 Linux programs on a kernel in Java, whose every part is a"
                    + " bundle that can be replaced while they run.",
            ""
        },
        footer = {
            "",
            "Try:",
            "  vk boot                     a guest shell; Ctrl-A c for the kernel's own shell, Ctrl-A x to end",
            "  vk run ls -l /              one program, with its output and exit status",
            "  vk image debian deb bash    a Debian root named deb, for --root deb",
            "  vk fs ls root.img /etc      what is on the image of a disk",
            "  vk new sched lottery        a scheduler of your own, which vk boot --watch lottery runs as you edit it",
            "  vk kernel new mine          a kernel of your own choice of parts, for --kernel mine",
            "  vk COMMAND --help           all about a command"
        })
public final class Main implements Runnable {
    /** Exit status for a wrong command line, as of shells. */
    static final int USAGE = 2;
    /** Exit status when the kernel could not do what was asked. */
    static final int FAILED = 125;

    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("boot", BootCommand::new);
        COMMANDS.put("run", RunCommand::new);
        COMMANDS.put("image", ImageCommand::new);
        COMMANDS.put("fs", () -> new FsCommand(() -> Distribution.here().libraries()));
        COMMANDS.put("new", NewCommand::new);
        COMMANDS.put("kernel", KernelCommand::new);
        COMMANDS.put("ps", InstanceCommands.Ps::new);
        COMMANDS.put("exec", InstanceCommands.Exec::new);
        COMMANDS.put("shell", InstanceCommands.Shell::new);
        COMMANDS.put("console", InstanceCommands.Console::new);
        COMMANDS.put("logs", InstanceCommands.Logs::new);
        COMMANDS.put("pause", InstanceCommands.Pause::new);
        COMMANDS.put("resume", InstanceCommands.Resume::new);
        COMMANDS.put("stop", InstanceCommands.Stop::new);
        COMMANDS.put("rm", InstanceCommands.Remove::new);
        COMMANDS.put("serve", ServeCommand::new);
    }

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        StartTrace.done("main");
        if (args.length > 0 && (args[0].equals("run") || args[0].equals("boot"))) {
            KernelFramework.prepare();
        }
        System.exit(commandLine(args).execute(args));
    }

    /** For these arguments: to read what is declared of every command costs more than a kernel's boot. */
    static CommandLine commandLine(String... args) {
        IExecutionExceptionHandler failed = (e, command, result) -> {
            if (e instanceof BootException
                    || e instanceof InstanceException
                    || e instanceof ImageException
                    || e instanceof ComposeException) {
                command.getErr().println("vk: " + e.getMessage());
                return FAILED;
            }
            if (e instanceof NoSuchFileException absent) {
                command.getErr().println("vk: there is no " + absent.getFile());
                return FAILED;
            }
            if (e instanceof IOException && command.getParent() != null) {
                command.getErr().println("vk: " + e.getMessage());
                return FAILED;
            }
            if (e instanceof StartException start) {
                command.getErr().println("vk: " + e.getMessage());
                return start.status();
            }
            throw e;
        };
        CommandLine vk = new CommandLine(new Main());
        Map<String, Supplier<Object>> wanted = COMMANDS;
        if (args.length > 0 && COMMANDS.containsKey(args[0])) {
            wanted = Map.of(args[0], COMMANDS.get(args[0]));
        }
        wanted.forEach((name, command) -> vk.addSubcommand(name, command.get()));
        for (String program : List.of("run", "exec")) {
            if (vk.getSubcommands().get(program) instanceof CommandLine command) {
                command.setStopAtPositional(true); // what stands behind the program's name is the program's
            }
        }
        if (vk.getSubcommands().get("kernel") instanceof CommandLine kernel) {
            KernelCommand.order(kernel);
        }
        return vk.setExecutionExceptionHandler(failed)
                .setParameterExceptionHandler(Main::wrongArguments)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static int wrongArguments(CommandLine.ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("vk: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return USAGE;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
