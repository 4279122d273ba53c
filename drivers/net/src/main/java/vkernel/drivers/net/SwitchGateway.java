package vkernel.drivers.net;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.Network;
import vkernel.host.Switch;
import vkernel.kern.Errno;
import vkernel.kern.Irq;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.net.InetSocket;
import vkernel.net.IpAddress;
import vkernel.net.NetStack;
import vkernel.net.NetStack.Address;
import vkernel.net.NetStack.Interface;
import vkernel.net.NetStack.Traffic;

/**
 * {@link vkernel.net.Gateway} to other kernels, through a switch: port N of it is 10.0.3.N. A frame is where it goes, what it is about
 * ({@link Message}), the number of the connection, and the rest.
 */
final class SwitchGateway implements Way {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchGateway.class);
    private static final int FLAGS = 0x1_1043; // IFF_UP, BROADCAST, RUNNING, MULTICAST, LOWER_UP
    private static final int MTU = 65_535;
    private static final int NET = 0x0a00_0300;
    private static final int PREFIX = 24;
    private static final int BROADCAST = 255;
    private static final int HEADER = 6;
    private static final int BATCH = 256;

    /** A connection as both sides name it. @param peer the other's port on the switch */
    private record Key(int peer, int id) {}

    private record Call(Line line, Carrier carrier, InetSocket far, Key key) {}

    private final Kernel kernel;
    private final Irq irq;
    private final Switch.Port port;
    private final Weather weather;
    private final Map<Key, Call> calls = new HashMap<>();
    private final Map<InetSocket, Call> byFar = new IdentityHashMap<>();
    private final byte[] buffer = new byte[1 << 16];
    private int lastId;
    private long sentBytes;
    private long sentFrames;
    private long receivedBytes;
    private long receivedFrames;

    /** @throws vkernel.host.HostException when there is no place at the switch */
    SwitchGateway(Kernel kernel, Switch joining, SwitchAddress address) {
        this.kernel = kernel;
        irq = kernel.irq("net.switch", this::service);
        weather = new Weather(kernel);
        port = joining.plug(address.at(), address.number(), irq::raise);
        LOG.info("port {} of the switch {}", port.number(), address.at());
    }

    private int self() {
        return port.number();
    }

    private static IpAddress host(int number) {
        return IpAddress.v4(NET | number);
    }

    /** The port on the switch of an address; -1 for one that is elsewhere. */
    private static int number(IpAddress host) {
        return host.isV4() && (host.v4() & -1 << 32 - PREFIX) == NET ? host.v4() & BROADCAST : -1;
    }

    @Override
    public void close() {
        kernel.call(() -> {
            List<InetSocket> cut = calls.values().stream()
                    .map(Call::carrier)
                    .filter(Carrier::abort)
                    .map(Carrier::far)
                    .toList();
            calls.clear();
            byFar.clear();
            weather.end();
            if (!cut.isEmpty()) {
                kernel.irq("net.gone", () -> UserGateway.abort(kernel, cut)).raise();
            }
            return true;
        });
        port.close();
    }

    @Override
    public Optional<Interface> link() {
        Traffic traffic = new Traffic(receivedBytes, receivedFrames, sentBytes, sentFrames);
        return Optional.of(new Interface(2, "eth0", FLAGS, MTU, List.of(new Address(host(self()), PREFIX)), traffic));
    }

    @Override
    public Faults faults(String rules) {
        return weather.set(rules);
    }

    @Override
    public String use() {
        return calls.isEmpty() ? "" : calls.size() + " connections";
    }

    // --- out
    // ----------------------------------------------------------------------------------------------------------

    private void out(byte[] frame) {
        sentBytes += frame.length;
        sentFrames++;
        port.send(frame);
    }

    private void send(int to, int id, Message type, byte[] bytes, int offset, int length) {
        byte[] frame = new byte[HEADER + length];
        ByteBuffer.wrap(frame)
                .put((byte) to)
                .put((byte) type.ordinal())
                .putInt(id)
                .put(bytes, offset, length);
        weather.send(() -> out(frame), type == Message.DATAGRAM);
    }

    private static byte[] ports(int from, int to) {
        return ByteBuffer.allocate(4)
                .putShort((short) from)
                .putShort((short) to)
                .array();
    }

    @Override
    public void connect(InetSocket far) {
        int to = number(far.local);
        if (to <= 0 || to == BROADCAST) {
            kernel.net().get().failed(far, Errno.EHOSTUNREACH);
            return;
        }
        Key key = new Key(to, self() << 24 | ++lastId & 0xff_ffff);
        begin(key, far, Network.Status.CONNECTING);
        send(to, key.id, Message.OPEN, ports(far.remotePort, far.localPort), 0, 4);
    }

    private Call begin(Key key, InetSocket far, Network.Status status) {
        Line line = new Line((type, bytes, at, length) -> send(key.peer, key.id, type, bytes, at, length), status);
        Call call = new Call(line, new Carrier(far, line, status == Network.Status.OPEN, buffer), far, key);
        calls.put(key, call);
        byFar.put(far, call);
        return call;
    }

    @Override
    public void news(InetSocket far) {
        Call call = byFar.get(far);
        if (call != null) {
            look(call);
        }
    }

    private void look(Call call) {
        NetStack net = kernel.net().orNull();
        if (net != null && call.carrier.service(net)) {
            calls.remove(call.key);
            byFar.remove(call.far);
        }
    }

    @Override
    public void send(InetSocket from, IpAddress to, int toPort, byte[] bytes) {
        int number = number(to);
        if (number < 0) {
            return; // nobody is there, and nobody says so
        }
        byte[] all = new byte[4 + bytes.length];
        ByteBuffer.wrap(all)
                .putShort((short) from.localPort)
                .putShort((short) toPort)
                .put(bytes);
        send(number == BROADCAST ? Switch.ALL : number, 0, Message.DATAGRAM, all, 0, all.length);
    }

    @Override
    public void forget(InetSocket socket) {
        // nothing is kept for a UDP socket
    }

    // --- in
    // -----------------------------------------------------------------------------------------------------------

    private void service() {
        NetStack net = kernel.net().orNull();
        for (int i = 0; net != null && i < BATCH; i++) {
            byte[] frame = port.receive();
            if (frame == null) {
                return;
            }
            receivedBytes += frame.length;
            receivedFrames++;
            int peer = frame[0] & 0xff;
            if (peer == Switch.SELF) {
                gone(frame[1] & 0xff);
            } else if (frame.length >= HEADER) {
                arrived(net, peer, ByteBuffer.wrap(frame, 1, frame.length - 1));
            }
        }
        irq.raise();
    }

    /** A kernel has left the switch, or was not there; or the switch itself is gone with all that was under way. */
    private void gone(int number) {
        for (Call call : List.copyOf(calls.values())) {
            if (call.key.peer == number || number == self()) {
                boolean opening = call.line.status == Network.Status.CONNECTING;
                call.line.status = opening ? Network.Status.UNREACHABLE : Network.Status.RESET;
                look(call);
            }
        }
    }

    private void arrived(NetStack net, int peer, ByteBuffer rest) {
        Message type = Message.of(rest.get());
        Key key = new Key(peer, rest.getInt());
        switch (type) {
            case OPEN -> open(net, key, rest);
            case DATAGRAM -> datagram(net, peer, rest);
            case OPENED, FAILED, DATA, CREDIT, FIN, RST -> {
                Call call = calls.get(key);
                if (call != null) {
                    tell(call, type, rest);
                    look(call);
                } else if (type == Message.DATA) {
                    send(peer, key.id, Message.RST, buffer, 0, 0);
                }
            }
        }
    }

    private static void tell(Call call, Message type, ByteBuffer rest) {
        Line line = call.line;
        switch (type) {
            case OPENED -> line.status = Network.Status.OPEN;
            case FAILED -> line.status = Network.Status.REFUSED;
            case DATA -> {
                byte[] bytes = new byte[rest.remaining()];
                rest.get(bytes);
                line.data(bytes);
            }
            case CREDIT -> line.credit(rest.remaining() < 4 ? 0 : rest.getInt());
            case FIN -> line.ended();
            case RST, OPEN, DATAGRAM -> line.status = Network.Status.RESET;
        }
    }

    private void open(NetStack net, Key key, ByteBuffer rest) {
        if (rest.remaining() < 4 || calls.containsKey(key)) {
            return;
        }
        int fromPort = rest.getShort() & 0xffff;
        Result<InetSocket> far = net.enter(host(key.peer), fromPort, host(self()), rest.getShort() & 0xffff);
        if (!far.ok()) {
            send(key.peer, key.id, Message.FAILED, buffer, 0, 0);
            return;
        }
        Call call = begin(key, far.value(), Network.Status.OPEN);
        send(key.peer, key.id, Message.OPENED, buffer, 0, 0);
        look(call);
    }

    private void datagram(NetStack net, int peer, ByteBuffer rest) {
        if (rest.remaining() < 4) {
            return;
        }
        int fromPort = rest.getShort() & 0xffff;
        int toPort = rest.getShort() & 0xffff;
        byte[] bytes = new byte[rest.remaining()];
        rest.get(bytes);
        net.bring(host(peer), fromPort, host(self()), toPort, bytes);
    }
}
