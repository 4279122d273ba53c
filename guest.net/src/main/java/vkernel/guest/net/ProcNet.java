package vkernel.guest.net;

import java.util.List;
import vkernel.net.Socket;
import vkernel.net.Socket.State;
import vkernel.net.UnixSocket;

/** The files of /proc/net (proc(5), proc_pid_net(5)). */
final class ProcNet {
    static final List<String> FILES = List.of("unix");

    private final Tables tables;

    ProcNet(Tables tables) {
        this.tables = tables;
    }

    String text(String file) {
        return switch (file) {
            case "unix" -> unix();
            default -> "";
        };
    }

    private String unix() {
        StringBuilder text = new StringBuilder("Num       RefCount Protocol Flags    Type St Inode Path\n");
        for (Socket socket : tables.sockets) {
            if (socket instanceof UnixSocket unix) {
                boolean accepts = unix.state == State.LISTEN;
                int state = accepts || unix.state == State.CLOSE ? 1 : 3;
                text.append(String.format(
                        "%016x: %08X %08X %08X %04X %02X %5d",
                        0, 2, 0, accepts ? 0x10000 : 0, unix.type, state, unix.inode()));
                text.append(unix.name == null ? "" : " " + unix.name.replace('\0', '@'))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
