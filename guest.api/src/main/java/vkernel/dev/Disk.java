package vkernel.dev;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;

/** A disk that is plugged in, and its partitions. Plain data. */
public final class Disk {
    /**
     * A range of a disk that has a device number of its own: the whole disk, or a partition.
     */
    public static final class Part {
        /** {@code vda}, {@code vda1}, … */
        public final String name;

        public final long rdev;
        /** First byte in the disk. */
        public final long start;
        /** Bytes. */
        public final long length;
        /** Open nodes. */
        public int opens;
        /** Who has it for himself: a file system, a swap area; null for nobody. */
        public @Nullable String holder;
        /** The open file that is the holder: its descriptor was opened with O_EXCL. */
        public @Nullable OpenFile exclusive;

        public Part(String name, long rdev, long start, long length) {
            this.name = name;
            this.rdev = rdev;
            this.start = start;
            this.length = length;
        }

        public boolean busy() {
            return opens > 0 || holder != null;
        }
    }

    /** A fault that is asked for. Plain data. */
    public static final class Fault {
        /** What happens to a request. */
        public enum Effect {
            /** It fails with EIO. */
            ERROR,
            /** It takes {@link Fault#millis} longer. */
            DELAY,
            /** Its interrupt does not come. */
            LOST,
            /** Half of it is moved, and the driver asks for the rest. */
            SHORT,
            /** Half of it is moved, and it fails with EIO. */
            TORN
        }

        public final BlockRequest.Kind kind;
        public final Effect effect;
        /** Each so-manieth request, or one of so many by chance. */
        public final long every;

        public final long millis;
        /** Of chance; null for none, then each so-manieth meets it. */
        public final @Nullable Long seed;

        private final @Nullable Random chance;
        /** Requests seen. */
        public long seen;
        /** Requests that it has met. */
        public long met;

        public Fault(BlockRequest.Kind kind, Effect effect, long every, long millis, @Nullable Long seed) {
            this.kind = kind;
            this.effect = effect;
            this.every = every;
            this.millis = millis;
            this.seed = seed;
            chance = seed == null ? null : new Random(seed);
        }

        /** Counts a request of its kind. @return whether that meets it */
        public boolean meets() {
            seen++;
            boolean hit = chance == null ? seen % every == 0 : chance.nextLong(every) == 0;
            met += hit ? 1 : 0;
            return hit;
        }
    }

    /** 0 for vda. */
    public final int index;
    /** The host's name of it. */
    public final String host;
    /** The host's open file: a type of host.api. */
    public final Object file;

    public final long size;
    public final boolean readOnly;
    public final String serial;
    /** The whole disk first. */
    public final List<Part> parts = new ArrayList<>();

    public final List<Fault> faults = new ArrayList<>();

    public long reads;
    public long writes;
    public long flushes;
    public long discards;
    public long bytesRead;
    public long bytesWritten;
    public long errors;
    /** Requests of which the driver had to ask for the rest. */
    public long retries;
    /** Requests whose end the driver found without an interrupt. */
    public long timeouts;
    /** Requests under way, and the most that ever were. */
    public int inFlight;

    public int deepest;

    public Disk(int index, String host, Object file, long size, boolean readOnly, String serial) {
        this.index = index;
        this.host = host;
        this.file = file;
        this.size = size;
        this.readOnly = readOnly;
        this.serial = serial;
    }

    public Part whole() {
        return parts.getFirst();
    }
}
