package vkernel.drivers.net;

import vkernel.host.Network;
import vkernel.kern.Errno;
import vkernel.net.InetSocket;
import vkernel.net.NetStack;
import vkernel.net.Socket;
import vkernel.net.Socket.State;

/** Carries the bytes of one TCP connection between its far end and a socket of the host's. Kernel lock held. */
final class Carrier {
    private final InetSocket far;
    private final Network.Stream stream;
    private final byte[] buffer;
    private boolean open;
    private boolean outEnded;
    private boolean inEnded;
    private boolean over;
    private boolean busy;
    private boolean again;

    /** @param open whether the program knows already that the connection is there @param buffer shared by all */
    Carrier(InetSocket far, Network.Stream stream, boolean open, byte[] buffer) {
        this.far = far;
        this.stream = stream;
        this.open = open;
        this.buffer = buffer;
    }

    /** Does what can be done now. @return whether the connection is over */
    boolean service(NetStack net) {
        if (busy) { // what is done here is news of itself
            again = true;
            return false;
        }
        busy = true;
        do {
            again = false;
            if (!over) {
                step(net);
            }
        } while (again && !over);
        busy = false;
        return over;
    }

    private void step(NetStack net) {
        switch (stream.status()) {
            case CONNECTING -> {
                if (far.state == State.CLOSE) {
                    end();
                }
            }
            case REFUSED -> failed(net, Errno.ECONNREFUSED);
            case TIMED_OUT -> failed(net, Errno.ETIMEDOUT);
            case UNREACHABLE -> failed(net, Errno.EHOSTUNREACH);
            case RESET -> broken(net);
            case OPEN -> carry(net);
        }
    }

    private void failed(NetStack net, int error) {
        end();
        if (far.state == State.SYN_SENT) {
            net.failed(far, error);
        }
    }

    private void broken(NetStack net) {
        if (!open) {
            failed(net, Errno.ECONNRESET);
            return;
        }
        end();
        net.abort(far);
    }

    private void end() {
        over = true;
        stream.close();
    }

    private void carry(NetStack net) {
        if (!open && far.state == State.SYN_SENT) {
            open = true;
            net.opened(far);
        }
        if (far.state == State.CLOSE && far.error != 0) {
            over = true;
            stream.abort();
            return;
        }
        if (!out(net) || !in(net)) {
            broken(net);
            return;
        }
        boolean drained = far.stream().count == 0;
        if (drained && far.shut(Socket.RECEIVE) && !outEnded) {
            outEnded = true;
            stream.finish();
        }
        if (drained && far.state == State.CLOSE) {
            end();
        }
    }

    /** @return false when the connection is broken */
    private boolean out(NetStack net) {
        while (true) {
            int n = net.carry(far, buffer);
            int sent = n == 0 ? 0 : stream.write(buffer, 0, n);
            if (sent < 0) {
                return false;
            }
            net.carried(far, sent);
            if (sent < n || n == 0) {
                return true;
            }
        }
    }

    private boolean in(NetStack net) {
        while (!inEnded) {
            int room = Math.min(net.room(far), buffer.length);
            int n = room == 0 ? 0 : stream.read(buffer, 0, room);
            if (n == 0) {
                return true;
            }
            if (n > 0) {
                net.bring(far, buffer, 0, n);
            } else if (stream.status() == Network.Status.RESET) {
                return false;
            } else {
                inEnded = true;
                net.finish(far);
            }
        }
        return true;
    }

    /** The driver goes: the host's side is told that something was lost. @return whether the program is to be told, too */
    boolean abort() {
        if (over) {
            return false;
        }
        over = true;
        stream.abort();
        return true;
    }

    InetSocket far() {
        return far;
    }
}
