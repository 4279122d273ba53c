package vkernel.kern;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Classes with polls ({@link PollWeaver}), by what they were without: those that come once more, as most of those of a
 * bundle that was edited, are not woven once more. One for each kernel, whoever weaves; any thread.
 */
public final class WovenClasses {
    /** Of a few kilobytes each. */
    private static final int MOST = 1000;

    /** Soft: by the digest of what they were, the last {@link #MOST} that were asked for. */
    private final Map<ByteBuffer, byte[]> before = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, byte[]> eldest) {
            return size() > MOST;
        }
    });

    /**
     * A class with polls.
     *
     * @throws IllegalArgumentException when it cannot be parsed
     */
    public byte[] woven(byte[] bytes) {
        ByteBuffer key = ByteBuffer.wrap(digest(bytes));
        byte[] known = before.get(key);
        if (known == null) {
            known = PollWeaver.woven(bytes); // which may load classes, and come here again
            before.put(key, known);
        }
        return known;
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
