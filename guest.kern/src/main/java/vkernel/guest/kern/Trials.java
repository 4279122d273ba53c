package vkernel.guest.kern;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.host.HostSlot;
import vkernel.host.ThreadBody;
import vkernel.kern.KernelSlot;

/**
 * Bugs of the kernel's own code and of the machine beneath it while these are new: who was there before comes back. Harts
 * cannot do that themselves, they only get out of the way. Guarded by the kernel lock.
 */
final class Trials {
    private static final Logger LOG = LoggerFactory.getLogger(Trials.class);
    private static final String OWN = Trials.class.getPackageName() + ".";

    private final EventKernel kernel;
    private final KernelSlot socket;
    private final HostSlot host;
    private volatile boolean goingBack; // written under the lock
    /** How often the machine may have changed. */
    private int changes;

    /** Whose code something was thrown in. */
    private enum Owner {
        KERNEL,
        MACHINE,
        OTHER
    }

    Trials(EventKernel kernel, KernelSlot socket, HostSlot host) {
        this.kernel = kernel;
        this.socket = socket;
        this.host = host;
    }

    /** Whether the machine is being exchanged because of a bug: harts keep off it. Any thread. */
    boolean goingBack() {
        return goingBack;
    }

    /** The machine may have changed. */
    void machineChanged() {
        changes++;
    }

    int changes() {
        return changes;
    }

    /**
     * A hart was thrown out of user code, or of its loop.
     *
     * @param then how often the machine had changed when it went in: that one may have gone meanwhile
     * @return as {@link #blame(Throwable)}
     */
    boolean blame(Throwable bug, int then) {
        return then != changes && owner(bug) == Owner.MACHINE || blame(bug);
    }

    /** Whether somebody new is where a stack is: the kernel's own code, or the machine's in a hart or an exchange. */
    boolean suspects(Thread stuck, Throwable sample) {
        return switch (owner(sample)) {
            case KERNEL -> socket.onProbation(kernel);
            case MACHINE -> host.onProbation() && (kernel.harts.has(stuck) || exchanges(sample));
            case OTHER -> false;
        };
    }

    /** Something was thrown. @return whether who is to blame is new, and on the way out: what was under way is tried again */
    boolean blame(Throwable bug) {
        return switch (owner(bug)) {
            case KERNEL -> kernelFailed(bug);
            case MACHINE -> machineFailed(bug);
            case OTHER -> false;
        };
    }

    private boolean kernelFailed(Throwable bug) {
        if (!socket.onProbation(kernel)) {
            return false;
        }
        LOG.warn("the kernel's new code has a bug", bug);
        kernel.handover.standBack();
        socket.failed(kernel, Flip.words(bug));
        return true;
    }

    private boolean machineFailed(Throwable bug) {
        if (goingBack) {
            return true;
        }
        if (!host.onProbation()) {
            return false;
        }
        LOG.warn("the machine's new code has a bug", bug);
        goingBack = true;
        ThreadBody.daemon("machine probation", () -> takeBack(Flip.words(bug))).start();
        return true;
    }

    private void takeBack(String why) {
        boolean back = false;
        try {
            back = host.failed(why);
        } catch (RuntimeException | Error e) {
            LOG.error("the machine cannot go back", e);
        }
        boolean lost = !back;
        kernel.call(() -> {
            goingBack = false;
            if (lost) {
                kernel.shutdown.panic("the machine has failed, and there is no way back: " + why);
            }
            kernel.lock.news();
            return true;
        });
    }

    private static boolean exchanges(Throwable sample) {
        return Arrays.stream(sample.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(HostSlot.class.getName()));
    }

    /** By the frame that is the nearest to where it was thrown and neither the JDK's nor the two APIs'. */
    private Owner owner(Throwable bug) {
        String api = KernelSlot.class.getClassLoader().getName();
        for (StackTraceElement frame : bug.getStackTrace()) {
            String name = frame.getClassName();
            if (frame.getModuleName() != null || api != null && api.equals(frame.getClassLoaderName())) {
                continue;
            }
            if (name.startsWith(OWN)) {
                return Owner.KERNEL;
            }
            return kernel.places.provides(name) ? Owner.OTHER : Owner.MACHINE;
        }
        return Owner.OTHER;
    }
}
