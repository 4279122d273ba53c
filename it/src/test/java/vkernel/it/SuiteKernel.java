package vkernel.it;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.host.MachineConfig;

/** A kernel for all cases of a suite; a new one after a case that did not end. */
final class SuiteKernel {
    private final Suite suite;
    private final FileRom root;
    private final long seconds;
    private @Nullable VirtualKernel kernel;

    /** @param seconds for each case */
    SuiteKernel(Suite suite, FileRom root, long seconds) {
        this.suite = suite;
        this.root = root;
        this.seconds = seconds;
    }

    Guest.Answer answer(String command) {
        try {
            shell(boot(), "/", "mkdir -m 755 /tmp/case");
            return shell(boot(), "/tmp/case", command);
        } catch (AssertionError stuck) {
            close();
            throw stuck;
        } finally {
            if (kernel != null) {
                shell(kernel, "/", "chmod -R u+rwx /tmp/case; rm -rf /tmp/*");
            }
        }
    }

    void close() {
        if (kernel != null) {
            kernel.close();
            kernel = null;
        }
    }

    private VirtualKernel boot() {
        VirtualKernel now = kernel;
        if (now == null) {
            now = kernel = VirtualKernel.boot(
                    BootConfig.standard()
                            .withMemory(512 << 20)
                            // what commands wait for comes when it is due, however busy this machine is
                            .withTime(MachineConfig.Time.VIRTUAL, 1)
                            .withRoots(List.of(root))
                            .withOption(
                                    "mounts",
                                    "devtmpfs:/dev proc:/proc devpts:/dev/pts:gid=5,mode=620,ptmxmode=666 sysfs:/sys tmpfs:/tmp"));
            if (!suite.before().isEmpty()) {
                shell(now, "/", suite.before());
            }
        }
        return now;
    }

    private Guest.Answer shell(VirtualKernel in, String cwd, String command) {
        List<String> argv = new ArrayList<>(suite.argv());
        argv.add(command);
        return Guest.run(in, cwd, argv, seconds);
    }
}
