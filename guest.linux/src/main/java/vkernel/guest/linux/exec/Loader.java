package vkernel.guest.linux.exec;

import static vkernel.kern.Errno.ENOEXEC;
import static vkernel.kern.Errno.ENOMEM;

import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.kern.Kernel;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** Maps the segments of an ELF file. */
final class Loader {
    private static final long PAGE = 4096;
    private static final int FIXED = Vm.MAP_PRIVATE | Vm.MAP_FIXED;

    private final Kernel kernel;

    Loader(Kernel kernel) {
        this.kernel = kernel;
    }

    /**
     * Maps a file's segments.
     *
     * @param base where a position-independent file is to begin; 0 for anywhere
     * @return what is to be added to the file's addresses
     */
    long load(AddressSpace space, OpenFile file, Elf elf, long base) throws BadProgram {
        long bias = elf.position() ? bias(space, elf, base) : 0;
        for (Elf.Segment segment : elf.segments()) {
            map(space, file, segment, bias);
        }
        return bias;
    }

    /** Reserves room for the whole file, so that its segments come to lie in a place of their own. */
    private long bias(AddressSpace space, Elf elf, long base) throws BadProgram {
        long align = elf.alignment();
        long length = elf.end() - elf.start();
        if (base != 0) {
            return (base & -align) - (elf.start() & -align);
        }
        long extra = align > PAGE ? align : 0;
        long at = check(kernel.vm()
                .map(space, 0, length + extra, 0, Vm.MAP_PRIVATE | Vm.MAP_ANONYMOUS | Vm.MAP_NORESERVE, null, 0));
        check(kernel.vm().unmap(space, at, length + extra));
        long start = at + extra & -align;
        return start - (elf.start() & -align);
    }

    private void map(AddressSpace space, OpenFile file, Elf.Segment segment, long bias) throws BadProgram {
        long start = segment.address() + bias;
        long pageStart = start & -PAGE;
        long fileEnd = start + segment.file();
        long end = start + segment.memory() + PAGE - 1 & -PAGE;
        if (pageStart < AddressSpace.MIN || end > AddressSpace.END) {
            throw new BadProgram(ENOMEM, "an ELF file with a segment at an address that cannot be used");
        }
        long zeroFrom = pageStart;
        if (segment.file() > 0) {
            long length = fileEnd - pageStart;
            long offset = segment.offset() - (start - pageStart);
            check(kernel.vm().map(space, pageStart, length, segment.protection(), FIXED, file, offset));
            zeroFrom = fileEnd + PAGE - 1 & -PAGE;
            boolean written = (segment.protection() & Vma.WRITE) != 0;
            if (segment.memory() > segment.file() && written) {
                boolean cutOff = segment.offset() > file.inode().length() - segment.file();
                zero(space, fileEnd, (int) (zeroFrom - fileEnd), cutOff);
            }
        }
        if (end > zeroFrom) {
            int flags = FIXED | Vm.MAP_ANONYMOUS;
            check(kernel.vm().map(space, zeroFrom, end - zeroFrom, segment.protection(), flags, null, 0));
        }
    }

    /** The rest of the file's last page is not the program's: it must read as zeros. */
    private void zero(AddressSpace space, long from, int length, boolean cutOff) throws BadProgram {
        if (length > 0 && kernel.vm().poke(space, from, new byte[length], 0, length) < length) {
            throw cutOff
                    ? BadProgram.fatal(ENOEXEC, "a truncated ELF file: a segment is cut off")
                    : BadProgram.fatal(ENOMEM, "no memory for its zeroed data");
        }
    }

    static long check(long result) throws BadProgram {
        if (result < 0 && result >= -4095) {
            throw new BadProgram(
                    (int) -result, result == -ENOMEM ? "needs more memory than there is" : "cannot be mapped");
        }
        return result;
    }

    /** Names a range for /proc/PID/maps. */
    static void name(AddressSpace space, long va, String name) {
        @Nullable Vma vma = space.find(va);
        if (vma != null) {
            vma.name = name;
        }
    }
}
