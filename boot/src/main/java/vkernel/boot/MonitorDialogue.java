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
import org.jline.terminal.impl.ExternalTerminal;
import vkernel.kern.Monitor;

/** A person at the kernel's own shell: prompt, line editing, history, completion. */
final class MonitorDialogue {
    private static final String PROMPT = "vk> ";

    private final Monitor monitor;
    private final RawTerminal real;
    private final String leaving;

    /** @param leaving how it is left, for its first line */
    MonitorDialogue(Monitor monitor, RawTerminal real, String leaving) {
        this.monitor = monitor;
        this.real = real;
        this.leaving = leaving;
    }

    /** Until {@code exit} or ^D. */
    void serve(InputStream in, OutputStream out) {
        // inside JLine and Gogo, classes are looked for by the thread's loader
        Thread.currentThread().setContextClassLoader(MonitorDialogue.class.getClassLoader());
        try (Terminal terminal = new ExternalTerminal("monitor", real.type(), in, out, StandardCharsets.UTF_8);
                AbovePrompt screen = new AbovePrompt(terminal.output());
                Monitor.Session session = monitor.open(terminal.input(), screen, screen)) {
            terminal.writer().println();
            terminal.writer().println("The kernel's own shell. 'help' lists commands; " + leaving + ".");
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .completer(completer(session))
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .variable(LineReader.HISTORY_FILE, CrashReport.folder().resolve("shell-history"))
                    .build();
            screen.prompts(reader);
            while (command(terminal, reader, session)) {
                terminal.flush();
            }
        } catch (EndOfFileException left) {
            // the person has had enough: back to the guest
        } catch (IOException e) {
            throw new BootException("the kernel's shell cannot use this terminal: " + e.getMessage(), e);
        }
    }

    /** One line. @return false when it was the last */
    private boolean command(Terminal terminal, LineReader reader, Monitor.Session session) {
        terminal.setSize(new Size(real.columns(), real.rows()));
        try {
            String line = reader.readLine(PROMPT).trim();
            if (line.equals("exit") || line.equals("quit")) {
                return false;
            }
            if (!line.isEmpty()) {
                session.execute(line);
            }
        } catch (UserInterruptException interrupted) {
            // ^C gives the line up, as in every shell
        }
        return true;
    }

    private static Completer completer(Monitor.Session session) {
        return (reader, line, candidates) -> session.complete(line.line().substring(0, line.cursor()))
                .forEach(text -> candidates.add(new Candidate(text)));
    }
}
