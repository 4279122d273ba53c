package vkernel.kern;

import java.util.List;
import java.util.Map;

/**
 * How a kernel is to come up. The launcher registers one as an OSGi service.
 *
 * @param roots names of the host ROMs that hold the root file system, a later one over an earlier one: cpio (newc) or
 *     tar archives, plain or gzip; none for an empty root
 * @param init the first process and its arguments; empty for none: process 1 is then the kernel itself, which only
 *     adopts and reaps, and programs are started by {@link Kernel#spawn}
 * @param env environment of the first process, {@code NAME=VALUE}
 * @param cwd its working directory
 * @param console name of the host channel that is the system console
 * @param sched policy to start with, a value of the service property {@code policy}
 * @param hostname what uname(2) calls this system
 * @param traceSyscalls writes every system call to the host channel {@code trace}
 * @param options further settings, by name, for providers to look up
 */
public record KernelConfig(
        List<String> roots,
        List<String> init,
        List<String> env,
        String cwd,
        String console,
        String sched,
        String hostname,
        boolean traceSyscalls,
        Map<String, String> options) {
    public KernelConfig {
        roots = List.copyOf(roots);
        init = List.copyOf(init);
        env = List.copyOf(env);
        options = Map.copyOf(options);
    }
}
