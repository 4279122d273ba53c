package vkernel.dev;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** A driver whose devices come and go while the kernel runs. Kernel lock held. */
@ProviderType
public interface Pluggable {
    /** What there is: names of devices, by the host's names. */
    Map<String, String> plugged();

    /**
     * Makes a device of something that the machine was given.
     *
     * @param hostName its name there
     * @return why not; null when it is there
     */
    @Nullable
    String attach(String hostName);

    /** Takes a device away, by its name or the host's. @return why not; null when it has gone */
    @Nullable
    String detach(String name);
}
