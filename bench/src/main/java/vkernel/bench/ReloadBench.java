package vkernel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import vkernel.boot.BootConfig;
import vkernel.boot.VirtualKernel;
import vkernel.host.Channel;
import vkernel.kern.LiveFolders;
import vkernel.kern.Reload;

/**
 * From the save of a Java file to its code running in a kernel whose hart computes: 20 edits of each folder, by the
 * kernel's own clock. The first edit of a folder comes when it has been built for the first time.
 */
public final class ReloadBench {
    private static final int EDITS = Integer.getInteger("edits", 20);
    private static final long PATIENCE = 60;

    private ReloadBench() {}

    /** @param args this project's folder, a folder for what is edited, and the folders to edit: copies of this project's */
    public static void main(String[] args) throws Exception {
        Path project = Path.of(args[0]);
        Path work = Path.of(args[1]);
        System.out.printf(
                "%-16s %6s %9s %9s %11s %10s %8s %10s%n",
                "folder", "files", "p50 ms", "max ms", "compile ms", "bundle ms", "pause us", "first ms");
        try (VirtualKernel kernel = VirtualKernel.boot(BootConfig.standard())) {
            kernel.add("live");
            kernel.start(List.of("/bin/sh", "-c", "while :; do :; done"), new Silence(), new Silence(), new Silence());
            LiveFolders live = kernel.service(LiveFolders.class);
            for (String name : List.of(args).subList(2, args.length)) {
                Path folder = copy(project, work, name);
                measure(live, name, folder);
            }
        }
    }

    private static void measure(LiveFolders live, String name, Path folder) throws Exception {
        BlockingQueue<Reload> news = new LinkedBlockingQueue<>();
        live.watch(folder, news::add);
        Reload first = next(news);
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .filter(file -> !file.toString().contains("/src/test/")) // nobody runs those
                    .sorted()
                    .toList();
        }
        Reload[] edits = new Reload[EDITS];
        for (int i = 0; i < EDITS; i++) {
            Path file = files.get(i % files.size());
            Files.writeString(file, Files.readString(file) + "// edit " + i + "\n");
            edits[i] = next(news);
        }
        live.unwatch(folder);
        System.out.printf(
                Locale.ROOT,
                "%-16s %6d %9.0f %9.0f %11.0f %10.0f %8.0f %10.0f%n",
                name,
                files.size(),
                at(edits, Reload::total, 0.5) / 1e6,
                at(edits, Reload::total, 1) / 1e6,
                at(edits, Reload::compile, 0.5) / 1e6,
                at(edits, Reload::bundling, 0.5) / 1e6,
                at(edits, Reload::pause, 0.5) / 1e3,
                first.total() / 1e6);
    }

    private static Reload next(BlockingQueue<Reload> news) throws InterruptedException, IOException {
        Reload reload = news.poll(PATIENCE, TimeUnit.SECONDS);
        if (reload == null || reload.state() != Reload.State.RUNNING) {
            throw new IOException(reload == null ? "no reload came" : reload.text());
        }
        return reload;
    }

    private static double at(Reload[] edits, ToLongFunction<Reload> what, double share) {
        List<Reload> sorted = Stream.of(edits).sorted(Comparator.comparingLong(what)).toList();
        return what.applyAsLong(sorted.get((int) Math.min(EDITS - 1, share * EDITS)));
    }

    /** At its place in the project, below the same settings; a folder without a place there stays where it is. */
    private static Path copy(Path project, Path work, String name) throws IOException {
        if (!Files.isDirectory(project.resolve(name))) {
            return work.resolve(name);
        }
        copyTree(project, work, project.resolve("bnd.bnd"));
        for (Path above = project.resolve(name).getParent(); above.startsWith(project); above = above.getParent()) {
            copyTree(project, work, above.resolve("pom.xml"));
        }
        copyTree(project, work, project.resolve(name));
        return work.resolve(name);
    }

    private static void copyTree(Path project, Path work, Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = work.resolve(project.relativize(file));
                if (!file.toString().contains("/target/") && !Files.exists(to)) {
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                }
            }
        }
    }

    /** No input, and nobody who listens. */
    private static final class Silence implements Channel {
        @Override
        public boolean terminal() {
            return false;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            return -1;
        }

        @Override
        public int write(byte[] from, int offset, int length) {
            return length;
        }

        @Override
        public void listener(Runnable changed) {
            // nothing ever changes
        }
    }
}
