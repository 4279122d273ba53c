package vkernel.guest.linux.exec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.user.Le;
import vkernel.kern.Kernel;
import vkernel.vm.AddressSpace;
import vkernel.vm.PageCache;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/**
 * The vDSO: code of ours in every process, and before it a page of data for it (src/vdso/vdso.S says what is where).
 * All processes share the same pages.
 */
public final class Vdso {
    private static final int PAGE = 4096;
    private static final int OFFSET_AT = 8;
    private static final byte[] CODE = read();
    private static final long SIGRETURN = DynamicSymbols.of(CODE).address("__vdso_rt_sigreturn");

    private final Kernel kernel;
    private @Nullable PageCache code;
    private @Nullable PageCache data;
    private int sequence;

    public Vdso(Kernel kernel) {
        this.kernel = kernel;
    }

    private static byte[] read() {
        try (InputStream in = Vdso.class.getResourceAsStream("vdso.so")) {
            if (in == null) {
                throw new IllegalStateException("vdso.so is missing from the bundle");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The code as it was made, its pages, the data's page, and the sequence number in it, for a successor. */
    public byte[] image() {
        return CODE.clone();
    }

    public @Nullable PageCache codePages() {
        return code;
    }

    public @Nullable PageCache dataPages() {
        return data;
    }

    public int sequence() {
        return sequence;
    }

    /** Takes the pages over that processes have mapped; new processes get new code when this one's differs. */
    public void adopt(byte[] image, @Nullable PageCache oldCode, @Nullable PageCache oldData, int oldSequence) {
        code = java.util.Arrays.equals(image, CODE) ? oldCode : null;
        data = oldData;
        sequence = oldSequence;
    }

    /** Maps it into a new address space. @return its address */
    long map(AddressSpace space) throws BadProgram {
        PageCache codePages = code();
        PageCache dataPages = data();
        long codeSize = codePages.size;
        long at =
                Loader.check(kernel.vm().map(space, 0, PAGE + codeSize, 0, Vm.MAP_PRIVATE | Vm.MAP_ANONYMOUS, null, 0));
        Loader.check(kernel.vm().unmap(space, at, PAGE + codeSize));
        // Private, so that a process that makes them writable changes its own copy only.
        int flags = Vm.MAP_PRIVATE | Vm.MAP_FIXED;
        Loader.check(kernel.vm().mapPages(space, at, PAGE, Vma.READ, flags, dataPages, "[vvar]"));
        Loader.check(
                kernel.vm().mapPages(space, at + PAGE, codeSize, Vma.READ | Vma.EXECUTE, flags, codePages, "[vdso]"));
        space.sigReturn = at + PAGE + SIGRETURN;
        return at + PAGE;
    }

    private PageCache code() throws BadProgram {
        PageCache now = code;
        if (now == null) {
            now = new PageCache();
            int size = (CODE.length + PAGE - 1) / PAGE * PAGE;
            byte[] whole = java.util.Arrays.copyOf(CODE, size);
            Loader.check(kernel.vm().writePages(now, 0, kernel.vm().buffer(whole, 0, size)));
            code = now;
        }
        return now;
    }

    private PageCache data() throws BadProgram {
        PageCache now = data;
        if (now == null) {
            now = new PageCache();
            Loader.check(kernel.vm().writePages(now, 0, kernel.vm().buffer(new byte[PAGE], 0, PAGE)));
            data = now;
        }
        updateClock();
        return now;
    }

    /** After the time of day was set: tells the processes. */
    public void updateClock() {
        PageCache pages = data;
        if (pages == null) {
            return;
        }
        byte[] word = new byte[8];
        Le.put32(word, 0, ++sequence);
        put(pages, 0, word, 4);
        Le.put64(word, 0, kernel.realtime() - kernel.now());
        put(pages, OFFSET_AT, word, 8);
        Le.put32(word, 0, ++sequence);
        put(pages, 0, word, 4);
    }

    private void put(PageCache pages, long at, byte[] bytes, int length) {
        long n = kernel.vm().writePages(pages, at, kernel.vm().buffer(bytes, 0, length));
        if (n != length) {
            throw new IllegalStateException("the vDSO's data page cannot be written: " + n);
        }
    }
}
