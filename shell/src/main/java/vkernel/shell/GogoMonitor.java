package vkernel.shell;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.gogo.runtime.EOFError;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.kern.Monitor;

/** Runs Gogo commands. */
@Component(immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "shell")
public final class GogoMonitor implements Monitor {
    /** Scopes whose commands need no prefix, first match first. */
    private static final String SCOPE = "vk:proc:sched:mm:fs:sys:dev:felix:scr:gogo:*";

    /** How Gogo says that no method of a command takes the arguments given. */
    private static final Pattern UNCALLED = Pattern.compile("Cannot coerce (?<command>[^(]+)\\(");

    private final CommandProcessor processor;

    @Activate
    public GogoMonitor(@Reference CommandProcessor processor) {
        this.processor = processor;
    }

    @Override
    public Session open(InputStream in, OutputStream out, OutputStream err) {
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        CommandSession session =
                processor.createSession(in, new PrintStream(out, true, StandardCharsets.UTF_8), errors);
        session.put("SCOPE", SCOPE);
        return new GogoSession(session, errors);
    }

    private record GogoSession(CommandSession session, PrintStream errors) implements Session {
        /** Line by line, since Gogo's value of a text is that of its last statement alone. */
        @Override
        public boolean execute(String commands) {
            StringBuilder unfinished = new StringBuilder();
            for (Iterator<String> lines = commands.lines().iterator(); lines.hasNext(); ) {
                unfinished.append(lines.next()).append('\n');
                try {
                    executeLine(unfinished.toString());
                    unfinished.setLength(0);
                } catch (EOFError e) { // a quote or a block goes on in the next line
                    if (!lines.hasNext()) {
                        return failed(e);
                    }
                } catch (Exception e) { // Gogo passes on whatever a command throws
                    return failed(e);
                }
            }
            return true;
        }

        private void executeLine(String line) throws Exception {
            Object result = session.execute(line);
            if (result != null) {
                session.getConsole().println(session.format(result, Converter.INSPECT));
            }
        }

        private boolean failed(Exception e) {
            errors.println("vk: " + words(e));
            return false;
        }

        /** The framework hides why something failed in the causes, and Gogo speaks of Java's types. */
        private static String words(Exception e) {
            Matcher uncalled = UNCALLED.matcher(String.valueOf(e.getMessage()));
            if (uncalled.lookingAt()) {
                String command = uncalled.group("command");
                return command + " takes other arguments: 'help " + command + "' tells which";
            }
            StringJoiner words = new StringJoiner(": ");
            String last = "";
            for (Throwable t = e; t != null; t = t.getCause()) {
                String message = t.getMessage() == null ? t.toString() : t.getMessage();
                if (!last.contains(message)) {
                    words.add(message);
                    last = message;
                }
            }
            return words.toString();
        }

        @Override
        public List<String> complete(String line) {
            String word = line.substring(line.lastIndexOf(' ') + 1);
            if (!(session.get(".commands") instanceof Collection<?> commands)) {
                return List.of();
            }
            boolean first = line.indexOf(' ') < 0;
            if (!first) {
                return "--json".startsWith(word) ? List.of("--json") : List.of();
            }
            return commands.stream()
                    .map(Object::toString)
                    .filter(name -> name.startsWith(word) || name.contains(":" + word))
                    .sorted()
                    .toList();
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
