package vkernel.guest.net;

import vkernel.kern.Kernel;
import vkernel.net.Gateway;
import vkernel.net.InetSocket;
import vkernel.net.Socket;

/** Tells whoever waits at a socket, or carries what goes through it. */
final class News {
    private final Kernel kernel;

    News(Kernel kernel) {
        this.kernel = kernel;
    }

    /** There is something to be received. */
    void input(Socket socket) {
        kernel.wake(socket.forInput);
        outside(socket);
    }

    /** There is room. */
    void output(Socket socket) {
        kernel.wake(socket.forOutput);
        outside(socket);
    }

    /** Something has begun or ended. */
    void both(Socket socket) {
        kernel.wake(socket.forInput);
        kernel.wake(socket.forOutput);
        outside(socket);
    }

    private void outside(Socket socket) {
        Gateway gateway = kernel.gateway().orNull();
        if (socket instanceof InetSocket far && far.outside != 0 && far.tcp() && gateway != null) {
            gateway.news(far);
        }
    }
}
