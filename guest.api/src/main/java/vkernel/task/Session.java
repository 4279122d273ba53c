package vkernel.task;

import org.jspecify.annotations.Nullable;
import vkernel.dev.Tty;

/** A session: the process groups of one login (setsid(2)), and its controlling terminal. */
public final class Session {
    public final int sid;
    public @Nullable Tty tty;

    public Session(int sid) {
        this.sid = sid;
    }
}
