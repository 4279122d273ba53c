package vkernel.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import vkernel.boot.image.GuestRoot;
import vkernel.host.FileRom;
import vkernel.host.StreamChannel;

/**
 * What Debian does with packages once they are unpacked: their own scripts make users, alternatives, certificates,
 * databases. They run in a guest, whose root file system is then the image. No services are started: there is no init.
 */
final class DebianSetup {
    private static final long MEMORY = 2L << 30;
    private static final List<String> ENV = List.of(
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME=/root",
            "LC_ALL=C.UTF-8",
            "DEBIAN_FRONTEND=noninteractive",
            "DEBCONF_NONINTERACTIVE_SEEN=true");

    private static final String STEP = "Setting up ";

    /**
     * Sets the packages of an archive up.
     *
     * @param archive of unpacked packages; replaced
     * @param progress told what is being done
     * @return what dpkg said of packages that could not be, which stay unpacked; none if all could
     */
    static List<String> run(Path archive, Consumer<String> progress) throws IOException {
        BootConfig config = BootConfig.standard().withMemory(MEMORY).withRoots(List.of(new FileRom(archive)));
        Path configured = Files.createTempFile(archive.getParent(), "configured", ".unfinished");
        try (Lines said = new Lines(progress);
                StreamChannel streams = new StreamChannel("dpkg", InputStream.nullInputStream(), said);
                VirtualKernel kernel = VirtualKernel.boot(config)) {
            int status = kernel.start(
                            List.of("/usr/bin/dpkg", "--configure", "-a"), ENV, "/", streams, streams, streams)
                    .join();
            kernel.awaitOutput();
            progress.accept("writing the image");
            try (var guest = kernel.client()) {
                GuestRoot.write(guest, configured);
            }
            Files.move(configured, archive, StandardCopyOption.REPLACE_EXISTING);
            return status == 0 ? List.of() : said.errors(status);
        } finally {
            Files.deleteIfExists(configured);
        }
    }

    /** What dpkg prints, line by line. */
    private static final class Lines extends OutputStream {
        private final StringBuilder line = new StringBuilder();
        private final List<String> lines = new ArrayList<>();
        private final Consumer<String> progress;

        Lines(Consumer<String> progress) {
            this.progress = progress;
        }

        @Override
        public synchronized void write(int character) {
            if (character != '\n') {
                line.append((char) (character & 0xff));
                return;
            }
            lines.add(line.toString());
            if (line.indexOf(STEP) == 0) {
                progress.accept("setting up " + line.substring(STEP.length()).replace(" ...", ""));
            }
            line.setLength(0);
        }

        /** Those of dpkg itself, and what a script said last before it failed. */
        synchronized List<String> errors(int status) {
            List<String> errors = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("dpkg: error processing")) {
                    if (i > 0) {
                        errors.add(lines.get(i - 1));
                    }
                    errors.addAll(lines.subList(i, Math.min(i + 2, lines.size())));
                }
            }
            return errors.isEmpty() ? List.of("dpkg ended with " + status) : errors;
        }
    }

    private DebianSetup() {}
}
