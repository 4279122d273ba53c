package vkernel.boot;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Something made in a daemon thread of its own while its user does something else, who then waits for it. */
final class Ahead<T> {
    private final CompletableFuture<T> made = new CompletableFuture<>();

    private Ahead() {}

    static <T> Ahead<T> of(String name, Supplier<T> maker) {
        Ahead<T> ahead = new Ahead<>();
        Thread.ofPlatform().name(name).daemon().start(() -> {
            try {
                ahead.made.complete(maker.get());
            } catch (RuntimeException | Error e) {
                ahead.made.completeExceptionally(e);
            }
        });
        return ahead;
    }

    /** Waits for it. @throws BootException or whatever else its maker threw */
    T get() {
        try {
            return made.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException wrong) {
                throw wrong;
            }
            throw e;
        }
    }
}
