package vkernel.host.contract;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.engine.Engine;
import vkernel.host.engine.Hart;
import vkernel.host.engine.Registers;
import vkernel.host.engine.Tlb;
import vkernel.host.engine.Trap;

/**
 * An engine whose user code is steps told in Java. The pc is the index of a step; behind the last there is an
 * {@code ecall}. It looks into the TLB as a real engine does and polls before every step.
 */
public final class ScriptedEngine implements Engine {
    /** One instruction. */
    @FunctionalInterface
    public interface Step {
        /** The step is done. */
        int NEXT = -1;
        /** The step is to be executed again (a loop onto itself). */
        int AGAIN = -2;

        /** @return a code of {@link Trap}, {@link #NEXT} or {@link #AGAIN} */
        int execute(User user);
    }

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final Step[][] scripts = new Step[64][0];
    private volatile AtomicIntegerArray changes = new AtomicIntegerArray(0);
    private volatile MemorySegment memory = MemorySegment.NULL;

    /** Sets what a hart executes from pc 0. */
    public void script(int hart, Step... steps) {
        scripts[hart] = steps;
    }

    /** How often {@link #codeChanged} was called for a frame. */
    public int changes(int frame) {
        return changes.get(frame);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    @SuppressWarnings("restricted")
    public void attach(Ram ram) {
        memory = MemorySegment.ofAddress(ram.base()).reinterpret(ram.size());
        changes = new AtomicIntegerArray(ram.frames());
    }

    @Override
    public void codeChanged(int frame) {
        changes.incrementAndGet(frame);
    }

    @Override
    public int run(Hart hart, long budget, boolean exact) {
        User user = user(hart);
        Step[] steps = scripts[hart.id];
        long left = budget;
        while (true) {
            if (hart.attention() != 0 && hart.mmu.attend(hart)) return hart.trap = Trap.INTERRUPT;
            if (left-- == 0) return hart.trap = Trap.BUDGET;
            int pc = (int) hart.regs[Registers.PC];
            if (pc == steps.length) return hart.trap = Trap.SYSCALL;
            int result = steps[pc].execute(user);
            if (result >= 0) return hart.trap = result;
            hart.retired++;
            if (result == Step.NEXT) hart.regs[Registers.PC]++;
        }
    }

    private User user(Hart hart) {
        if (hart.engineState instanceof User user) return user;
        User user = new User(this, hart);
        hart.engineState = user;
        return user;
    }

    /** User code's view of its address space. */
    public record User(ScriptedEngine engine, Hart hart) {
        /** The host address of a user address, as an offset into RAM, or -1 after a fault. */
        public long find(long va, int access) {
            Tlb tlb = hart.tlb;
            int i = Tlb.index(va);
            long page = va >>> Vpte.PAGE_SHIFT;
            long host = switch (access) {
                case Vmspaces.READ -> tlb.read[i] == page ? va + tlb.readAddend[i] : miss(va, access);
                case Vmspaces.WRITE -> tlb.write[i] == page ? va + tlb.writeAddend[i] : miss(va, access);
                default -> miss(va, access);
            };
            return host == 0 ? -1 : host - engine.memory.address();
        }

        private long miss(long va, int access) {
            return hart.mmu.translate(hart, va, access);
        }

        /** Loads an aligned long. */
        public int load(long va, LongConsumer result) {
            long at = find(va, Vmspaces.READ);
            if (at < 0) return hart.trap;
            result.accept((long) LONG.getOpaque(engine.memory, at));
            return Step.NEXT;
        }

        /** Stores an aligned long. */
        public int store(long va, long value) {
            long at = find(va, Vmspaces.WRITE);
            if (at < 0) return hart.trap;
            LONG.setOpaque(engine.memory, at, value);
            return Step.NEXT;
        }

        /** Fetches from an address. */
        public int fetch(long va) {
            return find(va, Vmspaces.EXECUTE) < 0 ? hart.trap : Step.NEXT;
        }
    }

    /** An instruction that loads a long. */
    public static Step load(long va, LongConsumer result) {
        return user -> user.load(va, result);
    }

    /** An instruction that loads a long and forgets it. */
    public static Step load(long va) {
        return load(va, value -> {});
    }

    /** An instruction that stores a long. */
    public static Step store(long va, long value) {
        return user -> user.store(va, value);
    }

    /** An instruction that is fetched from an address and does nothing. */
    public static Step fetch(long va) {
        return user -> user.fetch(va);
    }

    /** A loop onto itself until a condition holds. */
    public static Step spinUntil(BooleanSupplier condition) {
        return user -> condition.getAsBoolean() ? Step.NEXT : Step.AGAIN;
    }

    /** An instruction that does something to the test. */
    public static Step call(Runnable body) {
        return user -> {
            body.run();
            return Step.NEXT;
        };
    }

    /** Instructions that do nothing. */
    public static Step[] nops(int count) {
        Step[] steps = new Step[count];
        Arrays.fill(steps, (Step) user -> Step.NEXT);
        return steps;
    }
}
