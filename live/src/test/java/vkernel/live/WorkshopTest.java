package vkernel.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** From sources to a bundle. */
class WorkshopTest {
    private static final String POLICY = """
            package lottery;

            import org.osgi.annotation.bundle.Capability;
            import org.osgi.service.component.annotations.Component;

            @Component(property = "policy=lottery")
            @Capability(namespace = "vkernel.subsystem", name = "sched", attribute = "policy=lottery")
            public final class Lottery implements Runnable {
                public void run() {
                    Lots.draw((int) vkernel.task.Signal.bit(9));
                }
            }
            """;
    private static final String LOTS = """
            package lottery;

            final class Lots {
                static int draw(int of) {
                    return of;
                }
            }
            """;

    @TempDir
    private Path storage;

    @TempDir
    private Path home;

    private Frame frame;
    private ClassPath path;

    @BeforeEach
    void start() throws Exception {
        frame = new Frame(storage);
        path = ClassPath.of(frame.context());
    }

    @AfterEach
    void stop() throws Exception {
        frame.close();
    }

    @Test
    void aPlainFolderBecomesABundleNamedLikeIt() throws Exception {
        save("Lottery.java", POLICY);
        save("Lots.java", LOTS);
        Build build = build(home);
        assertThat(build.mistakes()).isEmpty();
        assertThat(build.bundle()).isEqualTo(home.getFileName().toString());
        Attributes manifest = manifest(build);
        assertThat(manifest.getValue("Import-Package")).isEqualTo("vkernel.task;version=\"[1.0,2)\"");
        assertThat(manifest.getValue("Provide-Capability")).contains("vkernel.subsystem=sched", "policy=lottery");
        assertThat(manifest.getValue("Service-Component")).isEqualTo("OSGI-INF/lottery.Lottery.xml");
        assertThat(entries(build)).contains("lottery/Lottery.class", "lottery/Lots.class");
    }

    @Test
    void whatCompilesResolves() throws Exception {
        save("src/main/java/lottery/Lottery.java", POLICY.replace("@Component", "// @Component"));
        save("src/main/java/lottery/Lots.java", LOTS);
        Build build = build(home);
        Bundle bundle = frame.context().installBundle("live:test", new ByteArrayInputStream(build.jar()));
        bundle.start();
        Object made = bundle.loadClass("lottery.Lottery").getConstructor().newInstance();
        ((Runnable) made).run();
    }

    @Test
    void everyBuildHasAVersionOfItsOwn() throws Exception {
        save("Lots.java", LOTS);
        try (Workshop workshop = workshop(home)) {
            Snapshot now = Snapshot.of(new SourceFolder(home));
            assertThat(manifest(workshop.build(now)).getValue("Bundle-Version")).isEqualTo("1.0.0.live-000001");
            assertThat(manifest(workshop.build(now)).getValue("Bundle-Version")).isEqualTo("1.0.0.live-000002");
        }
    }

    @Test
    void theFoldersBndIsFollowed() throws Exception {
        save("Lots.java", LOTS);
        save("bnd.bnd", "Bundle-SymbolicName: my.lots\nBundle-Version: 2.1\nX-Mine: ${bsn}\n");
        save("src/main/resources/winners.txt", "42");
        Build build = build(home);
        assertThat(build.bundle()).isEqualTo("my.lots");
        assertThat(manifest(build).getValue("Bundle-Version")).isEqualTo("2.1.0.live-000001");
        assertThat(manifest(build).getValue("X-Mine")).isEqualTo("my.lots");
        assertThat(entries(build)).contains("winners.txt");
    }

    @Test
    void aCompileErrorIsToldWithItsPlace() throws Exception {
        save("Lots.java", LOTS.replace("return of", "return off"));
        Build build = build(home);
        assertThat(build.good()).isFalse();
        assertThat(build.mistakes()).hasSize(1);
        assertThat(build.mistakes().getFirst().render(home.toRealPath()))
                .startsWith(home.getFileName() + "/Lots.java:5:16: cannot find symbol\n"
                        + "            return off;\n"
                        + "                   ^\n"
                        + "  symbol:   variable off");
    }

    @Test
    void whatTheFrameworkDoesNotExportCannotBeUsed() throws Exception {
        save("Lots.java", LOTS.replace("return of", "return aQute.bnd.osgi.Jar.class.hashCode()"));
        assertThat(build(home).mistakes().getFirst().text()).contains("package aQute.bnd.osgi does not exist");
    }

    @Test
    void onlyWhatChangedIsCompiledAgainUnlessOthersSeeTheChange() throws Exception {
        save("Lottery.java", POLICY);
        save("Lots.java", LOTS);
        try (Workshop workshop = workshop(home)) {
            assertThat(again(workshop).files()).isEqualTo(2);
            save("Lots.java", LOTS.replace("return of", "return of + 1"));
            assertThat(again(workshop).files()).as("its body alone").isEqualTo(1);
            save("Lots.java", LOTS.replace("static int", "private static int helper() { return 1; } static int"));
            assertThat(again(workshop).files()).as("something private").isEqualTo(1);
            save("Lots.java", LOTS.replace("int of", "long of").replace("return of", "return (int) of"));
            Build build = again(workshop);
            assertThat(build.files()).as("a parameter").isEqualTo(2);
            assertThat(build.mistakes()).isEmpty();
            assertThat(entries(build)).contains("lottery/Lottery.class", "lottery/Lots.class");
            assertThat(again(workshop).files()).as("nothing").isZero();
        }
    }

    @Test
    void aChangeThatBreaksAnotherFileIsAMistakeOfThatFile() throws Exception {
        save("Lottery.java", POLICY);
        save("Lots.java", LOTS);
        try (Workshop workshop = workshop(home)) {
            assertThat(again(workshop).good()).isTrue();
            save("Lots.java", LOTS.replace("draw", "pull"));
            assertThat(again(workshop).mistakes().getFirst().file()).isEqualTo(home.resolve("Lottery.java"));
            save("Lots.java", LOTS);
            assertThat(again(workshop).mistakes()).isEmpty();
            Files.delete(home.resolve("Lots.java"));
            assertThat(again(workshop).mistakes().getFirst().file()).isEqualTo(home.resolve("Lottery.java"));
        }
    }

    private Build again(Workshop workshop) throws IOException {
        return workshop.build(Snapshot.of(new SourceFolder(home)));
    }

    @Test
    void aBadSettingIsAMistakeToo() throws Exception {
        save("Lots.java", LOTS);
        save("bnd.bnd", "Bundle-Activator: lottery.Nobody\n");
        Build build = build(home);
        assertThat(build.good()).isFalse();
        assertThat(build.mistakes().getFirst().text()).startsWith("bnd: ");
    }

    @Test
    void thisProjectsOwnSubsystemsAreBuiltAsMavenBuildsThem() throws Exception {
        Path root = Path.of("..").toAbsolutePath().normalize();
        for (String folder : new String[] {"guest.sched/fair", "guest.sched/rr", "guest.fs/tmpfs"}) {
            Build build = build(root.resolve(folder));
            assertThat(build.mistakes()).as(folder).isEmpty();
            assertThat(build.bundle()).isEqualTo(folder.replace('/', '.'));
            assertThat(manifest(build).getValue("Bundle-Vendor")).isEqualTo("vkernel");
            assertThat(manifest(build).getValue("Import-Package")).doesNotContain("jspecify", "java.");
            assertThat(manifest(build).getValue("Provide-Capability")).contains("vkernel.subsystem");
        }
    }

    private void save(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Workshop workshop(Path folder) {
        return new Workshop(new SourceFolder(folder), () -> path);
    }

    private Build build(Path folder) throws IOException {
        try (Workshop workshop = workshop(folder)) {
            return workshop.build(Snapshot.of(new SourceFolder(folder)));
        }
    }

    private static Attributes manifest(Build build) throws IOException {
        assertThat(build.mistakes()).isEmpty();
        try (JarInputStream jar = new JarInputStream(new ByteArrayInputStream(build.jar()))) {
            return jar.getManifest().getMainAttributes();
        }
    }

    private static Set<String> entries(Build build) throws IOException {
        Set<String> names = new TreeSet<>();
        try (JarInputStream jar = new JarInputStream(new ByteArrayInputStream(build.jar()))) {
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }
}
