package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.host.MachineConfig;
import vkernel.host.Rom;

/** C programs that ask the kernel itself get the answers that a real Linux gives. */
class GuestProgramsTest {
    /**
     * What the first two compare is processor time, which is reckoned by the clock while a hart has the task: on a busy
     * machine that is also what others took of the processor. In virtual time it is the program's own. The third waits
     * for seconds, of which nobody has to live through any.
     */
    private static final Set<String> OWN_TIME = Set.of("clocks", "clockdog", "errors-rare");

    @TestFactory
    Stream<DynamicTest> theKernelAnswersAsLinuxDoes() throws IOException, InterruptedException {
        GuestPrograms.build();
        Map<String, String> later = later();
        return names().stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    assumeTrue(!later.containsKey(name), () -> "later: " + later.get(name));
                    answersAsRecorded(name);
                }));
    }

    private static void answersAsRecorded(String name) throws IOException {
        List<Rom> roots = new ArrayList<>(BootConfig.standard().roots());
        roots.add(HostTar.file("root/" + name, new FileRom(GuestPrograms.binary(name))));
        BootConfig config = BootConfig.standard()
                .withRoots(roots)
                .withCheckTranslations(true)
                .withOption(
                        "mounts",
                        "devtmpfs:/dev proc:/proc devpts:/dev/pts:gid=5,mode=620,ptmxmode=666 sysfs:/sys tmpfs:/tmp");
        if (OWN_TIME.contains(name)) {
            config = config.withTime(MachineConfig.Time.VIRTUAL, 1);
        }
        try (VirtualKernel kernel = VirtualKernel.boot(config)) {
            Guest.run(kernel, "/", List.of("/bin/mkdir", "/tmp/case"));
            Guest.run(kernel, "/", List.of("/bin/cp", "/root/" + name, "/tmp/" + name));
            Guest.Answer answer = Guest.run(kernel, "/tmp/case", List.of("/tmp/" + name));
            assertThat(answer.output()).isEqualTo(Files.readString(GuestPrograms.SOURCES.resolve(name + ".expected")));
            assertThat(answer.status()).isZero();
            assertThat(kernel.host().vmspaces().staleTranslations()).isEmpty();
            assertThat(kernel.kernel().call(() -> kernel.kernel().vm().check())).isEmpty();
            assertThat(kernel.kernel().stats().oopses).isZero();
        }
    }

    /** Programs that wait for something that the kernel does not have, and for what: {@code NAME<tab>reason}. */
    private static Map<String, String> later() throws IOException {
        return Files.readAllLines(GuestPrograms.SOURCES.resolve("later.txt")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(GuestPrograms.SOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".expected"))
                    .map(name -> name.substring(0, name.length() - ".expected".length()))
                    .sorted()
                    .toList();
        }
    }
}
