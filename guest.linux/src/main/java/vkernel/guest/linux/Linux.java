package vkernel.guest.linux;

import static vkernel.task.Registers.A7;

import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import vkernel.abi.Abi;
import vkernel.abi.AbiState;
import vkernel.abi.Bounds;
import vkernel.fs.Path;
import vkernel.fs.Vfs;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.trace.Trace;
import vkernel.kern.Kernel;
import vkernel.kern.Result;
import vkernel.kern.Swappable;
import vkernel.task.Restart;
import vkernel.task.SigAction;
import vkernel.task.SigInfo;
import vkernel.task.Task;

/** The riscv64 Linux personality: calls by number, and what guest.kern asks around signals, exec and exit. */
@Component(service = Abi.class, immediate = true)
@Capability(namespace = "vkernel.subsystem", name = "abi", attribute = "abi=linux")
public final class Linux implements Abi, Swappable<AbiState> {
    private final Kernel kernel;
    private final AllCalls all;
    private final Table table = new Table();
    private final Trace trace;
    private final boolean traced;

    @Activate
    public Linux(@Reference Kernel kernel) {
        this.kernel = kernel;
        all = new AllCalls(kernel);
        all.table(table);
        traced = kernel.config().traceSyscalls();
        trace = new Trace(kernel, table, kernel::trace);
    }

    @Override
    public long syscall(Task task) {
        long number = task.regs[A7];
        if (traced && !task.restart.active) {
            trace.before(task);
        }
        long result = table.call(task, number);
        if (result == Kernel.BLOCKED) {
            if (traced && !task.restart.active) {
                trace.blocked(task);
            }
            task.restart.active = true;
            return result;
        }
        completed(task, number, result);
        return result;
    }

    @Override
    public long sharedCall(Task task) {
        return traced ? NEEDS_LOCK : table.sharedCall(task, task.regs[A7]);
    }

    private void completed(Task task, long number, long result) {
        table.count(number, result);
        Restart restart = task.restart;
        restart.clear();
        if (restart.restoreMask) {
            restart.restoreMask = false;
            task.sigMask = restart.savedMask;
            kernel.recheckSignals(task);
        }
        if (traced) {
            trace.after(task, number, result);
        }
    }

    @Override
    public long interrupted(Task task, boolean restart) {
        Restart record = task.restart;
        long number = task.regs[A7];
        boolean again = restart && record.onSignal == Restart.OnSignal.RESTART && record.done == 0 && record.index == 0;
        if (again) {
            record.clear();
            return Kernel.BLOCKED;
        }
        long result = table.interrupted(task, number);
        table.count(number, result);
        record.clear();
        if (traced) {
            trace.after(task, number, result);
        }
        return result;
    }

    @Override
    public boolean deliver(Task task, SigInfo info, SigAction action) {
        return all.frame().push(task, all.timers().taken(task.process, info), action);
    }

    @Override
    public void exiting(Task task) {
        all.threadEnd().pay(task);
        all.ipc().exiting(task);
    }

    @Override
    public long exec(Task task, String path, List<String> argv, List<String> env, Consumer<String> refused) {
        Path from = path.startsWith("/") ? task.fs.root : task.fs.cwd;
        Result<Path> place = kernel.vfs().walk(task, from, path, Vfs.FOLLOW);
        return place.ok() ? all.exec().exec(task, place.value(), path, false, argv, env, refused) : place.error();
    }

    @Override
    public Bounds bounds() {
        return all.bounds();
    }

    @Override
    public List<Calls> calls() {
        return table.calls();
    }

    @Override
    public List<Entry> table() {
        return table.entries();
    }

    @Override
    public void prepare() {
        AllCalls beside = new AllCalls(kernel);
        beside.adoptOwn(beside.own());
    }

    @Override
    public AbiState release() {
        return all.release();
    }

    @Override
    public void adopt(AbiState state) {
        all.adopt(state);
    }
}
