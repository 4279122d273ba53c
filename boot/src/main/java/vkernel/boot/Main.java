package vkernel.boot;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import vkernel.boot.image.ImageException;

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
            "  vk COMMAND --help           all about a command"
        },
        subcommands = {BootCommand.class, RunCommand.class, ImageCommand.class})
public final class Main implements Runnable {
    /** Exit status for a wrong command line, as of shells. */
    static final int USAGE = 2;
    /** Exit status when the kernel could not do what was asked. */
    static final int FAILED = 125;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        IExecutionExceptionHandler failed = (e, command, result) -> {
            if (e instanceof BootException || e instanceof ImageException) {
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
        // what stands behind the program's name is the program's
        vk.getSubcommands().get("run").setStopAtPositional(true);
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
