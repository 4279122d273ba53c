package vkernel.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A terminal of tmux's with a shell in it, of 30 rows and 100 columns. */
final class Tmux implements AutoCloseable {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private static final long BETWEEN_LOOKS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final AtomicInteger TERMINALS = new AtomicInteger();

    /** One of its own: the server of the terminal before may still be ending. */
    private final String server = "vk-test-" + ProcessHandle.current().pid() + "-" + TERMINALS.incrementAndGet();

    static boolean present() {
        try {
            return new ProcessBuilder("sh", "-c", "command -v tmux >/dev/null")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Tmux() {
        tmux("-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", "env VK_NO_BUILD=1 PS1='host> ' sh");
        waitFor("host>");
    }

    /** Types a line. */
    void line(String text) {
        tmux("send-keys", "-l", text);
        keys("Enter");
    }

    /** Presses keys by tmux's names: {@code C-c}, {@code Tab}, {@code a}. */
    void keys(String... keys) {
        List<String> command = new ArrayList<>(List.of("send-keys"));
        command.addAll(List.of(keys));
        tmux(command.toArray(String[]::new));
    }

    void resize(int columns, int rows) {
        tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
    }

    /** What stands on the screen. */
    String screen() {
        return tmux("capture-pane", "-p");
    }

    /** Waits until a text stands on the screen; type it so that the typed line is not taken for it. */
    void waitFor(String text) {
        await(text, true);
    }

    /** Presses keys, early and again and again, until a text stands on the screen. */
    void pressUntil(String text, String... keys) {
        long until = System.nanoTime() + PATIENCE;
        do {
            keys(keys);
            LockSupport.parkNanos(BETWEEN_LOOKS);
        } while (!screen().contains(text) && System.nanoTime() < until);
        waitFor(text);
    }

    /** Waits until a text stands on the screen no more. */
    void waitForNo(String text) {
        await(text, false);
    }

    private void await(String text, boolean there) {
        long until = System.nanoTime() + PATIENCE;
        while (screen().contains(text) != there) {
            if (System.nanoTime() > until) {
                throw new AssertionError((there ? "no '" : "still '") + text + "' on the screen:\n" + screen().strip());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
    }

    private String tmux(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tmux", "-L", server));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        tmux("kill-server");
    }
}
