package vkernel.net;

import vkernel.task.Credentials;
import vkernel.task.Task;

/** Who is at the other end (struct ucred). */
public record Ucred(int pid, int uid, int gid) {
    /** Nobody is known to be. */
    public static final Ucred NOBODY = new Ucred(0, -1, -1);

    /** A task as it is seen from now on. */
    public static Ucred of(Task task) {
        Credentials who = task.credentials;
        return new Ucred(task.process.pid, who.euid(), who.egid());
    }

    /** A task as the sender of a message: by its real ids. */
    public static Ucred ofSender(Task task) {
        Credentials who = task.credentials;
        return new Ucred(task.process.pid, who.uid(), who.gid());
    }
}
