package vkernel.host.engine;

import vkernel.host.Clock;

/** What a hart has while there is no host. No engine runs it then, so nobody calls. */
enum NoHost implements Mmu, Clock {
    INSTANCE;

    private static IllegalStateException none() {
        return new IllegalStateException("the hart is plugged into no host");
    }

    @Override
    public long translate(Hart hart, long va, int access) {
        throw none();
    }

    @Override
    public boolean open(Hart hart, long va) {
        throw none();
    }

    @Override
    public boolean attend(Hart hart) {
        throw none();
    }

    @Override
    public long monotonic() {
        throw none();
    }

    @Override
    public long origin() {
        throw none();
    }

    @Override
    public long realtime() {
        throw none();
    }

    @Override
    public void setRealtime(long nanos) {
        throw none();
    }

    @Override
    public void retired(long instructions) {
        throw none();
    }

    @Override
    public void idle(int hart, long deadline) {
        throw none();
    }

    @Override
    public void wake(int hart) {
        throw none();
    }
}
