package vkernel.host.net;

import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import vkernel.host.Switch;

/** The service {@link Switch}. */
@Component(service = Switch.class)
public final class UnixSwitch implements Switch {
    @Activate
    public UnixSwitch() {}

    @Override
    public Port plug(Path at, int wanted, Runnable news) {
        return new SwitchPort(at, wanted, news);
    }
}
