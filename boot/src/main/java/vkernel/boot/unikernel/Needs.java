package vkernel.boot.unikernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a run needed of its kernel and of its root, from the trace of its system calls as the kernel prints them. */
public final class Needs {
    private static final Pattern CALL = Pattern.compile("^[0-9]+ ([a-z0-9_]+)\\((.*)$");
    private static final Pattern PATH = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    /** Calls whose texts are names of files. */
    private static final Pattern NAMES_FILES = Pattern.compile(
            "open|openat|openat2|execve|execveat|newfstatat|statx|faccessat|faccessat2|readlinkat|chdir|statfs|"
                    + "mkdirat|unlinkat|renameat|renameat2|linkat|symlinkat|fchmodat|fchownat|utimensat|truncate|"
                    + "inotify_add_watch|mknodat|getxattr|lgetxattr|listxattr|bind|connect");

    /** AF_INET and AF_INET6. */
    private static final Pattern INTERNET = Pattern.compile("^(AF_INET6?|2|10),");

    private final Map<String, String> subsystems = new LinkedHashMap<>();
    private final Set<String> names = new TreeSet<>();
    private final Set<String> folders = new LinkedHashSet<>(List.of("/"));
    private long calls;

    /** @param cwd of the program */
    public Needs(String cwd) {
        folders.add(cwd);
    }

    /** One line of the trace. */
    public void line(String line) {
        Matcher call = CALL.matcher(line);
        if (!call.find()) {
            return;
        }
        calls++;
        String name = call.group(1);
        if (name.equals("socket") || name.equals("socketpair")) {
            subsystems.putIfAbsent("net", shortened(line));
            if (INTERNET.matcher(call.group(2)).find()) {
                subsystems.putIfAbsent("device:net", shortened(line));
                subsystems.putIfAbsent("host.net", shortened(line));
            }
        }
        if (!NAMES_FILES.matcher(name).matches()) {
            return;
        }
        Matcher path = PATH.matcher(name.startsWith("execve") ? call.group(2).split(", \\[")[0] : call.group(2));
        while (path.find()) {
            file(name, path.group(1), line);
        }
    }

    private void file(String call, String name, String line) {
        if (name.isEmpty() || name.equals("/proc/self/exe")) { // which each C library asks for and does without
            return;
        }
        boolean there = !line.contains(" = -1 ENOENT");
        if (name.startsWith("/proc") && there) {
            subsystems.putIfAbsent("fs:proc", shortened(line));
        } else if (name.startsWith("/sys") && there) {
            subsystems.putIfAbsent("fs:sysfs", shortened(line));
        } else if (name.startsWith("/dev") && there) {
            device(name, line);
        }
        if (name.startsWith("/")) {
            names.add(name);
            if (line.contains("O_DIRECTORY") || call.equals("chdir")) {
                folders.add(name);
            }
        } else {
            // whichever folder it is relative to: one too many costs a file, one too few the program
            List.copyOf(folders).forEach(folder -> names.add(folder.equals("/") ? "/" + name : folder + "/" + name));
        }
    }

    private void device(String name, String line) {
        subsystems.putIfAbsent("fs:devtmpfs", shortened(line));
        if (name.startsWith("/dev/pts") || name.equals("/dev/ptmx")) {
            subsystems.putIfAbsent("fs:devpts", shortened(line));
        } else {
            subsystems.putIfAbsent("device:mem", shortened(line));
        }
    }

    private static String shortened(String line) {
        String call = line.replaceFirst("^[0-9]+ ", "");
        return call.length() > 70 ? call.substring(0, 67) + "..." : call;
    }

    /** Capabilities, each with the first call that asked for it. */
    public Map<String, String> subsystems() {
        return new LinkedHashMap<>(subsystems);
    }

    /** Names of files that were asked for, whether or not they were there. */
    public List<String> names() {
        return new ArrayList<>(names);
    }

    public long calls() {
        return calls;
    }
}
