package vkernel.guest.net;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vkernel.fs.FileOps;
import vkernel.kern.Kernel;
import vkernel.kern.Slot;
import vkernel.net.Capture;
import vkernel.net.InetSocket;
import vkernel.net.NetCounters;
import vkernel.net.NetState;
import vkernel.net.NetlinkSocket;
import vkernel.net.Socket;
import vkernel.net.UnixSocket;

/** The hard state of all sockets together. */
final class Tables {
    final Kernel kernel;
    final Slot<FileOps> ops;
    final Set<Socket> sockets;
    final Map<String, UnixSocket> abstractNames;
    final Map<Integer, Set<InetSocket>> tcp;
    final Map<Integer, List<InetSocket>> listeners;
    final Map<Integer, Set<InetSocket>> udp;
    final List<InetSocket> waiting;
    final Map<Integer, NetlinkSocket> netlink;
    final List<Capture> captures;
    final NetCounters counters;

    Tables(Kernel kernel) {
        this(
                kernel,
                new NetState(
                        new Slot<>("socket"),
                        Collections.newSetFromMap(new IdentityHashMap<>()),
                        new HashMap<>(),
                        new HashMap<>(),
                        new HashMap<>(),
                        new HashMap<>(),
                        new ArrayList<>(),
                        new HashMap<>(),
                        new ArrayList<>(),
                        new NetCounters()));
    }

    Tables(Kernel kernel, NetState state) {
        this.kernel = kernel;
        ops = state.ops();
        sockets = state.sockets();
        abstractNames = state.abstractNames();
        tcp = state.tcp();
        listeners = state.listeners();
        udp = state.udp();
        waiting = state.waiting();
        netlink = state.netlink();
        captures = state.captures();
        counters = state.counters();
    }

    NetState state() {
        return new NetState(ops, sockets, abstractNames, tcp, listeners, udp, waiting, netlink, captures, counters);
    }
}
