package vkernel.boot;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import vkernel.kern.Monitor;

/** The Gogo commands of the command line. They run beside the guest once the kernel is up, and are waited for. */
final class CommandScript {
    private final CompletableFuture<Boolean> succeeded = new CompletableFuture<>();

    private CommandScript() {}

    /** There are none: they have succeeded. */
    static CommandScript none() {
        CommandScript none = new CommandScript();
        none.succeeded.complete(true);
        return none;
    }

    static CommandScript start(Monitor monitor, String commands, OutputStream out, OutputStream err) {
        CommandScript script = new CommandScript();
        Thread.ofPlatform().name("commands").daemon().start(() -> {
            try (Monitor.Session session = monitor.open(InputStream.nullInputStream(), out, err)) {
                script.succeeded.complete(session.execute(commands));
            } catch (RuntimeException e) {
                script.succeeded.completeExceptionally(e);
            }
        });
        return script;
    }

    /** Waits for the last one. @return false when one failed, which ends the script; why has been printed */
    boolean await() {
        return succeeded.join();
    }

    /** The status of the whole, once both have ended: the guest's, or that of failed commands when it has none. */
    int status(int guest) {
        boolean good = await();
        return guest != 0 || good ? guest : Main.FAILED;
    }
}
