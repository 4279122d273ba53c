package vkernel.host;

import org.jspecify.annotations.Nullable;

/** The clock of the machine of now. It stands still while there is none. */
final class SlotClock implements Clock {
    private final HostSlot slot;
    private volatile @Nullable ClockState stopped;

    SlotClock(HostSlot slot) {
        this.slot = slot;
    }

    void stopAt(@Nullable ClockState state) {
        stopped = state;
    }

    @Override
    public long monotonic() {
        Machine now = slot.orNull();
        if (now != null) return now.clock().monotonic();
        ClockState at = stopped;
        return at == null ? 0 : at.monotonic();
    }

    @Override
    public long origin() {
        Machine now = slot.orNull();
        return now == null ? NO_ORIGIN : now.clock().origin();
    }

    @Override
    public long realtime() {
        Machine now = slot.orNull();
        if (now != null) return now.clock().realtime();
        ClockState at = stopped;
        return at == null ? 0 : at.monotonic() + at.ahead();
    }

    @Override
    public void setRealtime(long nanos) {
        slot.now().clock().setRealtime(nanos);
    }

    @Override
    public void retired(long instructions) {
        slot.now().clock().retired(instructions);
    }

    @Override
    public void idle(int hart, long deadline) {
        slot.now().clock().idle(hart, deadline);
    }

    @Override
    public void wake(int hart) {
        Machine now = slot.orNull();
        if (now != null) now.clock().wake(hart); // or else nobody can be idle
    }
}
