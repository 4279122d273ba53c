package example;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.fs.IoBuffer;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.OpenState;
import vkernel.kern.StateRejected;
import vkernel.kern.Swappable;
import vkernel.task.Task;

/** /dev/example: what is written to it can be read from it, each letter moved by 13 places (rot13). */
@Component(service = CharDevice.class, property = "device=example", immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "device", attribute = "device=example")
public final class Example implements CharDevice, Swappable<OpenState> {
    /** Linux leaves the numbers 240 to 254 to everybody's own drivers. */
    private static final int MAJOR = 240;

    private static final int LONGEST = 4096;

    /** The hard state: it outlives this object, see {@link #release}. */
    private String text = "";

    @Override
    public String name() {
        return "example";
    }

    /** Name below /dev, number, permissions. */
    @Override
    public List<DeviceNode> nodes() {
        return List.of(new DeviceNode("example", Mode.device(MAJOR, 0), 0666));
    }

    /** write(2): the whole text at once. @return how many bytes were taken, or a negative error number */
    @Override
    public long write(Task task, OpenFile file, IoBuffer from, long position) {
        byte[] bytes = new byte[(int) Math.min(from.remaining(), LONGEST)];
        int taken = from.get(bytes, 0, bytes.length);
        if (taken < bytes.length) {
            return -Errno.EFAULT; // the program's pointer was bad
        }
        text = new String(bytes, ISO_8859_1);
        return taken;
    }

    /** read(2): from a position on. @return how many bytes were moved, 0 at the end, or a negative error number */
    @Override
    public long read(Task task, OpenFile file, IoBuffer to, long position) {
        byte[] bytes = rotated(text).getBytes(ISO_8859_1);
        int left = (int) Math.max(0, bytes.length - position);
        int moved = to.put(bytes, bytes.length - left, (int) Math.min(left, to.remaining()));
        return moved == 0 && to.faulted() ? -Errno.EFAULT : moved;
    }

    private static String rotated(String text) {
        StringBuilder rotated = new StringBuilder();
        for (char c : text.toCharArray()) {
            char first = Character.isUpperCase(c) ? 'A' : 'a';
            boolean letter = c >= first && c < first + 26;
            rotated.append(letter ? (char) (first + (c - first + 13) % 26) : c);
        }
        return rotated.toString();
    }

    /** The successor is about to take over: here is all that it must know. */
    @Override
    public OpenState release() {
        return new OpenState(1, Map.of("text", text));
    }

    /** This object takes over from another version of itself. */
    @Override
    public void adopt(OpenState state) throws StateRejected {
        if (state.schema() != 1 || !(state.values().get("text") instanceof String adopted)) {
            throw new StateRejected("not a text: " + state);
        }
        text = adopted;
    }
}
