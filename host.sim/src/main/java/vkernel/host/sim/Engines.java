package vkernel.host.sim;

import org.jspecify.annotations.Nullable;
import vkernel.host.HostException;
import vkernel.host.Ram;
import vkernel.host.engine.Engine;

/**
 * The execution engine in use, exchangeable while harts run. From the moment a new one is bound until the last hart has
 * left the former one, both are told of changed code.
 */
final class Engines {
    private volatile @Nullable Engine current;
    private volatile @Nullable Engine former;

    void bind(Engine engine, Ram ram) {
        engine.attach(ram);
        Engine before = current;
        former = before;
        current = engine;
    }

    /** Takes an engine out of use; when it returns no hart is in it. */
    void unbind(Engine engine, Shootdown shootdown) {
        if (current == engine) {
            former = engine;
            current = null;
        }
        shootdown.leave();
        if (former == engine) former = null;
    }

    /** Takes the engine out of use for good; when it returns no hart is in it. */
    void close(Shootdown shootdown) {
        current = null;
        shootdown.leave();
        former = null;
    }

    /** @throws HostException {@code ABSENT} when there is none (the machine is closed, or its engine was taken away) */
    Engine current() {
        Engine engine = current;
        if (engine == null) {
            throw new HostException(HostException.Reason.ABSENT, "the machine has no execution engine");
        }
        return engine;
    }

    void codeChanged(int frame) {
        Engine now = current;
        if (now != null) now.codeChanged(frame);
        Engine before = former;
        if (before != null && before != now) before.codeChanged(frame);
    }
}
