package vkernel.guest.linux.proc;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import vkernel.guest.linux.user.User;
import vkernel.task.Process;
import vkernel.task.SigInfo;
import vkernel.task.Signal;
import vkernel.task.Task;
import vkernel.task.Tracing;

/** What wait4(2) tells a tracer of the threads that it traces. */
final class Traced {
    private Traced() {}

    /** @param status as wait4 reports it; @param ended whether the thread has ended */
    record News(int tid, int uid, int status, boolean ended) {
        /** As siginfo_t. */
        void info(User user) {
            user.zero(128);
            user.put32(0, Signal.SIGCHLD);
            user.put32(16, tid);
            user.put32(20, uid);
            int signal = status & 0x7f;
            int code = !ended ? SigInfo.CLD_TRAPPED : signal == 0 ? SigInfo.CLD_EXITED : SigInfo.CLD_KILLED;
            user.put32(8, code);
            user.put32(24, !ended || signal == 0 ? status >> 8 : signal);
        }
    }

    /** The first news of a thread that is wanted; null for none. @param ends whether ends are wanted */
    static @Nullable News find(Process tracer, IntPredicate wanted, boolean ends) {
        for (Tracing.End end : tracer.tracedEnds) {
            if (ends && wanted.test(end.tid())) {
                return new News(end.tid(), end.uid(), end.status(), true);
            }
        }
        for (Task task : tracer.tracees) {
            Tracing tracing = task.tracing;
            if (tracing != null && tracing.news && wanted.test(task.tid)) {
                return new News(task.tid, task.credentials.uid(), tracing.stop << 8 | 0x7f, false);
            }
        }
        return null;
    }

    /** Whether there is a thread that may have news one day. */
    static boolean any(Process tracer, IntPredicate wanted) {
        for (Tracing.End end : tracer.tracedEnds) {
            if (wanted.test(end.tid())) return true;
        }
        for (Task task : tracer.tracees) {
            if (wanted.test(task.tid)) return true;
        }
        return false;
    }

    /** The tracer has been told. */
    static void take(Process tracer, News news) {
        if (news.ended()) {
            tracer.tracedEnds.removeIf(end -> end.tid() == news.tid());
        }
        for (Task task : tracer.tracees) {
            if (task.tid == news.tid() && task.tracing != null) {
                task.tracing.news = false;
            }
        }
    }
}
