package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import vkernel.boot.VirtualKernel;

/** Commands by the guest's shell and by the kernel's own, and what they print, complaints too. */
public final class Shells {
    public static String sh(VirtualKernel kernel, String commands) {
        var output = kernel.run("/bin/sh", "-c", commands);
        return output.out() + output.err();
    }

    public static String gogo(VirtualKernel kernel, String commands) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        execute(kernel, commands, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The same of commands that must not fail. */
    public static String gogoDone(VirtualKernel kernel, String commands) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean done = execute(kernel, commands, out);
        assertThat(done).as("%s: %s", commands, out).isTrue();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static boolean execute(VirtualKernel kernel, String commands, ByteArrayOutputStream out) {
        try (var session = kernel.monitor().open(InputStream.nullInputStream(), out, out)) {
            return session.execute(commands);
        }
    }

    private Shells() {}
}
