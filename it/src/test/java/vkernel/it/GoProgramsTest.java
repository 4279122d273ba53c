package vkernel.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.HostTar;
import vkernel.boot.VirtualKernel;
import vkernel.host.FileRom;
import vkernel.host.Rom;

/**
 * Static Go programs: one of many goroutines, built here (Debian: golang-go), and esbuild as npm has it. Skipped where
 * these tools are not there.
 */
@EnabledIfSystemProperty(named = "vkernel.debian", matches = "true", disabledReason = "takes minutes: -Pdebian runs it")
class GoProgramsTest {
    private static final long SECONDS = 200;

    @TempDir
    private Path work;

    @Test
    void manyGoroutinesOnSeveralHarts() throws IOException, InterruptedException {
        Path program = work.resolve("many");
        List<String> build = List.of("go", "build", "-o", program.toString(), "guest/go/many.go");
        host(build, Map.of("GOOS", "linux", "GOARCH", "riscv64", "CGO_ENABLED", "0", "GO111MODULE", "off"));
        try (VirtualKernel kernel = boot(program)) {
            assertThat(Guest.run(kernel, "/tmp", List.of("/root/many"), SECONDS))
                    .isEqualTo(new Guest.Answer(0, "sums 1999000 1999000\nbytes 300\npreempted\n"));
            assertThat(kernel.kernel().call(() -> kernel.kernel().vm().check())).isEmpty();
        }
    }

    @Test
    void esbuildBundlesAProject() throws IOException, InterruptedException {
        host(
                List.of("npm", "pack", "--silent", "--pack-destination", work.toString(), "@esbuild/linux-riscv64"),
                Map.of());
        Path archive;
        try (Stream<Path> files = Files.list(work)) {
            archive = files.filter(file -> file.toString().endsWith(".tgz"))
                    .findAny()
                    .orElseThrow();
        }
        host(List.of("tar", "-xf", archive.toString(), "-C", work.toString()), Map.of());
        String project = """
                mkdir p p/lib; cd p
                echo 'import { twice } from "./lib/twice"; import data from "./data.json"; console.log(twice(data.n))' >main.ts
                echo 'export const twice = (n: number): number => n * 2; export const unused = 1' >lib/twice.ts
                echo '{ "n": 21 }' >data.json
                /root/esbuild main.ts --bundle --minify --sourcemap --outfile=out.js --log-level=error && cat out.js && ls
                """;
        try (VirtualKernel kernel = boot(work.resolve("package/bin/esbuild"))) {
            Guest.Answer answer = Guest.run(kernel, "/tmp", List.of("/bin/sh", "-c", project), SECONDS);
            assertThat(answer.output())
                    .contains("console.log(")
                    .doesNotContain("unused")
                    .contains("out.js.map\n");
            assertThat(answer.status()).isZero();
        }
    }

    private static VirtualKernel boot(Path program) throws IOException {
        List<Rom> roots = new ArrayList<>(BootConfig.standard().roots());
        roots.add(HostTar.file("root/" + program.getFileName(), new FileRom(program)));
        return VirtualKernel.boot(
                BootConfig.standard().withRoots(roots).withHarts(2).withMemory(512 << 20));
    }

    /** Runs a tool of the host, which may not be there, or not reach its registry. */
    private void host(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        boolean there = new ProcessBuilder("sh", "-c", "command -v " + command.getFirst() + " >/dev/null")
                        .start()
                        .waitFor()
                == 0;
        assumeTrue(there, () -> "needs " + command.getFirst());
        Path log = work.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(100, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        boolean fetches = command.getFirst().equals("npm");
        assumeTrue(!fetches || ended && process.exitValue() == 0, () -> "npm's registry cannot be reached");
        assertThat(ended && process.exitValue() == 0)
                .as("%s: %s", command, Files.readString(log))
                .isTrue();
    }
}
