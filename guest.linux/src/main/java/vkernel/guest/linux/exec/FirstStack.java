package vkernel.guest.linux.exec;

import static vkernel.kern.Errno.E2BIG;
import static vkernel.kern.Errno.ENOMEM;

import java.nio.charset.StandardCharsets;
import java.util.List;
import vkernel.guest.linux.user.Le;
import vkernel.kern.Kernel;
import vkernel.task.Credentials;
import vkernel.vm.AddressSpace;

/**
 * The stack that a program starts with, from the top: the file's name, environment strings, argument strings, random
 * bytes, auxiliary vector, envp, argv, argc (Linux: create_elf_tables).
 */
final class FirstStack {
    private static final int AT_NULL = 0, AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_PAGESZ = 6, AT_BASE = 7;
    private static final int AT_FLAGS = 8, AT_ENTRY = 9, AT_UID = 11, AT_EUID = 12, AT_GID = 13, AT_EGID = 14;
    private static final int AT_HWCAP = 16, AT_CLKTCK = 17, AT_SECURE = 23, AT_RANDOM = 25;
    private static final int AT_RSEQ_FEATURE_SIZE = 27, AT_RSEQ_ALIGN = 28, AT_EXECFN = 31;
    private static final int AT_SYSINFO_EHDR = 33, AT_L1I_CACHESIZE = 40, AT_L3_CACHEGEOMETRY = 47;
    private static final int AT_MINSIGSTKSZ = 51;

    /** I, M, A, F, D, C. */
    private static final long HWCAP = 0x112d;

    private static final long MIN_SIGNAL_STACK = 0x440;
    private static final int RANDOM = 16;

    /** What the auxiliary vector tells. */
    record Facts(
            long vdso,
            long headersAt,
            int headers,
            long interpreterBase,
            long entry,
            Credentials credentials,
            boolean secure) {}

    private final byte[] bytes;
    private final long top;
    /** Index in {@link #bytes} of the lowest byte used; they end at {@link #top}. */
    private int at;

    private final long[] auxv = new long[64];
    private int auxvCount;

    /** @param top first address above the stack, 16-aligned */
    FirstStack(long top, long size) {
        this.top = top;
        bytes = new byte[(int) size];
        at = bytes.length - 8;
    }

    /** Bytes that strings and pointers will take at most. */
    static long sizeFor(String file, List<String> argv, List<String> env) {
        long size = 1024 + file.length() + 8L * (argv.size() + env.size());
        for (String s : argv) {
            size += s.length() + 1;
        }
        for (String s : env) {
            size += s.length() + 1;
        }
        return size + 15 & ~15L;
    }

    /** @throws BadProgram E2BIG when a string is too long or all together are */
    static void checkLimits(long limit, String file, List<String> argv, List<String> env) throws BadProgram {
        boolean longString = argv.stream().anyMatch(s -> s.length() >= Arguments.STRING_MAX)
                || env.stream().anyMatch(s -> s.length() >= Arguments.STRING_MAX);
        if (longString || sizeFor(file, argv, env) - 1024 > limit) {
            throw new BadProgram(E2BIG, "arguments and environment are too long");
        }
    }

    /** Builds it and writes it to a mapped stack. @return the first sp */
    long write(
            Kernel kernel,
            AddressSpace space,
            String file,
            List<String> argv,
            List<String> env,
            byte[] random,
            Facts facts)
            throws BadProgram {
        long fileAt = push(file);
        space.envEnd = fileAt;
        long[] envAt = push(env);
        space.envStart = address();
        space.argEnd = address();
        long[] argvAt = push(argv);
        space.argStart = address();
        at = at - RANDOM & ~15;
        System.arraycopy(random, 0, bytes, at, RANDOM);
        auxiliary(facts, fileAt, address());
        int words = 1 + argvAt.length + 1 + envAt.length + 1 + auxvCount;
        at = at - 8 * words & ~15;
        int next = at;
        next = put(next, argvAt.length);
        next = put(next, argvAt) + 8;
        next = put(next, envAt) + 8;
        space.auxv = new byte[8 * auxvCount];
        for (int i = 0; i < auxvCount; i++) {
            Le.put64(space.auxv, 8 * i, auxv[i]);
        }
        System.arraycopy(space.auxv, 0, bytes, next, space.auxv.length);
        if (!kernel.vm().write(space, address(), bytes, at, bytes.length - at)) {
            throw new BadProgram(ENOMEM, "no memory for its stack");
        }
        return address();
    }

    private long address() {
        return top - bytes.length + at;
    }

    private long push(String string) {
        byte[] encoded = string.getBytes(StandardCharsets.ISO_8859_1);
        at -= encoded.length + 1;
        System.arraycopy(encoded, 0, bytes, at, encoded.length);
        return address();
    }

    /** Pushes the last string first, so that they ascend in memory. */
    private long[] push(List<String> strings) {
        long[] addresses = new long[strings.size()];
        for (int i = strings.size() - 1; i >= 0; i--) {
            addresses[i] = push(strings.get(i));
        }
        return addresses;
    }

    private int put(int index, long... words) {
        for (int i = 0; i < words.length; i++) {
            Le.put64(bytes, index + 8 * i, words[i]);
        }
        return index + 8 * words.length;
    }

    private void entry(int key, long value) {
        auxv[auxvCount++] = key;
        auxv[auxvCount++] = value;
    }

    private void auxiliary(Facts facts, long fileAt, long randomAt) {
        entry(AT_SYSINFO_EHDR, facts.vdso);
        for (int key = AT_L1I_CACHESIZE; key <= AT_L3_CACHEGEOMETRY; key++) {
            entry(key, 0);
        }
        entry(AT_MINSIGSTKSZ, MIN_SIGNAL_STACK);
        entry(AT_HWCAP, HWCAP);
        entry(AT_PAGESZ, 4096);
        entry(AT_CLKTCK, 100);
        entry(AT_PHDR, facts.headersAt);
        entry(AT_PHENT, Elf.PROGRAM_HEADER_SIZE);
        entry(AT_PHNUM, facts.headers);
        entry(AT_BASE, facts.interpreterBase);
        entry(AT_FLAGS, 0);
        entry(AT_ENTRY, facts.entry);
        Credentials c = facts.credentials;
        entry(AT_UID, Integer.toUnsignedLong(c.uid()));
        entry(AT_EUID, Integer.toUnsignedLong(c.euid()));
        entry(AT_GID, Integer.toUnsignedLong(c.gid()));
        entry(AT_EGID, Integer.toUnsignedLong(c.egid()));
        entry(AT_SECURE, facts.secure ? 1 : 0);
        entry(AT_RANDOM, randomAt);
        entry(AT_EXECFN, fileAt);
        entry(AT_RSEQ_FEATURE_SIZE, 28);
        entry(AT_RSEQ_ALIGN, 32);
        entry(AT_NULL, 0);
    }
}
