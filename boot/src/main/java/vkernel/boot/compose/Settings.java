package vkernel.boot.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A kernel's options, kept so that they ask for nothing that the kernel does not have. */
final class Settings {
    /** Where file systems go unless a kernel says otherwise, in the order in which they are mounted. */
    private static final Map<String, String> PLACES = new LinkedHashMap<>();

    static {
        PLACES.put("devtmpfs", "devtmpfs:/dev");
        PLACES.put("proc", "proc:/proc");
        PLACES.put("devpts", "devpts:/dev/pts:gid=5,mode=620,ptmxmode=666");
        PLACES.put("sysfs", "sysfs:/sys");
    }

    private static final String FAIR = "fair";

    /**
     * The options of a kernel after its parts have changed: what is mounted and who schedules.
     *
     * @param said told of each change
     */
    static Map<String, String> after(Map<String, String> before, Resolution now, List<String> said) {
        Map<String, String> settings = new TreeMap<>(before);
        mounts(settings, now, said);
        List<String> policies = Parts.values(now.parts().stream(), "sched");
        String policy = settings.getOrDefault("sched", FAIR);
        if (!policies.contains(policy) && !policies.isEmpty()) {
            String other = policies.contains(FAIR) ? FAIR : policies.getFirst();
            settings.put("sched", other);
            said.add("it starts with the scheduler policy " + other);
        }
        return settings;
    }

    private static void mounts(Map<String, String> settings, Resolution now, List<String> said) {
        List<String> there = Parts.values(now.parts().stream(), "fs");
        List<String> mounts = new ArrayList<>();
        for (String mount : settings.getOrDefault("mounts", "").trim().split("\\s+")) {
            if (mount.isEmpty()) {
                continue;
            }
            if (there.contains(mount.split(":")[0])) {
                mounts.add(mount);
            } else {
                said.add("it mounts nothing on " + mount.split(":")[1] + " any more");
            }
        }
        PLACES.forEach((type, mount) -> {
            if (there.contains(type) && mounts.stream().noneMatch(each -> each.startsWith(type + ":"))) {
                mounts.add(mount);
                said.add("it mounts " + type + " on " + mount.split(":")[1]);
            }
        });
        settings.put("mounts", String.join(" ", mounts));
    }

    private Settings() {}
}
