package vkernel.guest.linux.exec;

import static vkernel.kern.Errno.ENOMEM;

import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Kernel;
import vkernel.task.Limits;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/**
 * Builds the address space of a program: its segments, its loader, the vDSO, the heap's start, the first stack.
 * Addresses are not randomized.
 *
 * @param entry where it starts: the loader's entry, or its own
 */
record NewSpace(AddressSpace space, long entry, long stack) {
    private static final long PAGE = 4096;
    /** Where a program goes that can be anywhere and has a loader (ELF_ET_DYN_BASE). */
    private static final long DYNAMIC_BASE = AddressSpace.END / 3 * 2 & -PAGE;

    private static final long STACK_TOP = AddressSpace.END - PAGE;
    /** Stack mapped at once, beyond what the arguments need; the rest grows. */
    private static final long STACK_ROOM = 32 * PAGE;
    /** Room for the stack to grow, least and most, and the gap below it. */
    private static final long STACK_LEAST = 128L << 20;

    private static final long STACK_MOST = AddressSpace.END / 6 * 5;
    private static final long STACK_GAP = 1L << 20;

    /** @throws BadProgram when something cannot be mapped; nothing is left behind */
    static NewSpace build(
            Kernel kernel, Vdso vdso, Task task, Program program, List<String> env, NewCredentials credentials)
            throws BadProgram {
        FirstStack.checkLimits(Arguments.limit(task), program.name, program.argv, env);
        @Nullable AddressSpace space = kernel.vm().create();
        if (space == null) {
            throw new BadProgram(ENOMEM, "no memory for its address space");
        }
        boolean done = false;
        try {
            NewSpace made = fill(kernel, vdso, task, program, env, credentials, space);
            done = true;
            return made;
        } finally {
            if (!done) {
                kernel.vm().drop(space);
            }
        }
    }

    private static NewSpace fill(
            Kernel kernel,
            Vdso vdso,
            Task task,
            Program program,
            List<String> env,
            NewCredentials credentials,
            AddressSpace space)
            throws BadProgram {
        long limit = task.process.softLimits[Limits.STACK];
        space.mmapTop = STACK_TOP - STACK_GAP - (limit < 0 ? STACK_MOST : Math.clamp(limit, STACK_LEAST, STACK_MOST));
        Loader loader = new Loader(kernel);
        Elf elf = program.elf;
        boolean dynamic = program.loader != null;
        long bias = loader.load(space, program.image.file, elf, dynamic ? DYNAMIC_BASE : 0);
        long entry = elf.entry() + bias;
        long loaderBase = 0;
        if (program.loader != null && program.loaderElf != null) {
            loaderBase = loader.load(space, program.loader.file, program.loaderElf, 0);
            entry = program.loaderElf.entry() + loaderBase;
        }
        // A program among the mappings gets its heap elsewhere, or it would run into them at once.
        space.brkStart = elf.position() && !dynamic ? DYNAMIC_BASE : elf.end() + bias;
        space.brk = space.brkStart;
        describe(space, elf, bias);
        FirstStack.Facts facts = new FirstStack.Facts(
                vdso.map(space),
                elf.headersAt() == 0 ? 0 : elf.headersAt() + bias,
                elf.headers(),
                loaderBase,
                elf.entry() + bias,
                credentials.credentials(),
                credentials.secure());
        return new NewSpace(space, entry, stack(kernel, space, program, env, facts));
    }

    private static void describe(AddressSpace space, Elf elf, long bias) {
        for (Elf.Segment s : elf.segments()) {
            boolean code = (s.protection() & Vma.EXECUTE) != 0;
            if (code && space.endCode == 0) {
                space.startCode = s.address() + bias;
                space.endCode = s.address() + s.file() + bias;
            } else if (!code) {
                space.startData = s.address() + bias;
                space.endData = s.address() + s.file() + bias;
            }
        }
    }

    private static long stack(
            Kernel kernel, AddressSpace space, Program program, List<String> env, FirstStack.Facts facts)
            throws BadProgram {
        long size = FirstStack.sizeFor(program.name, program.argv, env);
        long length = (size + PAGE - 1 & -PAGE) + STACK_ROOM;
        int protection = Vma.READ | Vma.WRITE | (program.elf.executableStack() ? Vma.EXECUTE : 0);
        int flags = Vm.MAP_PRIVATE | Vm.MAP_ANONYMOUS | Vm.MAP_FIXED | Vm.MAP_GROWSDOWN | Vm.MAP_STACK;
        if (space.count() > 0 && space.vma(space.count() - 1).end > STACK_TOP - length) {
            throw new BadProgram(ENOMEM, "an ELF file with a segment where its stack belongs");
        }
        Loader.check(kernel.vm().map(space, STACK_TOP - length, length, protection, flags, null, 0));
        Loader.name(space, STACK_TOP - PAGE, "[stack]");
        byte[] random = new byte[16];
        kernel.random(random);
        long sp = new FirstStack(STACK_TOP, size).write(kernel, space, program.name, program.argv, env, random, facts);
        space.startStack = sp;
        return sp;
    }
}
