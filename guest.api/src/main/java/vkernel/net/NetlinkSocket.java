package vkernel.net;

/** A socket of AF_NETLINK: asks the kernel about links, addresses and routes (netlink(7), rtnetlink(7)). Plain data. */
public final class NetlinkSocket extends Socket {
    public static final int ROUTE = 0;

    /** Its address; 0 before it is bound. */
    public int port;

    public int groups;
    public int peerPort;
    public int peerGroups;

    public NetlinkSocket(int type, int protocol) {
        super(AF_NETLINK, type, protocol, null);
    }
}
