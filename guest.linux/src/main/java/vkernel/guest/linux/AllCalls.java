package vkernel.guest.linux;

import vkernel.abi.AbiState;
import vkernel.abi.Bounds;
import vkernel.guest.linux.exec.Exec;
import vkernel.guest.linux.exec.ExecCalls;
import vkernel.guest.linux.exec.Vdso;
import vkernel.guest.linux.file.AttributeCalls;
import vkernel.guest.linux.file.DirCalls;
import vkernel.guest.linux.file.FcntlCalls;
import vkernel.guest.linux.file.HandleCalls;
import vkernel.guest.linux.file.MemfdCalls;
import vkernel.guest.linux.file.MountCalls;
import vkernel.guest.linux.file.NameCalls;
import vkernel.guest.linux.file.OpenCalls;
import vkernel.guest.linux.file.Places;
import vkernel.guest.linux.file.ReadWriteCalls;
import vkernel.guest.linux.file.SizeCalls;
import vkernel.guest.linux.file.SpliceCalls;
import vkernel.guest.linux.file.StatCalls;
import vkernel.guest.linux.file.TransferCalls;
import vkernel.guest.linux.file.XattrCalls;
import vkernel.guest.linux.futex.Futex2Calls;
import vkernel.guest.linux.futex.FutexCalls;
import vkernel.guest.linux.futex.Futexes;
import vkernel.guest.linux.futex.ThreadEnd;
import vkernel.guest.linux.ipc.Ipc;
import vkernel.guest.linux.mem.MemoryCalls;
import vkernel.guest.linux.mem.ProcessVmCalls;
import vkernel.guest.linux.mem.SwapCalls;
import vkernel.guest.linux.net.MessageCalls;
import vkernel.guest.linux.net.OptionCalls;
import vkernel.guest.linux.net.SocketCalls;
import vkernel.guest.linux.poll.EpollCalls;
import vkernel.guest.linux.poll.EventFds;
import vkernel.guest.linux.poll.EventFiles;
import vkernel.guest.linux.poll.InotifyFds;
import vkernel.guest.linux.poll.PidFds;
import vkernel.guest.linux.poll.PollCalls;
import vkernel.guest.linux.poll.SelectCalls;
import vkernel.guest.linux.poll.SignalFds;
import vkernel.guest.linux.poll.TimerFds;
import vkernel.guest.linux.proc.CapabilityCalls;
import vkernel.guest.linux.proc.CloneCalls;
import vkernel.guest.linux.proc.ExitCalls;
import vkernel.guest.linux.proc.GroupCalls;
import vkernel.guest.linux.proc.IdCalls;
import vkernel.guest.linux.proc.KcmpCalls;
import vkernel.guest.linux.proc.LimitCalls;
import vkernel.guest.linux.proc.NamespaceCalls;
import vkernel.guest.linux.proc.PrctlCalls;
import vkernel.guest.linux.proc.PriorityCalls;
import vkernel.guest.linux.proc.SchedCalls;
import vkernel.guest.linux.proc.Usage;
import vkernel.guest.linux.proc.WaitCalls;
import vkernel.guest.linux.ptrace.PtraceCalls;
import vkernel.guest.linux.signal.Frame;
import vkernel.guest.linux.signal.SendCalls;
import vkernel.guest.linux.signal.SignalCalls;
import vkernel.guest.linux.sys.DmesgCalls;
import vkernel.guest.linux.sys.HwprobeCalls;
import vkernel.guest.linux.sys.SystemCalls;
import vkernel.guest.linux.table.Table;
import vkernel.guest.linux.time.AdjustCalls;
import vkernel.guest.linux.time.ClockCalls;
import vkernel.guest.linux.time.ClockSet;
import vkernel.guest.linux.time.Clocks;
import vkernel.guest.linux.time.CpuLimit;
import vkernel.guest.linux.time.ItimerCalls;
import vkernel.guest.linux.time.SleepCalls;
import vkernel.guest.linux.time.TimerCalls;
import vkernel.guest.linux.time.Timers;
import vkernel.guest.linux.user.User;
import vkernel.kern.Kernel;
import vkernel.task.Process;

/** Puts the areas together: who is made of what, and every area's rows into the table. */
final class AllCalls {
    private final Kernel kernel;
    private final User user;
    private final Places places;
    private final Usage usage;
    private final Clocks clocks;
    private final Timers timers;
    private final CpuLimit cpuLimit;
    private final Vdso vdso;
    private final Frame frame;
    private final Futexes privateFutexes;
    private final Futexes sharedFutexes;
    private final ThreadEnd threadEnd;
    private final TimerCalls timerCalls;
    private final Exec exec;
    private final EventFiles eventFiles;
    private final PidFds pidFds;
    private final InotifyFds inotifies;
    private final Ipc ipc;
    private final TimerFds timerFds;
    private final MemfdCalls memfds;
    private final SystemCalls system;
    private Bounds bounds = new Bounds();

    AllCalls(Kernel kernel) {
        this.kernel = kernel;
        user = new User(kernel);
        places = new Places(kernel, user);
        usage = new Usage(kernel, user);
        clocks = new Clocks(kernel, usage);
        timers = new Timers(kernel, clocks);
        cpuLimit = new CpuLimit(kernel, clocks);
        vdso = new Vdso(kernel);
        frame = new Frame(kernel, user);
        privateFutexes = new Futexes(kernel);
        sharedFutexes = new Futexes(kernel);
        threadEnd = new ThreadEnd(kernel, user, sharedFutexes);
        timerCalls = new TimerCalls(kernel, user, clocks, timers);
        exec = new Exec(kernel, vdso, threadEnd, timerCalls);
        eventFiles = new EventFiles(kernel);
        pidFds = new PidFds(kernel, eventFiles);
        ipc = new Ipc(kernel, user, eventFiles, this::bounds);
        inotifies = new InotifyFds(kernel, user, places, eventFiles, this::bounds);
        timerFds = new TimerFds(kernel, user, eventFiles);
        memfds = new MemfdCalls(kernel, user);
        system = new SystemCalls(kernel, user);
    }

    void table(Table table) {
        files(table);
        processes(table);
        waiting(table);
        system(table);
        sockets(table);
    }

    private void files(Table table) {
        new ReadWriteCalls(kernel, user).table(table);
        new OpenCalls(kernel, user).table(table);
        new FcntlCalls(kernel, user).table(table);
        new NameCalls(kernel, user, places).table(table);
        new AttributeCalls(kernel, user, places).table(table);
        new SizeCalls(kernel, places).table(table);
        new StatCalls(kernel, user, places).table(table);
        new DirCalls(kernel, user, places).table(table);
        new MountCalls(kernel, user, places).table(table);
        new XattrCalls(kernel, user, places).table(table);
        new TransferCalls(kernel, user).table(table);
        new SpliceCalls(kernel, user).table(table);
        memfds.table(table);
    }

    private void processes(Table table) {
        new ExecCalls(kernel, user, places, exec).table(table);
        new MemoryCalls(kernel, user).table(table);
        new SwapCalls(kernel, user, places).table(table);
        new ProcessVmCalls(kernel, user).table(table);
        new CloneCalls(kernel, user, pidFds, cpuLimit).table(table);
        new NamespaceCalls(pidFds).table(table);
        new ExitCalls(kernel, user).table(table);
        new WaitCalls(kernel, user, usage, pidFds).table(table);
        new GroupCalls(kernel).table(table);
        new IdCalls(kernel, user).table(table);
        new LimitCalls(kernel, user, usage, cpuLimit).table(table);
        new SchedCalls(kernel, user).table(table);
        new PriorityCalls(kernel).table(table);
        new PrctlCalls(kernel, user).table(table);
        new CapabilityCalls(kernel, user).table(table);
        new KcmpCalls(kernel, user, pidFds, ipc).table(table);
        new HandleCalls(user, places).table(table);
        new PtraceCalls(kernel, user).table(table);
    }

    private void waiting(Table table) {
        new SignalCalls(kernel, user, frame, timers).table(table);
        new SendCalls(kernel, user, pidFds).table(table);
        FutexCalls futexes = new FutexCalls(kernel, user, privateFutexes, sharedFutexes);
        futexes.table(table);
        new Futex2Calls(kernel, user, futexes, privateFutexes, sharedFutexes).table(table);
        new ClockCalls(kernel, user, clocks, new ClockSet(kernel, vdso, timers, timerFds)).table(table);
        new AdjustCalls(kernel, user, clocks).table(table);
        new SleepCalls(kernel, user, clocks).table(table);
        new ItimerCalls(user, timers).table(table);
        timerCalls.table(table);
        new PollCalls(kernel, user).table(table);
        new SelectCalls(kernel, user).table(table);
        new EpollCalls(kernel, user, eventFiles, this::bounds).table(table);
        new EventFds(kernel, eventFiles).table(table);
        inotifies.table(table);
        timerFds.table(table);
        new SignalFds(kernel, user, timers, eventFiles).table(table);
        pidFds.table(table);
    }

    private void system(Table table) {
        system.table(table);
        ipc.table(table);
        new HwprobeCalls(kernel, user).table(table);
        new DmesgCalls(kernel).table(table);
    }

    private void sockets(Table table) {
        new SocketCalls(kernel, user).table(table);
        new MessageCalls(kernel, user).table(table);
        new OptionCalls(kernel, user).table(table);
    }

    /** Gives up all hard state, for a successor: no timer and no file is served here any more. */
    AbiState release() {
        for (Process process : kernel.processes().processes()) {
            Timers.release(process);
            CpuLimit.release(process);
        }
        return own();
    }

    /** What is not of processes. */
    AbiState own() {
        return new AbiState(
                privateFutexes.release(),
                sharedFutexes.release(),
                eventFiles.release(),
                ipc.release(),
                inotifies.release(),
                timerFds.release(),
                vdso.image(),
                vdso.codePages(),
                vdso.dataPages(),
                vdso.sequence(),
                memfds.mounted(),
                system.domain(),
                bounds);
    }

    void adopt(AbiState state) {
        adoptOwn(state);
        for (Process process : kernel.processes().processes()) {
            timers.adopt(process);
            cpuLimit.adopt(process);
        }
    }

    void adoptOwn(AbiState state) {
        privateFutexes.adopt(state.privateFutexes());
        sharedFutexes.adopt(state.sharedFutexes());
        eventFiles.adopt(state.files());
        ipc.adopt(state.ipc());
        inotifies.adopt(state.inotifies());
        timerFds.adopt(state.timers());
        vdso.adopt(state.vdso(), state.vdsoCode(), state.vdsoData(), state.vdsoSequence());
        memfds.adopt(state.memory());
        system.adopt(state.domain());
        bounds = state.bounds();
    }

    Bounds bounds() {
        return bounds;
    }

    Frame frame() {
        return frame;
    }

    Timers timers() {
        return timers;
    }

    Ipc ipc() {
        return ipc;
    }

    ThreadEnd threadEnd() {
        return threadEnd;
    }

    Exec exec() {
        return exec;
    }
}
