package vkernel.guest.fs.archive;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Extended headers of a tar archive: for the next entry, over those for all that follow (POSIX.1-2024, pax, "pax
 * Extended Header"). Values are kept as bytes, one char each.
 */
final class Pax {
    /** Most bytes of one extended header. */
    static final int MAX = 1 << 20;

    private static final String XATTR = "SCHILY.xattr.";

    private final Map<String, String> global = new HashMap<>();
    private final Map<String, String> next = new HashMap<>();

    void readGlobal(byte[] records, Input input) throws ArchiveException {
        parse(records, global, input);
    }

    void readNext(byte[] records, Input input) throws ArchiveException {
        parse(records, next, input);
    }

    void put(String key, String value) {
        next.put(key, value);
    }

    /** The next entry has been read. */
    void clear() {
        next.clear();
    }

    @Nullable
    String get(String key) {
        String value = next.get(key);
        return value == null ? global.get(key) : value;
    }

    String get(String key, String otherwise) {
        String value = get(key);
        return value == null ? otherwise : value;
    }

    boolean has(String prefix) {
        for (String key : next.keySet()) {
            if (key.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** A number without a sign. */
    long number(String key, long otherwise, Input input) throws ArchiveException {
        String value = get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw input.corrupt("an extended header with " + key + "=" + value);
        }
        throw input.corrupt("an extended header with " + key + "=" + value);
    }

    /** A time as nanoseconds; in the archive seconds with a fraction. */
    long time(String key, long otherwise, Input input) throws ArchiveException {
        String value = get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            if (value.length() > 32) {
                throw new NumberFormatException("too long");
            }
            return new BigDecimal(value).movePointRight(9).longValue();
        } catch (NumberFormatException e) {
            throw input.corrupt("an extended header with " + key + "=" + value);
        }
    }

    Map<String, byte[]> xattrs() {
        Map<String, byte[]> found = new HashMap<>();
        next.forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                found.put(key.substring(XATTR.length()), value.getBytes(StandardCharsets.ISO_8859_1));
            }
        });
        return found;
    }

    /** Records "LENGTH KEY=VALUE\n"; the length counts all of the record. */
    private static void parse(byte[] records, Map<String, String> into, Input input) throws ArchiveException {
        int at = 0;
        while (at < records.length && records[at] != 0) {
            int length = 0;
            int digits = at;
            while (digits < records.length && records[digits] >= '0' && records[digits] <= '9' && length <= MAX) {
                length = length * 10 + records[digits++] - '0';
            }
            int end = at + length;
            if (digits >= records.length || records[digits] != ' ' || end > records.length || end <= digits + 1) {
                throw input.corrupt("the extended header before is damaged");
            }
            String record = new String(records, digits + 1, end - digits - 2, StandardCharsets.ISO_8859_1);
            int equals = record.indexOf('=');
            if (equals < 1 || records[end - 1] != '\n') {
                throw input.corrupt("the extended header before is damaged");
            }
            into.put(record.substring(0, equals), record.substring(equals + 1));
            at = end;
        }
    }
}
