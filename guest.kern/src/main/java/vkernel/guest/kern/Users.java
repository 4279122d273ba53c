package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockDevices;
import vkernel.dev.Disk;
import vkernel.fs.Mount;
import vkernel.fs.OpenFile;
import vkernel.net.InetSocket;
import vkernel.net.NetStack;
import vkernel.task.Task;
import vkernel.vm.AddressSpace;

/**
 * Who uses what a provider serves, in a person's words: why it cannot go (Linux: the third column of lsmod(8)). Guarded
 * by the kernel lock.
 */
final class Users {
    private static final int MOST = 4;

    private final EventKernel kernel;
    private final Collection<Long> gone;

    /** @param gone bundles that go together: another of them is nobody's successor */
    Users(EventKernel kernel, Collection<Long> gone) {
        this.kernel = kernel;
        this.gone = gone;
    }

    /** One line for each use; empty when it can go, or when another serves already. */
    List<String> of(Provider provider) {
        List<String> users = new ArrayList<>();
        for (Place place : kernel.places.all()) {
            if (!provider.equals(place.now)) {
                continue;
            }
            if (place.sched()) {
                sched(provider.policy(), users); // tasks do not go to another policy unasked
            } else if (place.candidates.stream().allMatch(this::goes)) {
                place.slots.forEach(slot -> of(slot, provider.service(), users));
            }
        }
        return users;
    }

    private boolean goes(Provider other) {
        return other.bundle() != null && gone.contains(other.bundle().getBundleId());
    }

    private void of(String slot, Object service, List<String> users) {
        if (slot.startsWith("fs.")) {
            mounts(slot, users);
        }
        Predicate<OpenFile> uses = switch (slot) {
            case "net" -> file -> NetStack.socket(file).isPresent();
            case "gateway" -> Users::leadsOut;
            default -> file -> file.ops.name().equals(slot);
        };
        files(slot, uses, users);
        if (service instanceof BlockDevices disks) {
            disks(disks, users);
        }
    }

    private static boolean leadsOut(OpenFile file) {
        return NetStack.socket(file).orElse(null) instanceof InetSocket socket
                && socket.peer instanceof InetSocket far
                && far.outside != 0;
    }

    private void mounts(String slot, List<String> users) {
        for (Mount mount : kernel.vfs().mounts()) {
            if (mount.sb.type.name().equals(slot)) {
                users.add(slot.replace('.', ':') + " is mounted on " + place(mount));
            }
        }
    }

    private String place(Mount mount) {
        Task first = kernel.processes.tasks().stream().findFirst().orElse(null);
        return mount.point == null
                ? "/"
                : first == null ? "a folder" : kernel.vfs().name(first, mount.point);
    }

    private void files(String slot, Predicate<OpenFile> uses, List<String> users) {
        Set<String> who = new LinkedHashSet<>();
        for (Task task : kernel.processes.tasks()) {
            if (files(task).stream().anyMatch(uses)) {
                who.add(name(task));
            }
        }
        if (!who.isEmpty()) {
            users.add(what(slot) + " by " + some(who));
        }
    }

    private static String what(String slot) {
        return switch (slot) {
            case "net" -> "sockets are open, held";
            case "gateway" -> "connections to the outside are held";
            default -> slot.replaceFirst("^dev\\.", "device:").replace("fs.", "fs:") + ": files are held open";
        };
    }

    /** Open or mapped. */
    private static List<OpenFile> files(Task task) {
        List<OpenFile> files = new ArrayList<>();
        for (int fd = 0; fd < task.files.size(); fd++) {
            files.add(task.files.get(fd));
        }
        AddressSpace memory = task.memory;
        for (int i = 0; memory != null && i < memory.count(); i++) {
            files.add(memory.vma(i).file);
        }
        files.removeIf(Objects::isNull);
        return files;
    }

    private static void disks(BlockDevices disks, List<String> users) {
        for (Disk disk : disks.disks()) {
            for (Disk.Part part : disk.parts) {
                @Nullable String holder = part.holder;
                if (holder != null) {
                    users.add(part.name + " is used by " + holder);
                }
            }
        }
    }

    private void sched(String policy, List<String> users) {
        Set<String> who = new LinkedHashSet<>();
        kernel.processes.tasks().forEach(task -> who.add(name(task)));
        if (!who.isEmpty()) {
            users.add("sched:" + policy + " schedules " + some(who) + "; sched:switch to another policy first");
        }
    }

    private static String name(Task task) {
        return task.comm + " (" + task.tid + ")";
    }

    private static String some(Set<String> who) {
        List<String> names = List.copyOf(who);
        return names.size() <= MOST
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST)) + " and " + (names.size() - MOST) + " more";
    }
}
