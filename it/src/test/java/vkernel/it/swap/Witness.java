package vkernel.it.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.it.fixed.Keyboard;

/** A program that holds something of a subsystem, waits for a line on its terminal, and then goes on with what it holds. */
final class Witness {
    /** The line is half typed already. */
    private static final String HALF = "g";

    private static final String REST = "o\n";

    private final Keyboard keys = new Keyboard();
    private final MemoryChannel out = new MemoryChannel(new byte[0]);
    private final CompletableFuture<Integer> status;
    private final String after;

    /**
     * Starts one, and waits until it holds what it is to hold.
     *
     * @param before shell commands that take hold of something and print nothing
     * @param go what it does with that afterwards
     * @param after what that prints
     */
    Witness(VirtualKernel kernel, String before, String go, String after) {
        this.after = after;
        String script = before + "; echo holds; read line; echo \"$line\"; " + go;
        status = kernel.start(List.of("/bin/sh", "-c", script), keys, out, out);
        String first = "holds\n";
        while (!text().equals(first)) {
            assertThat(status.isDone()).as(before + ": " + text()).isFalse();
            assertThat(first).as(before).startsWith(text());
            Thread.onSpinWait();
        }
        keys.type(HALF);
    }

    /** It still holds it. */
    void stillHolds() {
        assertThat(status.isDone()).as(text()).isFalse();
    }

    /** It goes on, and finds everything as it was. */
    void goOn() throws Exception {
        keys.type(REST);
        int ended = status.get(60, TimeUnit.SECONDS);
        assertThat(text()).isEqualTo("holds\ngo\n" + after);
        assertThat(ended).isZero();
    }

    private String text() {
        return new String(out.written(), StandardCharsets.UTF_8);
    }
}
