package vkernel.boot.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import vkernel.kern.Errno;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.task.Client;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vm;
import vkernel.vm.Vma;

/** A client of a kernel in this JVM. The memory that a call sees is a mapping of the process's own. */
public final class LocalGuest implements Guest {
    private static final int ALIGNMENT = 16;

    private final Kernel kernel;
    private final Process process;
    private final Task task;
    /** Where its memory is in the guest: {@link #MOST} bytes. */
    private long memory;

    private volatile CompletableFuture<Long> answer = new CompletableFuture<>();

    private LocalGuest(Kernel kernel, Process process, Task task) {
        this.kernel = kernel;
        this.process = process;
        this.task = task;
        kernel.ended().thenRun(() -> answer.complete((long) -Errno.ESRCH));
    }

    /** @param process started without a program @return -ENOMEM, -ESRCH */
    public static Result<LocalGuest> of(Kernel kernel, Process process) {
        Task task = process.leader();
        if (task == null) {
            return Result.error(-Errno.ESRCH);
        }
        LocalGuest guest = new LocalGuest(kernel, process, task);
        int flags = Vm.MAP_PRIVATE | Vm.MAP_ANONYMOUS;
        guest.memory = guest.ask(Call.MMAP, 0, MOST, Vma.READ | Vma.WRITE, flags, -1, 0);
        return guest.memory < 0 ? Result.error(guest.memory) : Result.of(guest);
    }

    private long ask(int number, long... arguments) {
        CompletableFuture<Long> asked = whole(() -> {
            CompletableFuture<Long> call = Client.ask(task, number, arguments);
            answer = call;
            if (!call.isDone()) {
                kernel.wake(task);
            }
            return call;
        });
        if (asked == null) {
            return -Errno.ESRCH;
        }
        if (kernel.ended().toCompletableFuture().isDone()) {
            asked.complete((long) -Errno.ESRCH);
        }
        return asked.join();
    }

    @Override
    public synchronized long call(int number, Object... arguments) {
        if (arguments.length > 6) {
            throw new IllegalArgumentException("a call has at most six arguments");
        }
        if (Call.OF_PROGRAMS.contains(number)) {
            return -Errno.ENOSYS;
        }
        long[] words = new long[arguments.length];
        byte[][] blocks = new byte[arguments.length][];
        long at = memory;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Number word) {
                words[i] = word.longValue();
                continue;
            }
            blocks[i] = bytes(arguments[i]);
            words[i] = at;
            at += (blocks[i].length + ALIGNMENT - 1) & -ALIGNMENT;
            if (at - memory > MOST) {
                throw new IllegalArgumentException("a call's arguments have at most " + MOST + " bytes");
            }
        }
        if (!transfer(blocks, words, arguments, false)) {
            return -Errno.ESRCH;
        }
        long result = ask(number, words);
        transfer(blocks, words, arguments, true);
        return result;
    }

    private static byte[] bytes(Object argument) {
        return switch (argument) {
            case String text -> {
                byte[] plain = text.getBytes(StandardCharsets.UTF_8);
                yield Arrays.copyOf(plain, plain.length + 1);
            }
            case byte[] bytes -> bytes;
            case Into into -> into.bytes();
            default -> throw new IllegalArgumentException("no argument of a call: " + argument.getClass());
        };
    }

    /** Copies to the process's memory, or what is to be filled from there. @return false when it has none any more */
    private boolean transfer(byte[][] blocks, long[] words, Object[] arguments, boolean back) {
        for (int i = 0; i < blocks.length; i++) {
            byte[] block = blocks[i];
            long at = words[i];
            if (block == null || back && !(arguments[i] instanceof Into)) {
                continue;
            }
            Boolean moved = whole(() -> {
                AddressSpace space = task.memory;
                Vm vm = kernel.vm();
                return space != null
                        && (back
                                ? vm.read(space, at, block, 0, block.length)
                                : vm.write(space, at, block, 0, block.length));
            });
            if (moved == null || !moved) {
                return false;
            }
        }
        return true;
    }

    /** Does something with the kernel when none of its parts is just being replaced; null when the kernel has ended. */
    private <T> @Nullable T whole(Supplier<T> action) {
        while (!kernel.ended().toCompletableFuture().isDone()) {
            T done = kernel.call(() -> kernel.running() ? action.get() : null);
            if (done != null) {
                return done;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return null;
    }

    @Override
    public void close() {
        whole(() -> {
            if (task.state != Task.State.DEAD) {
                kernel.signal(process, SigInfo.kernel(Signal.SIGKILL));
            }
            return true;
        });
    }
}
