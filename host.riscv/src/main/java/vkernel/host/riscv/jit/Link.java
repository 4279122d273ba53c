package vkernel.host.riscv.jit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in a region that calls another: first through the dispatcher's table, then, once the callee is translated,
 * straight. The JVM takes the callee for constant and may inline it; so changing it back, when the callee is dropped,
 * costs the JVM a compilation.
 */
final class Link extends MutableCallSite {
    private static final MethodType RUN = MethodType.methodType(long.class, Dispatcher.class, long[].class, int.class);
    private static final MethodHandle SEARCH;

    /** How a region's class finds its links: they are its class data, by number. */
    static final DirectMethodHandleDesc BOOTSTRAP =
            ConstantDescs.ofCallsiteBootstrap(Body.desc(Link.class), "bootstrap", ConstantDescs.CD_CallSite, CD_int);

    static {
        try {
            SEARCH = MethodHandles.lookup()
                    .findVirtual(
                            Link.class,
                            "search",
                            MethodType.methodType(long.class, Dispatcher.class, long[].class, int.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long target;
    private final MethodHandle search;
    private @Nullable Region callee; // guarded by this

    Link(long target) {
        super(RUN);
        this.target = target;
        this.search = SEARCH.bindTo(this);
        setTarget(search);
    }

    static CallSite bootstrap(MethodHandles.Lookup lookup, String name, MethodType type, int number)
            throws IllegalAccessException {
        List<?> links = MethodHandles.classData(lookup, ConstantDescs.DEFAULT_NAME, List.class);
        return (Link) links.get(number);
    }

    /** What the place does while it is not linked. */
    @SuppressWarnings("UnusedMethod") // called by its handle, SEARCH
    private long search(Dispatcher core, long[] regs, int depth) {
        Region region = core.regionAt(target);
        if (region == null) return target;
        set(region);
        return region.code().run(core, regs, depth);
    }

    private synchronized void set(Region region) {
        if (!region.linkedFrom(this)) return;
        callee = region;
        setTarget(region.handle());
    }

    /** The callee is dropped. */
    synchronized void reset(Region dropped) {
        if (callee != dropped) return;
        callee = null;
        setTarget(search);
    }
}
