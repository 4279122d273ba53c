package vkernel.guest.kern;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.abi.Abi;
import vkernel.dev.CharDevice;
import vkernel.dev.DeviceNode;
import vkernel.dev.Streams;
import vkernel.fs.FileSystemType;
import vkernel.fs.Vfs;
import vkernel.kern.Slot;
import vkernel.net.NetStack;
import vkernel.vm.Vm;

/**
 * Where every replaceable subsystem is found. Slots are made once and stay; providers come and go. The scheduler has
 * its own place, {@link Dispatcher}, because its tasks must move with it.
 */
final class Slots {
    final Slot<Vm> vm = new Slot<>("vm");
    final Slot<Vfs> vfs = new Slot<>("vfs");
    final Slot<Abi> abi = new Slot<>("abi");
    final Slot<Streams> streams = new Slot<>("streams");
    final Slot<NetStack> net = new Slot<>("net");

    /** A kernel may be without sockets, but what had them cannot do without. */
    private boolean hadNet;

    private final Map<String, Slot<FileSystemType>> fileSystems = new TreeMap<>();
    private final Map<String, Slot<CharDevice>> devices = new TreeMap<>();
    private final Map<Long, Slot<CharDevice>> byNumber = new LinkedHashMap<>();

    @Nullable
    Slot<FileSystemType> fileSystem(String name) {
        return fileSystems.get(name);
    }

    List<String> fileSystems() {
        return fileSystems.values().stream()
                .filter(slot -> slot.orNull() != null)
                .map(slot -> slot.get().name())
                .toList();
    }

    void add(FileSystemType type) {
        fileSystems
                .computeIfAbsent(type.name(), name -> new Slot<>("fs." + name))
                .fill(type);
    }

    void remove(FileSystemType type) {
        empty(fileSystems.get(type.name()), type);
    }

    /** A provider's numbers may change while it is here, so a number not yet known is looked for again. */
    @Nullable
    Slot<CharDevice> device(long rdev) {
        Slot<CharDevice> known = byNumber.get(rdev);
        if (known != null) {
            return known;
        }
        for (Slot<CharDevice> slot : devices.values()) {
            CharDevice driver = slot.orNull();
            if (driver != null && driver.serves(rdev)) {
                byNumber.put(rdev, slot);
                return slot;
            }
        }
        return null;
    }

    List<CharDevice> devices() {
        List<CharDevice> drivers = new ArrayList<>();
        for (Slot<CharDevice> slot : devices.values()) {
            CharDevice driver = slot.orNull();
            if (driver != null) {
                drivers.add(driver);
            }
        }
        return drivers;
    }

    void add(CharDevice driver) {
        Slot<CharDevice> slot = devices.computeIfAbsent(driver.name(), name -> new Slot<>("dev." + name));
        slot.fill(driver);
        for (DeviceNode node : driver.nodes()) {
            byNumber.put(node.rdev(), slot);
        }
    }

    void remove(CharDevice driver) {
        empty(devices.get(driver.name()), driver);
    }

    /** Empties a slot, unless a successor is in it already. */
    static <T> void empty(@Nullable Slot<T> slot, T provider) {
        if (slot != null && slot.orNull() == provider) {
            slot.fill(null);
        }
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
        if (!devices.containsKey("console")) {
            missing.add("dev.console");
        }
        for (String name : neededFileSystems) {
            Slot<FileSystemType> slot = fileSystems.get(name);
            if (slot == null || slot.orNull() == null) {
                missing.add("fs." + name);
            }
        }
        // a slot that was filled once may be referred to by an open file
        for (Slot<?> slot : devices.values()) {
            if (slot.orNull() == null) {
                missing.add(slot.name());
            }
        }
        for (Slot<?> slot : fileSystems.values()) {
            if (slot.orNull() == null && !missing.contains(slot.name())) {
                missing.add(slot.name());
            }
        }
        return missing;
    }
}
