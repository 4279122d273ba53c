package vkernel.boot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Size;
import org.jline.terminal.impl.ExternalTerminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;
import vkernel.boot.compose.ComposeException;
import vkernel.boot.compose.Selection;
import vkernel.boot.compose.Selection.Row;

/** {@code vk kernel menu}: a kernel's parts to choose from on a terminal (Linux: scripts/kconfig/mconf). */
final class KernelMenu {
    private enum Key {
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        TOGGLE,
        SAVE,
        QUIT
    }

    private static final String HELP =
            "space: choose   arrows: move   s: save   q: quit" + "      [*] chosen  [+] comes with another";
    /** Lines that are not for rows: the title, an empty one, two of explanation, a message, help. */
    private static final int OTHER_LINES = 6;

    private final String name;
    private final Selection selection;
    private final RawTerminal real;
    private final ExternalTerminal terminal;
    private int cursor; // guarded by this, as all below
    private int first;
    private String message = "";
    private boolean askedToQuit;

    private KernelMenu(String name, Selection selection, RawTerminal real) throws IOException {
        this.name = name;
        this.selection = selection;
        this.real = real;
        terminal = new ExternalTerminal("menu", real.type(), real.input(), real.output(), StandardCharsets.UTF_8);
    }

    /** @throws BootException when there is no terminal that could show it */
    static void check() {
        String terminals = System.getProperty("vkernel.terminals", "");
        String type = System.getenv().getOrDefault("TERM", "dumb");
        if (!terminals.contains("0") || !terminals.contains("1")) {
            throw new BootException("the menu needs a terminal; 'vk kernel add', 'remove' and 'explain' do not");
        }
        if (type.startsWith("dumb")) {
            throw new BootException("the menu needs a terminal whose cursor can be moved, and TERM is " + type
                    + "; 'vk kernel add', 'remove' and 'explain' do without");
        }
    }

    /** Until it is left. */
    static void show(String name, Selection selection) throws IOException {
        try (RawTerminal real = RawTerminal.open()) {
            KernelMenu menu = new KernelMenu(name, selection, real);
            real.onResize(menu::draw);
            menu.run();
        }
    }

    private void run() throws IOException {
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        try {
            BindingReader keys = new BindingReader(terminal.reader());
            KeyMap<Key> bound = bound();
            boolean more = true;
            while (more) {
                draw();
                Key key = keys.readBinding(bound);
                more = key != null && does(key);
            }
        } finally {
            terminal.puts(Capability.cursor_visible);
            terminal.puts(Capability.exit_ca_mode);
            terminal.flush();
            terminal.close();
        }
    }

    private KeyMap<Key> bound() {
        KeyMap<Key> keys = new KeyMap<>();
        // a terminal sends the one or the other, whatever its description says
        keys.bind(Key.UP, "\033[A", "\033OA", "k", KeyMap.ctrl('P'));
        keys.bind(Key.DOWN, "\033[B", "\033OB", "j", KeyMap.ctrl('N'));
        keys.bind(Key.PAGE_UP, "\033[5~", KeyMap.ctrl('B'));
        keys.bind(Key.PAGE_DOWN, "\033[6~", KeyMap.ctrl('F'));
        keys.bind(Key.TOGGLE, " ", "\r", "\n");
        keys.bind(Key.SAVE, "s");
        keys.bind(Key.QUIT, "q", KeyMap.ctrl('C'), KeyMap.ctrl('D'));
        return keys;
    }

    /** @return false for the last */
    private synchronized boolean does(Key key) throws IOException {
        boolean again = askedToQuit;
        message = "";
        askedToQuit = false;
        switch (key) {
            case UP -> cursor--;
            case DOWN -> cursor++;
            case PAGE_UP -> cursor -= room();
            case PAGE_DOWN -> cursor += room();
            case TOGGLE -> selection.toggle(selection.rows().get(cursor).what());
            case SAVE -> save();
            case QUIT -> {
                if (again || !selection.changed()) {
                    return false;
                }
                askedToQuit = true;
                message = "not saved: s saves, q again leaves";
            }
        }
        return true;
    }

    private void save() throws IOException {
        try {
            message = "saved " + selection.save();
        } catch (ComposeException e) {
            message = String.valueOf(e.getMessage());
        }
    }

    private int room() {
        return Math.max(1, real.rows() - OTHER_LINES);
    }

    private synchronized void draw() {
        int columns = real.columns();
        terminal.setSize(new Size(columns, real.rows()));
        List<Row> rows = selection.rows();
        cursor = Math.clamp(cursor, 0, rows.size() - 1);
        first = Math.clamp(first, Math.max(0, cursor - room() + 1), cursor);
        List<AttributedString> lines = new ArrayList<>();
        lines.add(line("vkernel " + name + ": " + selection.totals(), AttributedStyle.BOLD, columns));
        lines.add(AttributedString.EMPTY);
        for (int i = first; i < Math.min(first + room(), rows.size()); i++) {
            lines.add(
                    line(text(rows.get(i)), i == cursor ? AttributedStyle.INVERSE : AttributedStyle.DEFAULT, columns));
        }
        List<String> explained = selection.explained(rows.get(cursor));
        for (int i = 0; i < 2; i++) {
            lines.add(line(i < explained.size() ? explained.get(i) : "", AttributedStyle.DEFAULT, columns));
        }
        String said =
                selection.problem().isEmpty() ? message : selection.problem().replace('\n', ' ');
        lines.add(line(said, AttributedStyle.BOLD, columns));
        lines.add(line(HELP, AttributedStyle.DEFAULT.faint(), columns));
        show(lines);
    }

    /** Whole, each time: what a terminal can do with single characters is more than some do. */
    private void show(List<AttributedString> lines) {
        int rows = real.rows();
        for (int row = 0; row < rows; row++) {
            terminal.puts(Capability.cursor_address, row, 0);
            terminal.writer().write(row < lines.size() ? lines.get(row).toAnsi(terminal) : "");
            terminal.puts(Capability.clr_eol);
        }
        terminal.flush();
    }

    private static String text(Row row) {
        String mark = switch (row.mark()) {
            case CHOSEN -> "[*]";
            case BROUGHT -> "[+]";
            case OUT -> "[ ]";
        };
        double millis = row.part().millis();
        String start = millis == 0 ? "" : String.format("%.1f ms", millis); // not measured
        return String.format(
                "%s %-20s %6d KiB %10s  %s",
                mark,
                row.what(),
                row.part().bytes() + 512 >> 10,
                start,
                row.part().about());
    }

    private static AttributedString line(String text, AttributedStyle style, int columns) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        line.styled(style, text);
        return line.columnSubSequence(0, columns - 1);
    }
}
