package vkernel.boot;

import java.util.function.Consumer;

/** Shows on standard error what is being done: on one line of a terminal, or a line each where it is no terminal. */
final class Progress implements Consumer<String> {
    private final boolean terminal = System.getProperty("vkernel.terminals", "").contains("2");
    private String last = "";

    @Override
    public void accept(String doing) {
        if (terminal) {
            System.err.print("\r\033[K" + doing);
        } else if (!doing.matches("\\d+ % .*") && !doing.equals(last)) {
            System.err.println(doing);
        }
        last = doing;
    }

    /** What stays to be read. */
    void done(String what) {
        System.err.println((terminal ? "\r\033[K" : "") + what);
    }
}
