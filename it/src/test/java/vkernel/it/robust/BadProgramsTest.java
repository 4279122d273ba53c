package vkernel.it.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import vkernel.boot.BootConfig;
import vkernel.boot.StartException;
import vkernel.kern.Errno;
import vkernel.vm.AddressSpace;

/** Files that cannot be run are refused with a reason in one line, from outside and from a shell, and nothing is left. */
class BadProgramsTest {
    /**
     * @param errno of execve(2)
     * @param why part of what a person is told
     */
    private record Bad(String name, byte[] content, int errno, String why) {}

    private static final long BASE = ElfFile.BASE;
    private static final int SIZE = ElfFile.SIZE;
    private static final int FIRST = ElfFile.HEADER;
    private static final String MISSING = "/lib/ld-linux-missing.so.1";

    private static Machine machine;

    @BeforeAll
    static void boot(@TempDir Path folder) throws IOException {
        for (Bad bad : all()) {
            program(folder, bad.name, bad.content);
        }
        program(folder, "good", ElfFile.good().bytes());
        program(folder, "plain", ElfFile.good().bytes());
        Files.setPosixFilePermissions(folder.resolve("bad/plain"), PosixFilePermissions.fromString("rw-r--r--"));
        program(
                folder,
                "cut",
                load(0, BASE, 0x3000, 0x3000, 4096).put64(24, BASE + 0x2000).bytes());
        program(folder, "wild", ElfFile.good().put64(24, 0x7000_0000L).bytes());
        program(folder, "zeros-after", load(0, BASE, SIZE, 32 << 20, 4096).bytes());
        machine = new Machine(Machine.with(BootConfig.standard().withMemory(64 << 20), folder));
    }

    @AfterAll
    static void nothingIsLeft() {
        try (Machine used = machine) {
            used.atRest();
        }
    }

    private static void program(Path folder, String name, byte[] content) throws IOException {
        Path file = Files.createDirectories(folder.resolve("bad")).resolve(name);
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @TestFactory
    Stream<DynamicTest> isRefusedWithAReason() {
        return all().stream()
                .map(bad -> DynamicTest.dynamicTest(bad.name, () -> {
                    StartException refused =
                            catchThrowableOfType(StartException.class, () -> machine.start("/bad/" + bad.name));
                    assertThat(refused).hasMessageContaining(bad.why).hasMessageStartingWith("/bad/" + bad.name + ": ");
                    assertThat(refused.getMessage()).doesNotContain("\n");
                    assertThat(Errno.name(refused.errno())).isEqualTo(Errno.name(bad.errno));
                    assertThat(refused.status()).isEqualTo(bad.errno == Errno.ENOENT ? 127 : 126);
                }));
    }

    @TestFactory
    Stream<DynamicTest> isRefusedInAShell() {
        return all().stream()
                .filter(bad -> bad.errno != Errno.ENOEXEC)
                .map(bad -> DynamicTest.dynamicTest(bad.name, () -> {
                    Machine.Run run = machine.sh("/bad/" + bad.name + "; echo $?");
                    assertThat(machine.status(run)).isZero();
                    assertThat(run.text()).endsWith(bad.errno == Errno.ENOENT ? "127\n" : "126\n");
                    assertThat(run.text().lines()).as(run.text()).hasSize(2);
                }));
    }

    @Test
    void whatIsNoProgramIsNeverRunAsAScript() {
        for (String name : List.of("x86-64", "truncated-header", "zeros")) {
            Machine.Run run = machine.sh("/bad/" + name + "; echo $?");
            machine.status(run);
            assertThat(run.text()).endsWith("126\n").hasLineCount(2).contains("Exec format error");
        }
    }

    @Test
    void theProgramThatIsNotSpoiltRuns() {
        assertThat(machine.status(machine.start("/bad/good"))).isEqualTo(42);
    }

    @Test
    void anEntryThatIsNotMappedIsASegmentationFault() {
        assertThat(machine.status(machine.start("/bad/wild"))).isEqualTo(128 + 11);
    }

    @Test
    void whatIsCutOffBehindItsHeadersIsRefusedFromOutsideAndABusErrorInside() {
        StartException refused = catchThrowableOfType(StartException.class, () -> machine.start("/bad/cut"));
        assertThat(refused).hasMessage("/bad/cut: a truncated ELF file: a segment is cut off");
        Machine.Run run = machine.sh("/bad/cut; echo $?");
        machine.status(run);
        assertThat(run.text()).endsWith(128 + 7 + "\n");
    }

    @Test
    void zerosCostNothingUntilTheyAreTouched() {
        assertThat(machine.status(machine.start("/bad/zeros-after"))).isEqualTo(42);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        StartException refused = catchThrowableOfType(StartException.class, () -> machine.start("/bad/nothing"));
        assertThat(refused).hasMessage("/bad/nothing: not found in the root file system");
        assertThat(refused.status()).isEqualTo(127);
    }

    @Test
    void whatIsNotExecutableOrAFolderIsNotRun() {
        for (String name : List.of("/bad/plain", "/bad")) {
            StartException refused = catchThrowableOfType(StartException.class, () -> machine.start(name));
            assertThat(refused).hasMessage(name + ": not executable");
            assertThat(refused.status()).isEqualTo(126);
        }
    }

    private static ElfFile load(long offset, long address, long file, long memory, long align) {
        return ElfFile.of(243).segment(ElfFile.PT_LOAD, offset, address, file, memory, align);
    }

    private static ElfFile interpreter(String path) {
        return ElfFile.good()
                .segment(ElfFile.PT_INTERP, 0x180, BASE, path.length() + 1, path.length() + 1, 1)
                .text(0x180, path);
    }

    private static Bad bad(String name, byte[] content, int errno, String why) {
        return new Bad(name, content, errno, why);
    }

    private static Bad bad(String name, ElfFile file, int errno, String why) {
        return new Bad(name, file.bytes(), errno, why);
    }

    private static Bad script(String name, String text, int errno, String why) {
        return new Bad(name, text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), errno, why);
    }

    private static List<Bad> all() {
        int no = Errno.ENOEXEC;
        return List.of(
                bad("empty", new byte[0], no, "not an ELF file"),
                bad("zeros", new byte[5000], no, "not an ELF file"),
                script("text", "hello\n", no, "not an ELF file"),
                bad("x86-64", ElfFile.of(62), no, "for x86-64, not for riscv64"),
                bad("riscv32", new ElfFile[] {ElfFile.good().put16(4, 0x0101)}[0], no, "32 bit"),
                bad("object", ElfFile.good().put16(16, 1), no, "no program (e_type 1)"),
                bad("truncated-header", ElfFile.good().cut(40), no, "its header is cut off"),
                bad("truncated-headers", ElfFile.good().cut(100), no, "program headers are cut off"),
                bad("headers-beyond", ElfFile.good().put64(32, Long.MAX_VALUE), no, "program headers are cut off"),
                bad("headers-negative", ElfFile.good().put64(32, -8), no, "program headers are cut off"),
                bad("headers-none", ElfFile.of(243), no, "without usable program headers"),
                bad("headers-many", ElfFile.good().put16(56, 0xffff), no, "without usable program headers"),
                bad("headers-odd", ElfFile.good().put16(54, 55), no, "without usable program headers"),
                bad("nothing-to-load", ElfFile.of(243).segment(4, 0, 0, 0, 0, 1), no, "nothing to load"),
                bad("file-beyond-memory", load(0, BASE, SIZE, 16, 4096), Errno.EINVAL, "absurd segment"),
                bad("size-negative", load(0, BASE, -1, -1, 4096), Errno.EINVAL, "absurd segment"),
                bad("size-absurd", load(0, BASE, SIZE, Long.MAX_VALUE, 4096), Errno.EINVAL, "absurd segment"),
                bad("offset-negative", load(-4096, BASE, SIZE, SIZE, 4096), Errno.EINVAL, "absurd segment"),
                bad(
                        "in-the-kernel",
                        load(0, 0xffff_ffff_8000_0000L, SIZE, SIZE, 4096),
                        Errno.EINVAL,
                        "not fit into memory"),
                bad(
                        "larger-than-memory",
                        load(0, BASE, SIZE, 1L << 37, 4096),
                        Errno.ENOMEM,
                        "needs more memory than there is"),
                bad(
                        "wraps-around",
                        load(0, AddressSpace.END - 4096, SIZE, 8192, 4096),
                        Errno.EINVAL,
                        "not fit into memory"),
                bad("page-zero", load(0, 0, SIZE, SIZE, 4096), Errno.ENOMEM, "address that cannot be used"),
                bad("misaligned", load(0, BASE + 8, SIZE, SIZE, 4096), Errno.EINVAL, "does not fit to pages"),
                bad(
                        "overlap",
                        load(0, BASE, SIZE, 0x2000, 4096).segment(1, 0, BASE + 0x1000, SIZE, SIZE, 4096),
                        Errno.EINVAL,
                        "overlapping"),
                bad(
                        "over-the-stack",
                        load(0, AddressSpace.END - 8192, SIZE, SIZE, 4096),
                        Errno.ENOMEM,
                        "where its stack belongs"),
                bad(
                        "interpreter-missing",
                        interpreter(MISSING),
                        Errno.ENOENT,
                        "its interpreter " + MISSING + " is missing"),
                bad("interpreter-folder", interpreter("/bin"), Errno.EACCES, "its interpreter /bin: not executable"),
                bad(
                        "interpreter-bad",
                        interpreter("/bad/text"),
                        Errno.EIO, // shorter than a header
                        "its interpreter /bad/text: not an ELF"),
                bad(
                        "interpreter-x86-64",
                        interpreter("/bad/x86-64"),
                        Errno.ELIBBAD,
                        "/bad/x86-64: an ELF file for x86-64"),
                bad(
                        "interpreter-empty",
                        interpreter("").put64(FIRST + 56 + 32, 2),
                        Errno.ENOENT,
                        "empty interpreter name"),
                bad("interpreter-huge", interpreter("/x").put64(FIRST + 56 + 32, 1L << 40), no, "bad interpreter name"),
                bad("interpreter-endless", interpreter("/x").put64(FIRST + 56 + 32, 2), no, "bad interpreter name"),
                script("script-nothing", "#!\necho x\n", no, "names no interpreter"),
                script("script-blank", "#!  \t \n", no, "names no interpreter"),
                script("script-long", "#!/" + "x".repeat(5000) + "\n", no, "names no interpreter"),
                script("script-missing", "#!/bin/nosuch -x\n", Errno.ENOENT, "its interpreter /bin/nosuch is missing"),
                script("script-self", "#!/bad/script-self\n", Errno.ELOOP, "too deep"),
                script("script-folder", "#!/bin\n", Errno.EACCES, "its interpreter /bin: not executable"));
    }
}
