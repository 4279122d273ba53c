package vkernel.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import vkernel.boot.MemoryChannel;
import vkernel.boot.VirtualKernel;
import vkernel.boot.image.DebianPackages;
import vkernel.boot.image.ImageStore;

/** Runs commands as the recorder of the expectations did; see it/README.md. */
final class Guest {
    private static final List<String> ENV =
            List.of("PATH=/usr/bin:/bin:/usr/sbin:/sbin", "HOME=/root", "LC_ALL=C.UTF-8", "TZ=UTC");
    static final long SECONDS = 60;

    /** @param output standard output and standard error in the order of writing */
    record Answer(int status, String output) {}

    /** Runs a command to its end; one that does not end costs the caller its kernel. */
    static Answer run(VirtualKernel kernel, String cwd, List<String> argv) {
        return run(kernel, cwd, argv, SECONDS);
    }

    static Answer run(VirtualKernel kernel, String cwd, List<String> argv, long seconds) {
        MemoryChannel in = new MemoryChannel(new byte[0]);
        MemoryChannel out = new MemoryChannel(new byte[0]);
        CompletableFuture<Integer> status = kernel.start(argv, ENV, cwd, in, out, out);
        try {
            int result = status.get(seconds, TimeUnit.SECONDS);
            return new Answer(result, new String(out.written(), StandardCharsets.UTF_8));
        } catch (TimeoutException e) {
            throw new AssertionError(
                    argv + " did not end; so far: " + new String(out.written(), StandardCharsets.UTF_8), e);
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** An image of Debian packages, made if this user does not have it yet. */
    static ImageStore.Image debian(List<String> packages) {
        boolean only = packages.equals(List.of("busybox-static"));
        String name = "it-" + String.join("-", packages);
        String short_ = name.length() <= 60 ? name : "it-" + Integer.toHexString(packages.hashCode());
        ImageStore store = ImageStore.ofUser();
        return store.find(short_)
                .orElseGet(() -> store.make(short_, "for tests: " + packages, archive -> {
                    DebianPackages debian = new DebianPackages(workFolder(store), "trixie", System.out::println);
                    debian.write(archive, packages, !only);
                }));
    }

    private static java.nio.file.Path workFolder(ImageStore store) throws IOException {
        return store.workFolder("apt");
    }

    private Guest() {}
}
