package vkernel.host.sim;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import vkernel.host.Entropy;
import vkernel.host.HostException;

/**
 * The host's random bytes: urandom(4), read without the start-up of a security provider; a {@link SecureRandom} where
 * there is none.
 */
final class HostEntropy implements Entropy {
    private static final Path URANDOM = Path.of("/dev/urandom");

    /** Made when it is needed: it takes tens of milliseconds. */
    private static final class Portable {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    /** Read ahead: a program's start asks for a few bytes twice. What was given away is zeroed. */
    private final byte[] stock = new byte[1024]; // guarded by this

    private int left;

    @Override
    public synchronized void fill(byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length > stock.length) {
            fetch(to, offset, length);
            return;
        }
        if (length > left) {
            fetch(stock, 0, stock.length);
            left = stock.length;
        }
        left -= length;
        System.arraycopy(stock, left, to, offset, length);
        Arrays.fill(stock, left, left + length, (byte) 0);
    }

    private static void fetch(byte[] to, int offset, int length) {
        if (Files.isReadable(URANDOM)) {
            fillFromDevice(to, offset, length);
        } else {
            byte[] bytes = new byte[length];
            Portable.RANDOM.nextBytes(bytes);
            System.arraycopy(bytes, 0, to, offset, length);
        }
    }

    private static void fillFromDevice(byte[] to, int offset, int length) {
        try (InputStream device = new FileInputStream(URANDOM.toFile())) {
            if (device.readNBytes(to, offset, length) < length) throw new IOException("end of " + URANDOM);
        } catch (IOException e) {
            throw new HostException(HostException.Reason.IO, "no random bytes: " + e.getMessage(), e);
        }
    }
}
