package vkernel.host.riscv.jit;

import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes a region of a place: finds its code, writes a class, defines it as a hidden one. One thread. */
final class RegionMaker {
    /** More than a region can ever retire between two looks at its budget. */
    static final int MOST_INSTRUCTIONS = 1024;

    /** HotSpot compiles no method of 8,000 bytecodes. */
    private static final int MOST_BYTES = 7900;

    private static final int FIRST_TRY = 240;
    private static final int LEAST = 8;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Hints hints;

    RegionMaker(Hints hints) {
        this.hints = hints;
    }

    /** The number of the newest region. */
    int last() {
        return NUMBERS.get() & Integer.MAX_VALUE;
    }

    /**
     * @param windows whether it uses the hart's window
     * @param before the region that this one is to replace
     * @return null when there is nothing to translate
     */
    @Nullable
    Region make(long entry, Text text, boolean windows, @Nullable Region before) {
        int number = NUMBERS.incrementAndGet() & Integer.MAX_VALUE;
        for (int most = FIRST_TRY; most >= LEAST; most = most * 2 / 3) {
            List<Block> blocks = new Discovery(text, most, hints, before).from(entry);
            if (blocks.isEmpty() || useless(blocks, entry)) return null;
            List<Text.Page> pages = text.pagesOf(blocks);
            RegionWriter writer = new RegionWriter(number, entry, blocks, hints, windows);
            byte[] bytes = writer.write("Translated_" + Long.toHexString(entry));
            int length = length(bytes);
            if (length > MOST_BYTES) continue;
            return define(number, entry, pages, covered(blocks, entry), length, bytes, writer, windows);
        }
        return null;
    }

    /** Whether its first instruction is the interpreter's. */
    private static boolean useless(List<Block> blocks, long entry) {
        Block first = blocks.stream().filter(b -> b.start == entry).findFirst().orElseThrow();
        return first.body.size() == 1 && first.end == Block.End.STOP;
    }

    private static int[] covered(List<Block> blocks, long entry) {
        return blocks.stream()
                .flatMap(b -> b.body.stream())
                .mapToInt(i -> (int) (i.va() - entry))
                .sorted()
                .distinct()
                .toArray();
    }

    private static int length(byte[] bytes) {
        return ClassFile.of().parse(bytes).methods().stream()
                .flatMap(m -> m.code().stream())
                .mapToInt(c -> ((CodeAttribute) c).codeLength())
                .max()
                .orElseThrow();
    }

    private static Region define(
            int number,
            long entry,
            List<Text.Page> pages,
            int[] covered,
            int length,
            byte[] bytes,
            RegionWriter writer,
            boolean windows) {
        Link[] links = writer.links().stream().map(Link::new).toArray(Link[]::new);
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup().defineHiddenClassWithClassData(bytes, links, true);
            MethodHandle constructor = lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
            Code code = (Code) constructor.invoke();
            return new Region(number, entry, pages, covered, length, writer.places(), windows, writer.ints(), code);
        } catch (Throwable e) {
            throw new AssertionError("region at 0x" + Long.toHexString(entry), e);
        }
    }
}
