package vkernel.boot.instance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import vkernel.boot.client.Guest;
import vkernel.boot.client.Wire;
import vkernel.kern.Errno;

/**
 * A client of a kernel in another JVM, over its control socket. Whoever may connect to that may call: it is in a folder of
 * the user's alone. The process ends with the connection.
 */
public final class RemoteGuest implements Guest {
    private final Frames frames;

    private RemoteGuest(Frames frames) {
        this.frames = frames;
    }

    /** @throws InstanceException when there is no such kernel now, or it has no room for a client */
    public static Guest connect(String instance) {
        return connect(Instance.named(instance).control());
    }

    /** @param control the control socket of an instance */
    public static Guest connect(Path control) {
        try {
            RemoteGuest guest = new RemoteGuest(Frames.connect(control));
            guest.frames.request(List.of("client"));
            Frames.Frame greeting = guest.frames.read();
            if (greeting.kind() != Frames.RESULT) {
                guest.close();
                throw new InstanceException(new String(greeting.content(), StandardCharsets.UTF_8).strip());
            }
            return guest;
        } catch (IOException e) {
            throw new InstanceException("no kernel answers at " + control + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized long call(int number, Object... arguments) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Wire.ask(new DataOutputStream(bytes), number, arguments);
            if (bytes.size() > MOST) {
                throw new IllegalArgumentException("a call's arguments have at most " + MOST + " bytes");
            }
            frames.send(Frames.CALL, bytes.toByteArray());
            Frames.Frame answer = frames.read();
            if (answer.kind() != Frames.RESULT) {
                throw new IllegalArgumentException(new String(answer.content(), StandardCharsets.UTF_8).strip());
            }
            return Wire.answered(new DataInputStream(new ByteArrayInputStream(answer.content())), arguments);
        } catch (IOException gone) {
            return -Errno.ESRCH;
        }
    }

    @Override
    public void close() {
        try {
            frames.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
