package vkernel.rump;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import vkernel.host.HostException;
import vkernel.host.Switch;

/** A switch that joins kernels of one program, without a host. Which socket is asked for does not matter: there is one. */
public final class MemorySwitch implements Switch {
    private static final int LAST = 250;

    private final Map<Integer, Plugged> ports = new TreeMap<>(); // guarded by this

    @Override
    public Port plug(Path at, int wanted, Runnable news) {
        synchronized (this) {
            int number = wanted == 0 ? 1 : wanted;
            while (wanted == 0 && ports.containsKey(number)) {
                number++;
            }
            if (number > LAST || ports.containsKey(number)) {
                throw new HostException(HostException.Reason.BUSY, "port " + number + " of the switch is taken");
            }
            Plugged port = new Plugged(number, news);
            ports.put(number, port);
            return port;
        }
    }

    private void deliver(int from, byte[] frame) {
        int to = frame[0] & 0xff;
        byte[] arriving = frame.clone();
        arriving[0] = (byte) from;
        for (Plugged port : others(from)) {
            if (to == ALL || to == port.number) {
                port.arrive(arriving);
            }
        }
        if (to != ALL && !others(from).stream().anyMatch(port -> port.number == to)) {
            others(-1).stream().filter(port -> port.number == from).forEach(port -> port.arrive(gone(to)));
        }
    }

    private static byte[] gone(int number) {
        return new byte[] {(byte) SELF, (byte) number};
    }

    private synchronized Queue<Plugged> others(int number) {
        Queue<Plugged> others = new ArrayDeque<>(ports.values());
        others.removeIf(port -> port.number == number);
        return others;
    }

    private final class Plugged implements Port {
        private final int number;
        private final Runnable news;
        private final Queue<byte[]> frames = new ArrayDeque<>(); // guarded by itself

        Plugged(int number, Runnable news) {
            this.number = number;
            this.news = news;
        }

        void arrive(byte[] frame) {
            synchronized (frames) {
                frames.add(frame);
            }
            news.run();
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public void send(byte[] frame) {
            deliver(number, frame);
        }

        @Override
        public byte @org.jspecify.annotations.Nullable [] receive() {
            synchronized (frames) {
                byte[] frame = frames.poll();
                return frame == null ? null : Arrays.copyOf(frame, frame.length);
            }
        }

        @Override
        public void close() {
            synchronized (MemorySwitch.this) {
                ports.remove(number);
            }
            others(number).forEach(port -> port.arrive(gone(number)));
        }
    }
}
