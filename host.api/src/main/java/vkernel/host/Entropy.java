package vkernel.host;

import org.osgi.annotation.versioning.ProviderType;

/** Random bytes: the host's in real time, from the machine's seed in virtual time. Any thread; never waits. */
@ProviderType
public interface Entropy {
    void fill(byte[] to, int offset, int length);
}
