package vkernel.guest.fs.procfs;

import static vkernel.guest.fs.procfs.Entry.constant;
import static vkernel.guest.fs.procfs.Entry.file;
import static vkernel.guest.fs.procfs.Entry.folder;
import static vkernel.guest.fs.procfs.Entry.magic;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import vkernel.fs.OpenFile;
import vkernel.fs.Path;
import vkernel.kern.Errno;
import vkernel.task.Credentials;
import vkernel.task.Process;
import vkernel.vm.AddressSpace;
import vkernel.vm.Vma;

/** The files of /proc/PID and /proc/PID/task/TID, by name. */
final class ProcessFiles {
    private static final long NOBODY = 0xffff_ffffL;

    static final String MEM = "mem";
    static final String ENVIRON = "environ";

    private static final int COMM_MAX = 15;
    /** Neither a login user nor a login session was ever set (-1). */
    private static final String ALL_IDS = "         0          0 4294967295\n";

    static final Map<String, Entry> OF_THREAD = table(true);
    static final Map<String, Entry> OF_PROCESS = table(false);

    private ProcessFiles() {}

    private static Map<String, Entry> table(boolean thread) {
        Map<String, Entry> t = new LinkedHashMap<>();
        t.put("auxv", file(0400, ProcessText::auxv).guarded());
        t.put("cgroup", constant(""));
        if (thread) {
            t.put("children", file(ProcessText::children));
        }
        t.put("cmdline", file(ProcessText::commandLine));
        t.put("comm", file(view -> view.task().comm + "\n").writable(ProcessFiles::setComm));
        t.put("cwd", magic(view -> view.task().fs.cwd));
        t.put(ENVIRON, file(0400, view -> "").guarded());
        t.put("exe", magic(ProcessFiles::executable));
        t.put("fd", folder(0500));
        t.put("fd/N", magic(ProcessFiles::descriptor));
        t.put("fdinfo", folder(0555));
        t.put("fdinfo/N", file(ProcessText::descriptor).guarded());
        t.put("gid_map", constant(ALL_IDS));
        t.put("limits", file(LimitsText::of));
        t.put(
                "loginuid",
                file(view -> Integer.toUnsignedString(view.process().loginUid)).writable(ProcessFiles::setLoginUid));
        t.put("maps", file(MapsText::maps).guarded());
        t.put(MEM, file(0600, view -> "").guarded());
        t.put("mountinfo", file(MountText::mountinfo));
        t.put("mounts", file(MountText::mounts));
        NetFiles.table(t);
        t.put("oom_score", file(ProcessText::oomScore));
        t.put("oom_score_adj", file(view -> view.process().oomScoreAdj + "\n").writable(ProcessFiles::setOomScoreAdj));
        t.put("personality", constant("00000000\n").guarded());
        t.put("root", magic(view -> view.task().fs.root));
        t.put("schedstat", file(ProcessText::schedstat));
        t.put("sessionid", file(view -> Integer.toUnsignedString(view.process().login)));
        t.put("setgroups", constant("allow\n"));
        t.put("smaps", file(MapsText::smaps).guarded());
        t.put("stat", file(StatText::of));
        t.put("statm", file(ProcessText::statm));
        t.put("status", file(StatusText::of));
        if (!thread) {
            t.put("task", folder(0555));
        }
        t.put("uid_map", constant(ALL_IDS));
        // where in the kernel a task waits has no name here
        t.put("wchan", constant("0"));
        return Collections.unmodifiableMap(t);
    }

    /** The file whose code the process runs, also when it has lost its name; null for none. */
    private static @Nullable Path executable(View view) {
        AddressSpace memory = view.task().memory;
        Vma code = memory == null ? null : memory.find(memory.startCode);
        OpenFile file = code == null ? null : code.file;
        return file == null ? null : file.path;
    }

    private static @Nullable Path descriptor(View view) {
        OpenFile file = view.file();
        return file == null ? null : file.path;
    }

    /** A thread's name may be set by the threads of its process only. */
    private static long setComm(View view, String text) {
        if (view.reader().process != view.process()) {
            return -Errno.EINVAL;
        }
        String name = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        view.task().comm = name.length() > COMM_MAX ? name.substring(0, COMM_MAX) : name;
        return 0;
    }

    /** Making one's end less likely takes CAP_SYS_RESOURCE. */
    private static long setOomScoreAdj(View view, String text) {
        int score;
        try {
            score = Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return -Errno.EINVAL;
        }
        if (score < -1000 || score > 1000) {
            return -Errno.EINVAL;
        }
        if (score < view.process().oomScoreAdj && !view.reader().credentials.can(Credentials.CAP_SYS_RESOURCE)) {
            return -Errno.EACCES;
        }
        view.process().oomScoreAdj = score;
        return 0;
    }

    /** Whoever has not logged in may say for whom it does, once (Linux: audit_set_loginuid). */
    private static long setLoginUid(View view, String text) {
        Process process = view.process();
        if (view.reader().process != process) {
            return -Errno.EPERM;
        }
        long uid;
        try {
            uid = Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return -Errno.EINVAL;
        }
        if (uid < 0 || uid > NOBODY) {
            return uid < 0 ? -Errno.EINVAL : -Errno.ERANGE;
        }
        if (process.loginUid != -1 && !view.reader().credentials.can(Credentials.CAP_AUDIT_CONTROL)) {
            return -Errno.EPERM;
        }
        process.loginUid = (int) uid;
        process.login = uid == NOBODY ? -1 : view.kernel().processes().nextLogin();
        return 0;
    }
}
