package vkernel.host.riscv.amd64;

import java.util.ArrayList;
import java.util.List;
import vkernel.host.riscv.Core;
import vkernel.host.riscv.DecodedPage;
import vkernel.host.riscv.Insn;
import vkernel.host.riscv.Op;

/**
 * Writes blocks: the instructions from a place on, past branches that are not taken, up to a jump, a branch back, the end
 * of the page or of what was decoded.
 */
final class Blocks {
    private static final int MOST = 64;
    private static final long NOWHERE = -1;

    private Blocks() {}

    /** The instructions of the block that begins at an address; none where nothing is decoded, or it ends in another page. */
    static List<Insn> instructions(DecodedPage page, long va) {
        List<Insn> all = new ArrayList<>();
        int slot = Core.slot(va);
        long at = va;
        while (slot < DecodedPage.SLOTS && all.size() < MOST && !page.straddles(slot)) {
            long in = page.plain(slot);
            if (in == 0) break;
            Insn insn = new Insn(at, in);
            all.add(insn);
            if (ends(insn)) break;
            slot += (int) (insn.next() - at) / 2;
            at = insn.next();
        }
        return all;
    }

    private static boolean ends(Insn i) {
        return switch (i.op()) {
            case Op.JAL, Op.JALR, Op.ECALL, Op.EBREAK, Op.ILLEGAL, Op.FENCE_I -> true;
            default -> i.branch() && i.target() <= i.va();
        };
    }

    /** Writes the code of a block. @param twin with each access translated; who jumps back in it leaves it */
    static void write(List<Insn> insns, Asm asm, CodeSpace space, boolean twin) {
        Insn first = insns.getFirst();
        Body body = new Body(asm, space, first);
        Asm.Label start = new Asm.Label();
        asm.bind(start);
        Writers writers = new Writers(body, new JumpCode(body, twin ? NOWHERE : first.va(), start), twin);
        Checks checks = new Checks(insns);
        for (int i = 0; i < insns.size(); i++) {
            Insn insn = insns.get(i);
            body.begin(insn);
            if (ends(insn)) writers.last(insn);
            else writers.one(insn, checks.before(i));
        }
        Insn last = insns.getLast();
        if (!ends(last)) writers.jumps.direct(last.va(), last.next(), body.done());
        body.finish();
    }
}
