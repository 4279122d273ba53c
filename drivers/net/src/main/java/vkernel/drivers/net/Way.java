package vkernel.drivers.net;

import vkernel.net.Gateway;

/** A way out that is open. Closing it cuts what goes through. */
interface Way extends Gateway, AutoCloseable {
    @Override
    void close();
}
