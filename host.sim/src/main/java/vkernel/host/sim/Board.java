package vkernel.host.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.host.CodeGuard;
import vkernel.host.Entropy;
import vkernel.host.MachineConfig;
import vkernel.host.MachineState;
import vkernel.host.engine.Hart;

/** The parts of one machine, wired: made of its state, and turned into that again. */
final class Board implements CodeGuard {
    final MachineClock clock;
    final Entropy entropy;
    final Spaces vmspaces;
    final Disks disks;

    private final MachineState from;
    private final Engines engines;
    private final Shootdown shootdown = new Shootdown();
    private final @Nullable SeededEntropy seeded;

    Board(MachineState state, Engines engines) {
        MachineConfig config = state.config();
        boolean virtual = config.time() == MachineConfig.Time.VIRTUAL;
        this.from = state;
        this.engines = engines;
        engines.machine(state.ram(), state.engine()); // it alone may refuse, so it comes first
        clock = virtual
                ? new VirtualClock(config.harts(), config.seed(), state.clock())
                : new RealClock(config.harts(), state.clock());
        seeded = virtual ? new SeededEntropy(state.entropy()) : null;
        entropy = seeded != null ? seeded : new HostEntropy();
        disks = new Disks(state);
        StaleTranslations stale =
                config.checkTranslations() ? new StaleTranslations(clock, state.staleTranslations()) : null;
        Core[] cores = state.harts().stream()
                .map(hart -> new Core(hart, state.ram(), clock, stale))
                .toArray(Core[]::new);
        shootdown.cores(cores);
        if (stale != null) stale.cores(cores);
        vmspaces = new Spaces(state.ram(), cores, engines, shootdown, clock, stale);
        vmspaces.restore(state.vmspaces());
        state.ram().guard(this);
    }

    @Override
    public void stopWrites() {
        shootdown.writes();
    }

    @Override
    public void codeChanged(int frame) {
        engines.codeChanged(frame);
    }

    List<Hart> harts() {
        return from.harts();
    }

    MachineState state() {
        return from;
    }

    /** Lets every hart leave the engine that it is in, and drops what it has of it. */
    void leaveEngine() {
        shootdown.leave();
        harts().forEach(Hart::forget);
        if (engines.orNull() == null) clock.stand();
        else clock.goOn();
    }

    /** Ends every run and wait, for good. */
    void stop() {
        engines.use(null);
        shootdown.leave();
        clock.stop();
        for (Hart hart : harts()) {
            while (clock.idling(hart.id)) Thread.onSpinWait();
        }
    }

    /** Gives the machine up. @throws HostException {@code IO} when a block file cannot be let go */
    MachineState release() {
        stop();
        from.ram().guard(null);
        List<String> stale = vmspaces.staleTranslations();
        MachineState state = new MachineState(
                from.config(),
                from.ram(),
                from.harts(),
                from.channels(),
                vmspaces.release(),
                clock.state(),
                seeded == null ? from.entropy() : seeded.position(),
                from.blockFiles(),
                disks.release(),
                engines.wanted(),
                stale);
        harts().forEach(Hart::unplug);
        from.ram().leaveWindows();
        return state;
    }
}
