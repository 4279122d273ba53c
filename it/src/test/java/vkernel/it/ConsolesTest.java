package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.BootException;
import vkernel.boot.Consoles;
import vkernel.boot.VirtualKernel;

/** Terminals of the guest whose other end is a socket or a pseudo-terminal of this machine. */
class ConsolesTest {
    @TempDir
    Path folder;

    /** Reads what is typed at the last terminal and answers there. */
    private static void answer(VirtualKernel kernel, String tty) {
        String script = "read line < %s && echo \"got $line\" > %s".formatted(tty, tty);
        kernel.run("/bin/sh", "-c", script);
    }

    @Test
    void whoConnectsToTheSocketIsAtTheTerminal() throws IOException {
        Path path = folder.resolve("console");
        try (Consoles consoles = Consoles.open(List.of("null", "unix:" + path));
                VirtualKernel kernel = VirtualKernel.boot(consoles.connect(BootConfig.standard(), true))) {
            for (int client = 0; client < 2; client++) { // the next, when one has gone
                try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                    socket.write(ByteBuffer.wrap(("hello " + client + "\n").getBytes(StandardCharsets.UTF_8)));
                    answer(kernel, "/dev/ttyS1");
                    assertThat(until(Channels.newInputStream(socket), "got")).contains("got hello " + client);
                }
            }
        }
        assertThat(path).doesNotExist();
    }

    private static String until(java.io.InputStream in, String word) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] bytes = new byte[256];
        while (!all.toString().matches("(?s).*" + word + "[^\n]*\n.*")) {
            int n = in.read(bytes);
            if (n < 0) {
                break;
            }
            all.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    @Test
    void whoOpensThePseudoTerminalIsAtTheTerminal() throws IOException {
        try (Consoles consoles = Consoles.open(List.of("null", "pty"));
                VirtualKernel kernel = VirtualKernel.boot(consoles.connect(BootConfig.standard(), true));
                FileInputStream in = new FileInputStream(consoles.places().getLast());
                FileOutputStream out = new FileOutputStream(consoles.places().getLast())) {
            out.write("typed\n".getBytes(StandardCharsets.UTF_8));
            answer(kernel, "/dev/ttyS1");
            assertThat(until(in, "got")).contains("got typed");
        }
    }

    @Test
    void anAddressInUseIsSaid() throws IOException {
        Path file = folder.resolve("file");
        Files.writeString(file, "not a socket");
        assertThatThrownBy(() -> Consoles.open(List.of("unix:" + file)))
                .isInstanceOf(BootException.class)
                .hasMessageContaining("in use");
        assertThat(file).hasContent("not a socket");
        try (Consoles first = Consoles.open(List.of("unix:" + folder.resolve("s")))) {
            assertThat(first.places()).hasSize(1);
            assertThatThrownBy(() -> Consoles.open(List.of("unix:" + folder.resolve("s"))))
                    .hasMessageContaining("in use");
        }
    }
}
