package vkernel.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import vkernel.kern.Kernel;
import vkernel.net.NetStack;

/** Files with what passes through the network. */
@Component(
        service = Object.class,
        immediate = true, // files are open between two commands
        property = {
            "osgi.command.scope=net",
            "osgi.command.function=capture",
            "osgi.command.function=captures",
            "osgi.command.function=uncapture"
        })
public final class CaptureCommands {
    private final Kernel kernel;
    private final Map<Path, CaptureFile> files = new LinkedHashMap<>(); // guarded by this

    @Activate
    public CaptureCommands(@Reference Kernel kernel) {
        this.kernel = kernel;
    }

    @Deactivate
    synchronized void deactivate() {
        files.values().forEach(this::end);
        files.clear();
    }

    private NetStack net() {
        NetStack net = kernel.net().orNull();
        if (net == null) {
            throw new IllegalStateException("this kernel has no network");
        }
        return net;
    }

    @Descriptor("writes all TCP and UDP that passes into a file that tcpdump and Wireshark read, until net:uncapture")
    public synchronized void capture(CommandSession session, @Descriptor("the file, written anew") String file)
            throws IOException {
        Path path = Path.of(file).toAbsolutePath().normalize();
        if (files.containsKey(path)) {
            throw new IllegalArgumentException(path + " is being written; net:uncapture ends that");
        }
        CaptureFile begun = new CaptureFile(path);
        files.put(path, begun);
        kernel.call(() -> {
            net().capture(begun.capture);
            return true;
        });
    }

    @Descriptor("ends a capture and closes its file")
    public synchronized void uncapture(CommandSession session, @Descriptor("the file") String file) {
        Path path = Path.of(file).toAbsolutePath().normalize();
        CaptureFile ended = files.remove(path);
        if (ended == null) {
            throw new IllegalArgumentException(path + " is not being written; net:captures shows what is");
        }
        end(ended);
        session.getConsole().println(ended.written() + " frames in " + path);
    }

    @Descriptor("the captures: file, frames written, frames for which there was no room")
    public synchronized void captures(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("file", "frames", "dropped", "failure");
        files.values()
                .forEach(each -> table.row(each.path.toString(), each.written(), each.capture.dropped, each.failure()));
        table.print(session.getConsole(), json);
    }

    private void end(CaptureFile file) {
        kernel.call(() -> {
            NetStack net = kernel.net().orNull();
            if (net != null) {
                net.uncapture(file.capture);
            }
            return true;
        });
        file.close();
    }
}
