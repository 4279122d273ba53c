package vkernel.boot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vkernel.host.Channel;
import vkernel.host.Folder;
import vkernel.host.HostException;
import vkernel.host.HostSlot;
import vkernel.host.MachineConfig;
import vkernel.host.Rom;
import vkernel.kern.KernelConfig;

/** What a {@link BootConfig} comes to for each side: the machine, and what the kernel is told. */
final class BootPlan {
    /** The machine, with what is plugged into it. @throws BootException when there is no such machine */
    static HostSlot machine(BootConfig config) {
        try {
            HostSlot host = new HostSlot(checked(config));
            share(host, config.shares());
            StartTrace.done("the machine is there");
            return host;
        } catch (IllegalArgumentException | HostException e) {
            throw new BootException("there is no such machine: " + e.getMessage(), e);
        }
    }

    private static void share(HostSlot host, List<Share> shares) {
        try {
            for (Share share : shares) {
                host.plug(shareName(host.folders().size()), Folder.of(share.folder(), share.readOnly()));
            }
        } catch (HostException e) {
            host.close();
            throw new BootException("cannot share " + e.getMessage(), e);
        }
    }

    private static String shareName(int number) {
        return "share" + number;
    }

    private static MachineConfig checked(BootConfig config) {
        Map<String, Rom> roms = new HashMap<>();
        for (int i = 0; i < config.roots().size(); i++) {
            roms.put(BootConfig.romName(i), config.roots().get(i));
        }
        Map<String, Channel> channels = new HashMap<>(config.channels());
        channels.computeIfAbsent("console", name -> new MemoryChannel(new byte[0]));
        return new MachineConfig(
                config.memory(),
                config.harts(),
                config.time(),
                config.seed(),
                config.checkTranslations(),
                channels,
                roms,
                config.blockFiles());
    }

    /** What the kernel is told. @param options of the composition; the configuration's own come before them */
    static KernelConfig kernel(BootConfig config, Map<String, String> options) {
        Map<String, String> all = new HashMap<>(options);
        all.putAll(config.options());
        List<String> shares = new ArrayList<>();
        for (Share share : config.shares()) {
            shares.add(share.mount(shareName(shares.size())));
        }
        all.put("shares", String.join(" ", shares));
        return new KernelConfig(
                config.rootNames(),
                config.init(),
                config.env(),
                config.cwd(),
                "console",
                config.sched(),
                "vkernel",
                config.traceSyscalls(),
                all);
    }

    private BootPlan() {}
}
