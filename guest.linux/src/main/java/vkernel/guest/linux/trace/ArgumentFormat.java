package vkernel.guest.linux.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import vkernel.guest.linux.user.Le;
import vkernel.kern.Kernel;
import vkernel.task.Registers;
import vkernel.task.Task;

/** Shows the arguments of a call as signatures.txt says; calls that are not there show hexadecimal numbers. */
final class ArgumentFormat {
    /** Bytes of a string or buffer that are shown. */
    private static final int SHOWN = 64;

    private static final int STRINGS_SHOWN = 16;
    private static final String[] UNKNOWN = {"hex", "hex", "hex"};
    private static final Map<String, String[]> SIGNATURES = read();

    private final Kernel kernel;

    ArgumentFormat(Kernel kernel) {
        this.kernel = kernel;
    }

    private static Map<String, String[]> read() {
        Map<String, String[]> all = new HashMap<>();
        try (var lines = new BufferedReader(new InputStreamReader(
                ArgumentFormat.class.getResourceAsStream("signatures.txt"), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                if (!line.startsWith("#")) {
                    all.put(words[0], java.util.Arrays.copyOfRange(words, 1, words.length));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    /** The calls that have a signature. */
    static java.util.Set<String> known() {
        return SIGNATURES.keySet();
    }

    /** @param result of the call, if it is over: what it has put into memory is shown */
    String show(Task task, String call, long result) {
        String[] kinds = SIGNATURES.getOrDefault(call, UNKNOWN);
        StringBuilder line = new StringBuilder(call).append('(');
        for (int i = 0; i < kinds.length; i++) {
            long value = task.regs[Registers.A0 + i];
            long next = i < 5 ? task.regs[Registers.A0 + i + 1] : 0;
            line.append(i == 0 ? "" : ", ").append(show(task, kinds[i], value, next, result));
        }
        return line.append(')').toString();
    }

    private String show(Task task, String kind, long value, long next, long result) {
        return switch (kind) {
            case "fd", "int" -> Integer.toString((int) value);
            case "uint" -> Long.toUnsignedString(value);
            case "oct" -> "0" + Integer.toOctalString((int) value);
            case "ptr" -> value == 0 ? "NULL" : hex(value);
            case "dir" -> (int) value == -100 ? "AT_FDCWD" : Integer.toString((int) value);
            case "str" -> string(task, value);
            case "strs" -> strings(task, value);
            case "in" -> bytes(task, value, next);
            case "out" -> result > 0 ? bytes(task, value, result) : hex(value);
            case "iov" -> iovec(task, value, next);
            case "time" -> time(task, value);
            default -> named(kind, value);
        };
    }

    private static String named(String kind, long value) {
        return switch (kind) {
            case "open" -> Flags.OPEN.show((int) value & 0xffff_ffffL);
            case "prot" -> Flags.PROTECTION.show(value);
            case "map" -> Flags.MAP.show(value);
            case "at" -> Flags.AT.show((int) value & 0xffff_ffffL);
            case "wait" -> Flags.WAIT.show((int) value & 0xffff_ffffL);
            case "clone" -> Flags.CLONE.show(value & ~0xffL) + "|" + Constants.signal((int) value & 0xff);
            case "sig" -> Constants.signal((int) value);
            case "how" -> Constants.how((int) value);
            case "clock" -> Constants.clock((int) value);
            case "whence" -> Constants.whence((int) value);
            case "fcntl" -> Constants.fcntl((int) value);
            case "futex" -> Constants.futex((int) value);
            default -> hex(value);
        };
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private String string(Task task, long va) {
        byte[] bytes = new byte[SHOWN + 1];
        int n = va == 0 ? 0 : kernel.vm().peek(task.memory(), va, bytes, 0, bytes.length);
        int length = 0;
        while (length < n && bytes[length] != 0) {
            length++;
        }
        if (va == 0 || n == 0) {
            return va == 0 ? "NULL" : hex(va);
        }
        return Quoted.of(bytes, Math.min(length, SHOWN), length > SHOWN);
    }

    private String bytes(Task task, long va, long length) {
        byte[] bytes = new byte[Math.clamp(length, 0, SHOWN)];
        int n = kernel.vm().peek(task.memory(), va, bytes, 0, bytes.length);
        return n < bytes.length ? hex(va) : Quoted.of(bytes, n, length > SHOWN);
    }

    private String strings(Task task, long va) {
        StringBuilder all = new StringBuilder("[");
        byte[] pointer = new byte[8];
        for (int i = 0; va != 0; i++) {
            boolean there = kernel.vm().peek(task.memory(), va + 8L * i, pointer, 0, 8) == 8;
            if (!there || Le.i64(pointer, 0) == 0) {
                break;
            }
            all.append(i == 0 ? "" : ", ");
            if (i == STRINGS_SHOWN) {
                all.append("...");
                break;
            }
            all.append(string(task, Le.i64(pointer, 0)));
        }
        return all.append(']').toString();
    }

    private String iovec(Task task, long va, long count) {
        byte[] iov = new byte[16];
        if (count <= 0 || kernel.vm().peek(task.memory(), va, iov, 0, 16) < 16) {
            return hex(va);
        }
        return "[{" + bytes(task, Le.i64(iov, 0), Le.i64(iov, 8)) + ", " + Le.i64(iov, 8) + "}"
                + (count > 1 ? ", ...]" : "]");
    }

    private String time(Task task, long va) {
        byte[] time = new byte[16];
        if (va == 0 || kernel.vm().peek(task.memory(), va, time, 0, 16) < 16) {
            return va == 0 ? "NULL" : hex(va);
        }
        return "{" + Le.i64(time, 0) + ", " + Le.i64(time, 8) + "}";
    }
}
