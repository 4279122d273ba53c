package vkernel.host.riscv;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import vkernel.host.Ram;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;

/** The reference engine: decodes once, then interprets. */
@Component(property = "engine=interpreter")
@Capability(namespace = "vkernel.subsystem", name = "engine", attribute = "engine=interpreter")
public final class Interpreter implements Engine {
    /** Set by {@link #attach}, before any run. */
    private volatile @Nullable CodeCache cache;

    /** For the service registry. */
    public Interpreter() {}

    @Override
    public String name() {
        return "interpreter";
    }

    @Override
    public void attach(Ram ram) {
        CodeCache known = cache;
        if (known == null || !known.of(ram)) cache = new CodeCache(ram);
    }

    @Override
    public int run(Hart hart, long budget, boolean exact) {
        return core(hart).run(budget, exact);
    }

    @Override
    public void codeChanged(int frame) {
        attached().forget(frame);
    }

    private Core core(Hart hart) {
        CodeCache code = attached();
        if (hart.engineState instanceof Core known && known.belongsTo(code)) return known;
        Core core = new Core(hart, code);
        hart.engineState = core;
        return core;
    }

    private CodeCache attached() {
        return Objects.requireNonNull(cache, "attach comes before run");
    }
}
