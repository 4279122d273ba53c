package vkernel.guest.fs.host;

import vkernel.host.Folder;
import vkernel.host.Host;
import vkernel.rump.Partial;

/** A machine that has one folder. */
final class Shared {
    static Host host(Folder folder) {
        return Partial.proxy(Host.class, name -> {
            if (name.equals("folder")) {
                return folder;
            }
            throw new UnsupportedOperationException("not in this machine: " + name);
        });
    }

    private Shared() {}
}
