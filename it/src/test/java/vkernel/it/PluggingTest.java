package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.it.Shells.gogo;
import static vkernel.it.Shells.sh;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import vkernel.boot.BootConfig;
import vkernel.boot.Consoles;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;

/** Devices that come and go while the kernel runs: {@code dev:add} and {@code dev:remove}. */
class PluggingTest {
    @TempDir
    Path folder;

    /** A program that runs until the kernel ends or it is told by a file. */
    private static void background(VirtualKernel kernel, String script) {
        MemoryChannel none = new MemoryChannel(new byte[0]);
        var unused = kernel.start(List.of("/bin/sh", "-c", script), none, none, none);
    }

    @Test
    void aDiskIsRefusedWhileItIsInUse() throws IOException {
        Path image = folder.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            assertThat(gogo(kernel, "dev:add " + image)).startsWith("vda");
            assertThat(gogo(kernel, "dev:add " + image)).contains("in use");
            assertThat(gogo(kernel, "dev:list")).containsPattern("vda +disk +254:0 +block +1024");
            background(kernel, "exec 3</dev/vda; echo > /tmp/held; until test -e /tmp/go; do sleep 0.01; done");
            sh(kernel, "until test -e /tmp/held; do sleep 0.01; done");
            assertThat(gogo(kernel, "dev:remove vda")).contains("vda is in use: open 1 times");
            sh(kernel, "touch /tmp/go; while test -e /tmp/held && ps | grep -q '[g]o; do'; do sleep 0.01; done");
            assertThat(gogo(kernel, "dev:remove vda")).isBlank();
            assertThat(sh(kernel, "cat /dev/vda")).contains("No such file");
            assertThat(gogo(kernel, "dev:remove vda")).contains("no disk vda");
        }
    }

    @Test
    void aTerminalComesAndGoes() throws Exception {
        Path path = folder.resolve("socket");
        try (Consoles consoles = Consoles.open(List.of("null"));
                VirtualKernel kernel = VirtualKernel.boot(consoles.connect(BootConfig.standard(), true))) {
            assertThat(gogo(kernel, "dev:add console unix:" + path)).startsWith("ttyS1 " + path);
            assertThat(gogo(kernel, "dev:add console unix:" + path)).contains("in use");
            assertThat(gogo(kernel, "dev:add console telephone")).contains("pty, unix:FILE or null");
            assertThat(gogo(kernel, "dev:add console null")).startsWith("ttyS2");
            try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                for (int round = 0; round < 2; round++) { // it stays when nobody has it open
                    socket.write(ByteBuffer.wrap("hello\n".getBytes(StandardCharsets.UTF_8)));
                    sh(kernel, "read line < /dev/ttyS1; echo \"got $line\" > /dev/ttyS1");
                    assertThat(line(socket)).contains("hello");
                    assertThat(line(socket)).contains("got hello");
                    replace(kernel, "drivers.console");
                }
            }
            background(kernel, "exec 3</dev/ttyS1; echo > /tmp/held; read line <&3");
            sh(kernel, "until test -e /tmp/held; do sleep 0.01; done");
            assertThat(gogo(kernel, "dev:remove ttyS1")).contains("ttyS1 is in use");
            assertThat(gogo(kernel, "dev:remove ttyS0")).contains("stays");
            assertThat(gogo(kernel, "dev:remove ttyS2")).isBlank();
            assertThat(sh(kernel, "ls /dev/ttyS2")).contains("No such file");
            try (SocketChannel socket = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                socket.write(ByteBuffer.wrap("end\n".getBytes(StandardCharsets.UTF_8)));
                assertThat(line(socket)).contains("end");
                sh(kernel, "while ps | grep -q '[r]ead line'; do sleep 0.01; done");
            }
            assertThat(gogo(kernel, "dev:remove ttyS1")).isBlank();
            assertThat(path).doesNotExist();
        }
    }

    private static String line(SocketChannel socket) throws IOException {
        InputStream in = Channels.newInputStream(socket);
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static void replace(VirtualKernel kernel, String name) throws Exception {
        for (Bundle bundle : kernel.context().getBundles()) {
            if (name.equals(bundle.getSymbolicName())) {
                bundle.stop();
                bundle.start();
            }
        }
    }

    @Test
    void aPublishedPortComesAndGoes() throws Exception {
        FileRom busybox = new FileRom(Guest.debian(List.of("busybox-static")).archive());
        int free;
        try (ServerSocket any = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            free = any.getLocalPort();
        }
        String port = "127.0.0.1:" + free + ":7000";
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard().withRoot(busybox))) {
            assertThat(gogo(kernel, "dev:add publish telephone")).contains("is not [ADDR:]HOSTPORT:PORT");
            assertThat(gogo(kernel, "dev:add publish " + free + ":7000")).startsWith(port);
            assertThat(gogo(kernel, "dev:add publish " + free + ":7001")).contains("cannot publish");
            background(kernel, "/usr/bin/busybox nc -l -p 7000 -e /bin/cat");
            sh(kernel, "until grep -q ':1B58' /proc/net/tcp6; do sleep 0.01; done");
            replace(kernel, "drivers.net");
            assertThat(gogo(kernel, "dev:list")).containsPattern(port + " +net +eth0 +port");
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), free)) {
                echo(socket);
                assertThat(gogo(kernel, "dev:remove " + free + ":7000")).isBlank();
                echo(socket); // what has come in stays
            }
            assertThat(gogo(kernel, "dev:list")).contains("net0").doesNotContain(port);
            assertThat(gogo(kernel, "dev:remove " + port)).contains("is not published");
            try (ServerSocket again = new ServerSocket(free, 5, InetAddress.getLoopbackAddress())) {
                assertThat(gogo(kernel, "dev:add publish " + free + ":7000")).contains("cannot publish");
                assertThat(again.isBound()).isTrue();
            }
        }
    }

    private static void echo(Socket socket) throws IOException {
        socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(socket.getInputStream().readNBytes(5), StandardCharsets.UTF_8))
                .isEqualTo("hello");
    }

    @Test
    void theWayOutComesAndGoes() throws Exception {
        FileRom busybox = new FileRom(Guest.debian(List.of("busybox-static")).archive());
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard().withRoot(busybox));
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String ask = "/usr/bin/busybox nc 10.0.2.2 " + server.getLocalPort();
            assertThat(sh(kernel, ask + " </dev/null")).contains("unreachable");
            assertThat(gogo(kernel, "dev:remove net0")).contains("there is no net0");
            assertThat(gogo(kernel, "dev:add net telephone")).contains("none of user, switch:NAME");
            assertThat(gogo(kernel, "dev:add net user")).startsWith("net0");
            assertThat(gogo(kernel, "dev:add net user")).contains("there already: user");
            replace(kernel, "drivers.net");
            background(kernel, "echo hello | " + ask + "; echo > /tmp/done");
            try (var peer = server.accept()) {
                assertThat(new String(peer.getInputStream().readNBytes(5), StandardCharsets.UTF_8))
                        .isEqualTo("hello");
                assertThat(gogo(kernel, "dev:remove net0")).contains("net0 is in use: 1 connections");
                assertThat(gogo(kernel, "dev:list")).containsPattern("net0 +net +eth0 +net .*1 connections");
                assertThat(gogo(kernel, "dev:stat")).containsPattern("net0 .*1 connections");
            }
            sh(kernel, "until test -e /tmp/done; do sleep 0.01; done");
            assertThat(gogo(kernel, "dev:remove net0")).isBlank();
            assertThat(sh(kernel, ask + " </dev/null")).contains("unreachable");
            assertThat(gogo(kernel, "dev:add net unix:" + folder.resolve("switch")))
                    .startsWith("net0");
            assertThat(gogo(kernel, "net:if")).contains("10.0.3.1/24");
            assertThat(gogo(kernel, "dev:add publish 8080:80")).contains("no ports to publish");
            assertThat(gogo(kernel, "dev:remove net0")).isBlank();
        }
    }
}
