package vkernel.guest.fs.contract;

import java.util.ArrayList;
import java.util.List;
import vkernel.kern.Timer;
import vkernel.rump.RumpKernel;
import vkernel.task.SigInfo;
import vkernel.task.Task;

/** A kernel for tests: its time goes on by a second with each look, and it keeps the signals that were sent. */
public final class HeapKernel extends RumpKernel {
    private static final long SECOND = 1_000_000_000;

    public final HeapVm memory;
    /** Signals sent, in order. */
    public final List<SigInfo> signals = new ArrayList<>();

    private long time = 1_000_000 * SECOND;

    /** @param pages pages of memory */
    public HeapKernel(int pages) {
        this(new HeapVm(pages));
    }

    private HeapKernel(HeapVm memory) {
        super(memory);
        this.memory = memory;
    }

    @Override
    public long realtime() {
        return time += SECOND;
    }

    @Override
    public long now() {
        return time;
    }

    /** A timer that never expires. */
    @Override
    public Timer timer(Runnable action) {
        return new Timer() {
            private long at = Long.MAX_VALUE;

            @Override
            public void arm(long deadline) {
                at = deadline;
            }

            @Override
            public long deadline() {
                return at;
            }
        };
    }

    @Override
    public void signal(Task task, SigInfo info) {
        signals.add(info);
    }
}
