package vkernel.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import vkernel.kern.Monitor;

/** A person at the kernel's own shell: prompt, line editing, history, completion. */
final class MonitorDialogue {
    private static final String PROMPT = "vk> ";

    private final Monitor monitor;
    private final Terminal real;

    MonitorDialogue(Monitor monitor, Terminal real) {
        this.monitor = monitor;
        this.real = real;
    }

    /** Until {@code exit} or ^D. */
    void serve(InputStream in, OutputStream out) {
        try (Terminal terminal = TerminalBuilder.builder()
                        .system(false)
                        .streams(in, out)
                        .type(real.getType())
                        .encoding(StandardCharsets.UTF_8)
                        .size(new Size(real.getWidth(), real.getHeight()))
                        .build();
                Monitor.Session session = monitor.open(in, terminal.output(), terminal.output())) {
            terminal.writer().println("\nThe kernel's own shell. 'help' lists commands; Ctrl-A c or 'exit' goes back.");
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .completer(completer(session))
                    .build();
            while (true) {
                String line = reader.readLine(PROMPT).trim();
                if (line.equals("exit") || line.equals("quit")) {
                    return;
                }
                if (!line.isEmpty()) {
                    session.execute(line);
                    terminal.flush();
                }
            }
        } catch (EndOfFileException | UserInterruptException left) {
            // the person has had enough: back to the guest
        } catch (IOException e) {
            throw new BootException("the kernel's shell cannot use this terminal: " + e.getMessage(), e);
        }
    }

    private static Completer completer(Monitor.Session session) {
        return (reader, line, candidates) -> session.complete(line.line().substring(0, line.cursor()))
                .forEach(text -> candidates.add(new Candidate(text)));
    }
}
