package vkernel.host.riscv.jit;

import java.util.List;
import vkernel.host.riscv.Op;

/** What a hart's dispatcher did, for {@code eng:stat}. Written by the hart's thread, read by others at leisure. */
final class Counters {
    static final List<String> NAMES = List.of(
            "hits",
            "interpreted",
            "stretches",
            "entered",
            "resumed",
            "left_memory",
            "left_float",
            "left_system",
            "opened",
            "traps");

    /** Regions found that the hart had not used of late: its own, or made for another process. */
    long hits;
    /** Regions that were entered by the dispatcher; most are entered by others. */
    long entered;

    /** Instructions that the interpreter executed, and the stretches in which it did. */
    long interpreted;

    long stretches;
    long resumed;
    long memory;
    long floating;
    long system;
    /** Pages opened in windows, with those around them. */
    long opened;

    long traps;

    /** A region left an instruction to the interpreter. */
    void left(int op) {
        if (op >= Op.LB && op <= Op.SD || op >= Op.LR_W) memory++;
        else if (op >= Op.FADD && op < Op.DIV) floating++;
        else system++;
    }

    void addTo(long[] sums) {
        long[] mine = {hits, interpreted, stretches, entered, resumed, memory, floating, system, opened, traps};
        for (int i = 0; i < mine.length; i++) sums[i] += mine[i];
    }
}
