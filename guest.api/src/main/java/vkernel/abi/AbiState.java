package vkernel.abi;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import vkernel.fs.FileOps;
import vkernel.fs.Inotify;
import vkernel.fs.Mount;
import vkernel.fs.TimerFile;
import vkernel.ipc.IpcState;
import vkernel.kern.Faults;
import vkernel.kern.HardState;
import vkernel.kern.Slot;
import vkernel.task.WaitQueue;
import vkernel.vm.FutexKey;
import vkernel.vm.PageCache;

/**
 * What a personality hands over when its provider changes. Timers of processes are theirs; the successor arms them
 * anew. Counters are soft.
 *
 * @param privateFutexes who waits at words with FUTEX_PRIVATE_FLAG
 * @param sharedFutexes who waits at other words
 * @param files what serves files without a name, by kind: {@code eventfd}, …
 * @param ipc what processes share by key or name
 * @param inotifies the inotify instances there are
 * @param timers the timerfds there are
 * @param vdso the vDSO's code as it was made
 * @param vdsoCode its pages; null before the first program
 * @param vdsoData the page that it reads; null before the first program
 * @param vdsoSequence the sequence number in that page
 * @param memory the tmpfs of memfd_create; null before the first
 * @param domain setdomainname(2)
 * @param bounds how many objects there may be
 */
public record AbiState(
        Map<FutexKey, WaitQueue> privateFutexes,
        Map<FutexKey, WaitQueue> sharedFutexes,
        Map<String, Slot<FileOps>> files,
        IpcState ipc,
        Set<Inotify> inotifies,
        Set<TimerFile> timers,
        byte[] vdso,
        @Nullable PageCache vdsoCode,
        @Nullable PageCache vdsoData,
        int vdsoSequence,
        @Nullable Mount memory,
        String domain,
        Bounds bounds)
        implements HardState {
    @Override
    public List<String> faults() {
        Faults faults = new Faults()
                .all("private futexes", privateFutexes)
                .all("shared futexes", sharedFutexes)
                .all("files", files)
                .all("inotify instances", inotifies)
                .all("timers", timers)
                .expect(ipc != null, "no table of what is shared by key")
                .expect(vdso != null && domain != null, "no vDSO, or no domain")
                .expect(bounds != null, "no bounds")
                .expect((vdsoCode == null) == (vdsoData == null), "half a vDSO");
        if (timers != null && faults.none()) {
            for (TimerFile timer : timers) {
                faults.expect(timer.interval >= 0 && timer.expires >= 0, "a timer at %d", timer.expires);
            }
        }
        return faults.list();
    }
}
