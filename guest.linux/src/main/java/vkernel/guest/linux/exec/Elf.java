package vkernel.guest.linux.exec;

import static vkernel.kern.Errno.EINVAL;
import static vkernel.kern.Errno.ENOEXEC;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.user.Le;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vma;

/**
 * The headers of a 64-bit riscv ELF program (elf(5)), checked: what is here can be mapped.
 *
 * @param position whether it can be loaded anywhere (ET_DYN)
 * @param entry address of the first instruction, unbiased
 * @param headersAt address of the program headers in memory, unbiased; 0 when no segment holds them
 * @param headers number of program headers
 * @param segments what is to be loaded, by ascending address
 * @param interpreter place of the interpreter's name in the file, or null
 * @param executableStack PT_GNU_STACK asks for one
 */
record Elf(
        boolean position,
        long entry,
        long headersAt,
        int headers,
        List<Segment> segments,
        @Nullable Part interpreter,
        boolean executableStack) {

    static final int HEADER_SIZE = 64;
    static final int PROGRAM_HEADER_SIZE = 56;

    private static final int ET_EXEC = 2;
    private static final int ET_DYN = 3;
    private static final int EM_RISCV = 243;
    private static final int PT_LOAD = 1;
    private static final int PT_INTERP = 3;
    private static final int PT_PHDR = 6;
    private static final int PT_GNU_STACK = 0x6474_e551;
    private static final int PF_X = 1;
    private static final int PF_W = 2;
    private static final int PF_R = 4;
    private static final long PAGE = 4096;

    /** A range of the file. */
    record Part(long offset, long length) {}

    /** PT_LOAD. @param memory bytes in memory, the file's first, then zeros */
    record Segment(long offset, long address, long file, long memory, int protection, long align) {
        long end() {
            return address + memory;
        }
    }

    /** First address of the first segment, and first behind the last; page aligned. */
    long start() {
        return segments.getFirst().address() & -PAGE;
    }

    long end() {
        return segments.getLast().end() + PAGE - 1 & -PAGE;
    }

    /** The alignment that the segments ask for, a power of two. */
    long alignment() {
        return segments.stream().mapToLong(Segment::align).max().orElse(PAGE);
    }

    /** Where the program headers are. @param header the file's first bytes */
    static Part programHeaders(byte[] header, int length, long fileSize) throws BadProgram {
        if (length < 4 || header[0] != 0x7f || header[1] != 'E' || header[2] != 'L' || header[3] != 'F') {
            throw new BadProgram(ENOEXEC, "not an ELF file");
        }
        if (length < HEADER_SIZE) {
            throw new BadProgram(ENOEXEC, "a truncated ELF file: its header is cut off");
        }
        int machine = Le.u16(header, 18);
        if (header[4] != 2 || machine != EM_RISCV) {
            throw new BadProgram(ENOEXEC, Machine.describe(header[4], machine));
        }
        int type = Le.u16(header, 16);
        if (type != ET_EXEC && type != ET_DYN) {
            throw new BadProgram(ENOEXEC, "an ELF file, but no program (e_type " + type + ")");
        }
        int count = Le.u16(header, 56);
        if (Le.u16(header, 54) != PROGRAM_HEADER_SIZE || count == 0 || count > 65536 / PROGRAM_HEADER_SIZE) {
            throw new BadProgram(ENOEXEC, "an ELF file without usable program headers");
        }
        Part part = new Part(Le.i64(header, 32), (long) count * PROGRAM_HEADER_SIZE);
        if (part.offset < 0 || part.offset > fileSize - part.length) {
            throw new BadProgram(ENOEXEC, "a truncated ELF file: its program headers are cut off");
        }
        return part;
    }

    static Elf parse(byte[] header, byte[] programHeaders, long fileSize) throws BadProgram {
        List<Segment> segments = new ArrayList<>();
        Part interpreter = null;
        boolean executableStack = false;
        long headersAt = 0;
        for (int at = 0; at < programHeaders.length; at += PROGRAM_HEADER_SIZE) {
            switch (Le.i32(programHeaders, at)) {
                case PT_LOAD -> addSegment(segments, segment(programHeaders, at));
                // what follows the first is not looked at
                case PT_INTERP ->
                    interpreter = interpreter != null ? interpreter : interpreter(programHeaders, at, fileSize);
                case PT_PHDR -> headersAt = Le.i64(programHeaders, at + 16);
                case PT_GNU_STACK -> executableStack = (Le.i32(programHeaders, at + 4) & PF_X) != 0;
                default -> {
                    // Not for loading.
                }
            }
        }
        // who names an interpreter hears first what is wrong with that
        if (segments.isEmpty() && interpreter == null) {
            throw new BadProgram(ENOEXEC, "an ELF file with nothing to load");
        }
        long offset = Le.i64(header, 32);
        for (Segment s : segments) {
            if (s.offset <= offset && offset < s.offset + s.file) {
                headersAt = s.address + offset - s.offset;
            }
        }
        boolean position = Le.u16(header, 16) == ET_DYN;
        int count = programHeaders.length / PROGRAM_HEADER_SIZE;
        return new Elf(
                position, Le.i64(header, 24), headersAt, count, List.copyOf(segments), interpreter, executableStack);
    }

    private static Segment segment(byte[] h, int at) throws BadProgram {
        int flags = Le.i32(h, at + 4);
        int protection = ((flags & PF_R) != 0 ? Vma.READ : 0)
                | ((flags & PF_W) != 0 ? Vma.WRITE : 0)
                | ((flags & PF_X) != 0 ? Vma.EXECUTE : 0);
        long align = Le.i64(h, at + 48);
        Segment s = new Segment(
                Le.i64(h, at + 8),
                Le.i64(h, at + 16),
                Le.i64(h, at + 32),
                Le.i64(h, at + 40),
                protection,
                Long.bitCount(align) == 1 && align > 0 ? align : PAGE);
        if (s.file < 0 || s.memory < s.file || s.offset < 0) {
            throw new BadProgram(EINVAL, "an ELF file with an absurd segment: its sizes make no sense");
        }
        if (s.address < 0 || s.memory > AddressSpace.END || s.address > AddressSpace.END - s.memory) {
            throw new BadProgram(EINVAL, "an ELF file with an absurd segment: it does not fit into memory");
        }
        if ((s.offset - s.address & PAGE - 1) != 0) {
            throw new BadProgram(EINVAL, "an ELF file with a segment that does not fit to pages");
        }
        return s;
    }

    private static void addSegment(List<Segment> segments, Segment next) throws BadProgram {
        if (next.memory == 0) {
            return;
        }
        if (!segments.isEmpty() && next.address < segments.getLast().end()) {
            throw new BadProgram(EINVAL, "an ELF file with overlapping segments");
        }
        segments.add(next);
    }

    private static Part interpreter(byte[] h, int at, long fileSize) throws BadProgram {
        Part part = new Part(Le.i64(h, at + 8), Le.i64(h, at + 32));
        if (part.length < 2 || part.length > 4096 || part.offset < 0 || part.offset > fileSize - part.length) {
            throw new BadProgram(ENOEXEC, "an ELF file with a bad interpreter name");
        }
        return part;
    }
}
