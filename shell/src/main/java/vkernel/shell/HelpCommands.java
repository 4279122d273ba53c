package vkernel.shell;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * What there is to call. Gogo's own help leaves out commands that are Java keywords, as {@code sched:switch}, and lists
 * the names alone.
 */
@Component(
        service = Object.class,
        property = {"osgi.command.scope=vk", "osgi.command.function=help"})
public final class HelpCommands {
    private static final String COMMANDS =
            "(&(" + CommandProcessor.COMMAND_SCOPE + "=*)(" + CommandProcessor.COMMAND_FUNCTION + "=*))";

    private final BundleContext context;

    @Activate
    public HelpCommands(BundleContext context) {
        this.context = context;
    }

    @Descriptor("all commands")
    public void help(CommandSession session) {
        Table table = new Table("command", "does");
        all().forEach((command, methods) -> table.row(command, does(methods)));
        table.print(session.getConsole(), false);
    }

    @Descriptor("all commands, or what one takes")
    public void help(CommandSession session, @Descriptor("its name, with or without scope") String command) {
        SortedMap<String, List<Method>> wanted = all();
        wanted.keySet().removeIf(name -> !name.equals(command) && !name.endsWith(":" + command));
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("there is no command " + command);
        }
        PrintStream out = session.getConsole();
        wanted.forEach((name, methods) -> methods.forEach(method -> {
            out.println(name + " - " + does(List.of(method)));
            Arrays.stream(method.getParameters())
                    .filter(parameter -> parameter.getType() != CommandSession.class)
                    .forEach(parameter -> out.println("   " + parameter(parameter)));
        }));
    }

    private static String parameter(java.lang.reflect.Parameter parameter) {
        Parameter option = parameter.getAnnotation(Parameter.class);
        Descriptor descriptor = parameter.getAnnotation(Descriptor.class);
        return (option == null ? parameter.getType().getSimpleName() : String.join(", ", option.names()))
                + (descriptor == null ? "" : ": " + descriptor.value());
    }

    /** Every command with its scope, and the methods that do it. */
    private SortedMap<String, List<Method>> all() {
        SortedMap<String, List<Method>> all = new TreeMap<>();
        for (ServiceReference<?> reference : references()) {
            Object service = context.getService(reference);
            if (service == null) {
                continue; // it has just gone
            }
            for (String name : functions(reference.getProperty(CommandProcessor.COMMAND_FUNCTION))) {
                String scope = String.valueOf(reference.getProperty(CommandProcessor.COMMAND_SCOPE));
                all.put(scope + ":" + name, methods(service, name));
            }
            context.ungetService(reference);
        }
        return all;
    }

    private List<ServiceReference<?>> references() {
        try {
            ServiceReference<?>[] all = context.getServiceReferences((String) null, COMMANDS);
            return all == null ? List.of() : List.of(all);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(COMMANDS, e);
        }
    }

    private static List<String> functions(Object property) {
        return switch (property) {
            case Object[] names -> Arrays.stream(names).map(String::valueOf).toList();
            case Collection<?> names -> names.stream().map(String::valueOf).toList();
            default -> List.of(property.toString());
        };
    }

    /** Gogo calls a command that is a keyword by a method with a line before its name. */
    private static List<Method> methods(Object service, String command) {
        return Arrays.stream(service.getClass().getMethods())
                .filter(method ->
                        method.getName().equals(command) || method.getName().equals("_" + command))
                .toList();
    }

    private static String does(List<Method> methods) {
        return methods.stream()
                .map(method -> method.getAnnotation(Descriptor.class))
                .map(descriptor -> descriptor == null ? "" : descriptor.value())
                .filter(text -> !text.isEmpty())
                .sorted()
                .findFirst()
                .orElse("");
    }
}
