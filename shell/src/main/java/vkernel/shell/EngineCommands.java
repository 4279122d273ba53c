package vkernel.shell;

import java.time.Duration;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.host.Host;
import vkernel.host.HostException;

/** The execution engines. */
@Component(
        service = Object.class,
        property = {
            "osgi.command.scope=eng",
            "osgi.command.function=list",
            "osgi.command.function=get",
            "osgi.command.function=profile",
            "osgi.command.function=stat",
            "osgi.command.function=switch"
        })
public final class EngineCommands {
    private final Host host;

    @Activate
    public EngineCommands(@Reference Host host) {
        this.host = host;
    }

    @Descriptor("the execution engines that there are, the best first")
    public void list(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("engine", "in_use");
        Optional<String> used = host.engine();
        for (String name : host.engines()) {
            table.row(name, used.filter(name::equals).isPresent());
        }
        table.print(session.getConsole(), json);
    }

    @Descriptor("the engine in use")
    public String get() {
        return host.engine().orElse("none: guest time stands still");
    }

    @Descriptor("what the engine in use has made and done")
    public void stat(
            CommandSession session,
            @Descriptor("as JSON") @Parameter(names = "--json", presentValue = "true", absentValue = "false")
                    boolean json) {
        Table table = new Table("figure", "count");
        host.engineFigures().forEach(table::row);
        table.print(session.getConsole(), json);
    }

    @Descriptor("for whoever works on an engine: the guest's code that was hot for so long, and not translated")
    public String profile(@Descriptor("seconds") int seconds) throws InterruptedException {
        if (seconds < 1) throw new IllegalArgumentException("seconds: at least 1, not " + seconds);
        return host.engineProfile(Duration.ofSeconds(seconds))
                .orElseGet(() ->
                        "the engine in use does not watch its harts; the translator does (eng:switch translator): "
                                + get());
    }

    /** Gogo's name for a command that is a Java keyword. */
    @Descriptor("runs user code with another engine from now on")
    public String _switch(@Descriptor("engine") String engine) {
        String old = get();
        try {
            host.useEngine(engine);
        } catch (HostException e) {
            throw new IllegalArgumentException(
                    "no engine " + engine + "; there are: " + String.join(", ", host.engines()), e);
        }
        return old + " -> " + engine;
    }
}
