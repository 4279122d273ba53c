package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import vkernel.abi.Abi;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.dev.Streams;
import vkernel.fs.FileSystemType;
import vkernel.fs.Vfs;
import vkernel.kern.Slot;
import vkernel.net.Gateway;
import vkernel.net.NetStack;
import vkernel.vm.Replacement;
import vkernel.vm.Vm;

/**
 * Where every replaceable subsystem is found. Slots are made once and stay; providers come and go. The scheduler has
 * its own place, {@link Dispatcher}, because its tasks must move with it.
 */
final class Slots {
    private static final String FS = "fs.";
    private static final String DEVICE = "dev.";

    /** All of them; the kernel's state. */
    private final SortedMap<String, Slot<Object>> all;

    final Slot<Vm> vm;
    final Slot<Vfs> vfs;
    final Slot<Abi> abi;
    final Slot<Streams> streams;
    final Slot<NetStack> net;
    /** The way out: what is under way there ends when it goes. */
    final Slot<Gateway> gateway;
    /** Which page goes: guest.vm makes do without. */
    final Slot<Replacement> replacement;

    /** A kernel may be without sockets, but what had them cannot do without. */
    private boolean hadNet;

    /** Soft: whose a device number is. */
    private final Map<Long, Slot<CharDevice>> byNumber = new HashMap<>();

    Slots(SortedMap<String, Slot<Object>> all) {
        this.all = all;
        vm = slot("vm");
        vfs = slot("vfs");
        abi = slot("abi");
        streams = slot("streams");
        net = slot("net");
        gateway = slot("gateway");
        replacement = slot("replacement");
    }

    /** The slot of a name, made when it is new; see {@link Provider#slots}. */
    @SuppressWarnings("unchecked")
    private <T> Slot<T> slot(String name) {
        return (Slot<T>) all.computeIfAbsent(name, Slot::new);
    }

    @SuppressWarnings("unchecked")
    private <T> Collection<Slot<T>> slots(String prefix) {
        return (Collection<Slot<T>>)
                (Collection<?>) all.subMap(prefix, prefix + Character.MAX_VALUE).values();
    }

    @SuppressWarnings("unchecked")
    @Nullable
    Slot<FileSystemType> fileSystem(String name) {
        return (Slot<FileSystemType>) (Slot<?>) all.get(FS + name);
    }

    List<String> fileSystems() {
        Collection<Slot<FileSystemType>> slots = slots(FS);
        return slots.stream()
                .filter(slot -> slot.orNull() != null)
                .map(slot -> slot.name().substring(FS.length()))
                .toList();
    }

    /** Who is in a slot; null for nobody, or when there is no such slot. */
    @Nullable
    Object occupant(String name) {
        Slot<Object> slot = all.get(name);
        return slot == null ? null : slot.orNull();
    }

    /** Puts a provider into its slots, or nobody. */
    void fill(Set<String> names, @Nullable Object provider) {
        for (String name : names) {
            Slot<Object> slot = slot(name);
            slot.fill(provider);
            if (name.startsWith(DEVICE) && provider instanceof CharDevice driver) {
                Slot<CharDevice> own = slot(name);
                for (DeviceNode node : driver.nodes()) {
                    byNumber.put(key(node.rdev(), node.block()), own);
                }
            }
        }
    }

    /** Forgets slots that nothing refers to. */
    void drop(Set<String> names) {
        for (String name : names) {
            if (name.startsWith(FS) || name.startsWith(DEVICE)) {
                Slot<Object> gone = all.remove(name);
                byNumber.values().removeIf(slot -> (Object) slot == gone);
            } else if (name.equals(net.name())) {
                hadNet = false;
            }
        }
    }

    /** Numbers of block devices are a space of their own. */
    private static long key(long rdev, boolean block) {
        return block ? ~rdev : rdev;
    }

    /** A provider's numbers may change while it is here, so a number not yet known is looked for again. */
    @Nullable
    Slot<CharDevice> device(long rdev, boolean block) {
        Slot<CharDevice> known = byNumber.get(key(rdev, block));
        if (known != null) {
            return known;
        }
        Collection<Slot<CharDevice>> slots = slots(DEVICE);
        for (Slot<CharDevice> slot : slots) {
            CharDevice driver = slot.orNull();
            if (driver != null && driver.serves(rdev, block)) {
                byNumber.put(key(rdev, block), slot);
                return slot;
            }
        }
        return null;
    }

    List<CharDevice> devices() {
        List<CharDevice> drivers = new ArrayList<>();
        Collection<Slot<CharDevice>> slots = slots(DEVICE);
        for (Slot<CharDevice> slot : slots) {
            CharDevice driver = slot.orNull();
            if (driver != null) {
                drivers.add(driver);
            }
        }
        return drivers;
    }

    /** Names of what is not there, of the subsystems that user code cannot run without. */
    List<String> missing(List<String> neededFileSystems) {
        List<String> missing = new ArrayList<>();
        for (Slot<?> slot : List.of(vm, vfs, abi, streams)) {
            if (slot.orNull() == null) {
                missing.add(slot.name());
            }
        }
        hadNet |= net.orNull() != null;
        if (hadNet && net.orNull() == null) {
            missing.add(net.name());
        }
        // the streams of the first process are files of this driver
        if (!all.containsKey("dev.console")) {
            missing.add("dev.console");
        }
        for (String name : neededFileSystems) {
            if (!all.containsKey(FS + name)) {
                missing.add(FS + name);
            }
        }
        // a slot that was filled once may be referred to by an open file
        for (Slot<?> slot : all.values()) {
            boolean named = slot.name().startsWith(FS) || slot.name().startsWith(DEVICE);
            if (named && slot.orNull() == null) {
                missing.add(slot.name());
            }
        }
        return missing;
    }
}
