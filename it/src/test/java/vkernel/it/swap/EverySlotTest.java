package vkernel.it.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;
import vkernel.boot.BootConfig;
import vkernel.boot.Share;
import vkernel.boot.VirtualKernel;
import vkernel.host.BlockSource;
import vkernel.kern.SwapLocation;
import vkernel.kern.SwapReport;
import vkernel.kern.SwapReport.Outcome;
import vkernel.kern.Swaps;
import vkernel.kern.Swaps.Standing;

/**
 * What every provider of every slot must bear, while programs hold something of each: that its state is handed over,
 * and handed on unchanged; that another takes its place, and another that one's; and the way back.
 */
@Timeout(120)
class EverySlotTest {
    private static final Path MKE2FS = Path.of("/usr/sbin/mke2fs");
    private static final boolean DISKS = Files.isExecutable(MKE2FS);

    /** What a program holds of a subsystem. */
    private record Hold(String before, String go, String after) {}

    private static final Map<String, Hold> HOLDS = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "abi",
                    new Hold(
                            "(sleep 0.2; echo late) > /tmp/abi & trap 'echo usr' USR1",
                            "wait; cat /tmp/abi; kill -USR1 $$",
                            "late\nusr\n")),
            Map.entry(
                    "dev.console+streams",
                    new Hold("exec 3</dev/tty; stty -echo <&3", "stty -a <&3 | grep -c -e -echo", "1\n")),
            Map.entry("dev.disk", onDisk("vda", "ext4", "disk")),
            Map.entry(
                    "dev.mem",
                    new Hold(
                            "exec 3</dev/zero 4>/dev/full",
                            "head -c 2 <&3 | hexdump -C | head -n 1 | cut -c 1-15; (echo x >&4) 2>/dev/null || echo full",
                            "00000000  00 00\nfull\n")),
            Map.entry(
                    "dev.rtc",
                    new Hold(
                            "exec 3</dev/rtc0",
                            "cat /sys/class/rtc/rtc0/name 2>/dev/null; test -c /dev/rtc0 && echo rtc",
                            "rtc\n")),
            Map.entry(
                    "dev.watchdog", new Hold("exec 3>/dev/watchdog", "echo V >&3; exec 3>&-; echo closed", "closed\n")),
            Map.entry(
                    "fs.archive",
                    new Hold(
                            "exec 3</etc/passwd",
                            "head -n 1 <&3 | cut -d : -f 1; /bin/true && echo ran",
                            "root\nran\n")),
            Map.entry("fs.devpts", new Hold("exec 3<>/dev/ptmx", "ls /dev/pts | grep -c 0; exec 3>&-", "1\n")),
            Map.entry(
                    "fs.devtmpfs",
                    new Hold(
                            "echo n > /dev/shm/n; exec 3</dev/shm/n; rm /dev/shm/n; mkdir /dev/d",
                            "cat <&3; rmdir /dev/d && echo d",
                            "n\nd\n")),
            Map.entry("fs.ext2", onDisk("vdb", "ext2", "two")),
            Map.entry("fs.ext3", onDisk("vdc", "ext3", "three")),
            Map.entry("fs.ext4", onDisk("vda", "ext4", "four")),
            Map.entry(
                    "fs.host",
                    new Hold(
                            "cd /share; echo text > f; exec 3<f; read word <&3; exec 4>half; echo -n half >&4",
                            "echo $word; echo ' more' >&4; cat half; ls",
                            "text\nhalf more\nf\nhalf\n")),
            Map.entry(
                    "fs.proc",
                    new Hold(
                            "exec 3</proc/self/status; read name <&3",
                            "cat <&3 | grep -c '^Pid:'; test -d /proc/$$ && echo there",
                            "1\nthere\n")),
            Map.entry(
                    "fs.sysfs",
                    new Hold(
                            "cd /sys/class; exec 3</sys/kernel/uevent_seqnum",
                            "ls -d mem; cat <&3 > /dev/null && echo read",
                            "mem\nread\n")),
            Map.entry(
                    "fs.tmpfs",
                    new Hold(
                            "echo abc > /tmp/t; exec 3</tmp/t; rm /tmp/t; exec 4>/tmp/half; echo -n half >&4",
                            "cat <&3; echo ' more' >&4; cat /tmp/half",
                            "abc\nhalf more\n")),
            Map.entry(
                    "gateway",
                    new Hold(
                            "cat /proc/net/route > /tmp/route",
                            "cmp /proc/net/route /tmp/route && echo same",
                            "same\n")),
            Map.entry(
                    "net",
                    new Hold(
                            "cat /proc/net/dev | wc -l > /tmp/dev",
                            "cat /proc/net/dev | wc -l | cmp - /tmp/dev && echo same",
                            "same\n")),
            Map.entry(
                    "replacement",
                    new Hold("head -c 300000 /dev/zero > /tmp/cached", "wc -c < /tmp/cached", "300000\n")),
            Map.entry(
                    "sched",
                    new Hold(
                            "(while :; do :; done) & busy=$!; renice -n 5 $busy > /dev/null",
                            "kill $busy; wait $busy; echo $?",
                            "143\n")),
            Map.entry(
                    "vfs",
                    new Hold(
                            "mkfifo /tmp/fifo; (cat < /tmp/fifo; echo end) & mkdir /tmp/m; mount -t tmpfs none /tmp/m; cd /tmp/m",
                            "echo through > /tmp/fifo; wait; pwd; cd /; umount /tmp/m && echo gone",
                            "through\nend\n/tmp/m\ngone\n")),
            Map.entry(
                    "vm",
                    new Hold(
                            "a=$(seq -s , 1 5000); (sleep 1000) & child=$!",
                            "echo ${#a}; kill $child; echo \"$a\" | tail -c 5",
                            "23892\n5000\n"))));

    /** Bundles with another provider of a slot. */
    private static final Map<String, String> OTHERS =
            Map.of("sched", "guest.sched.rr", "replacement", "guest.replace.lru");

    /** Subsystems beneath or beside the slots; the first three have tests of their own (it.fixed). */
    private static final Set<String> NOT_IN_A_SLOT =
            Set.of("guest.kern", "host.sim", "host.riscv", "host.net", "guest.log", "shell");

    private static Hold onDisk(String disk, String type, String name) {
        String at = "/tmp/" + name;
        return new Hold(
                "mkdir " + at + "; mount -t " + type + " /dev/" + disk + " " + at + "; cd " + at + "; echo text > "
                        + name + "; exec 3<" + name + "; rm " + name + "; exec 4>half; echo -n half >&4",
                "cat <&3; echo ' more' >&4; sync; cat half; exec 3<&- 4>&-; cd /; umount " + at + " && echo gone",
                "text\nhalf more\ngone\n");
    }

    @TempDir
    private static Path folder;

    private static VirtualKernel kernel;
    private static Swaps swaps;

    @BeforeAll
    static void boot() throws Exception {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        BootConfig config = BootConfig.standard().withHarts(2).withShare(new Share(shared, "/share", false, 0));
        for (String type : DISKS ? new String[] {"ext4", "ext2", "ext3"} : new String[0]) {
            config = config.withDisk(BlockSource.of(disk(type)));
        }
        kernel = VirtualKernel.boot(config);
        swaps = kernel.service(Swaps.class);
    }

    private static Path disk(String type) throws IOException, InterruptedException {
        Path image = folder.resolve(type);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(8 << 20);
        }
        Process made = new ProcessBuilder(MKE2FS.toString(), "-q", "-F", "-t", type, image.toString())
                .inheritIO()
                .start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return image;
    }

    @AfterAll
    static void close() {
        kernel.close();
    }

    @AfterEach
    void nothingWentWrong() {
        assertThat(kernel.kernel().call(kernel.kernel()::missing)).isEmpty();
        assertThat(kernel.kernel().stats().oopses).as("oopses").isZero();
        assertThat(kernel.kernel().call(() -> kernel.kernel().vm().check())).isEmpty();
        assertThat(swaps.history()).noneMatch(report -> report.why().contains("behind: "));
    }

    static List<String> slots() {
        List<String> slots = new ArrayList<>(HOLDS.keySet());
        slots.removeIf(slot -> !DISKS && (slot.startsWith("fs.ext") || slot.equals("dev.disk")));
        return slots;
    }

    @Test
    void everySubsystemOfTheShippedKernelIsHere() {
        assertThat(new TreeSet<>(
                        swaps.standings().stream().map(Standing::subsystem).toList()))
                .isEqualTo(HOLDS.keySet());
        Set<String> bundles = new TreeSet<>(OTHERS.values());
        slots().forEach(slot -> bundles.add(bundle(slot)));
        bundles.addAll(NOT_IN_A_SLOT);
        for (Bundle bundle : kernel.context().getBundles()) {
            boolean subsystem = !bundle.adapt(BundleRevision.class)
                    .getDeclaredCapabilities("vkernel.subsystem")
                    .isEmpty();
            if (subsystem && SwapLocation.of(bundle).isEmpty()) {
                assertThat(bundles).contains(bundle.getSymbolicName());
            }
        }
    }

    @Test
    void everySubsystemIsInTheTableOfWhatASwapCosts() throws IOException {
        Path docs = Path.of(System.getProperty("vkernel.home"), "../../../docs/hot-reload.md");
        String table = Files.readAllLines(docs).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|")[1])
                .collect(Collectors.joining());
        assertThat(slots()).allSatisfy(place -> {
            for (String slot : place.split("\\+")) {
                boolean kind = slot.startsWith("fs.") && table.contains("`fs.*`");
                assertThat(kind || table.contains("`" + slot + "`")).as(slot).isTrue();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("slots")
    void itsStateIsHandedOnAndItsWorkGoesOn(String slot) throws Exception {
        Hold hold = HOLDS.get(slot);
        Witness witness = new Witness(kernel, hold.before, hold.go, hold.after);
        String bundle = bundle(slot);
        expect(swaps.swap(slot, bundle, true), Outcome.REHEARSED);
        expect(swaps.swap(slot, bundle, false), Outcome.DONE);
        expect(swaps.swap(slot, bundle, false), Outcome.DONE);
        expect(swaps.swap(slot, bundle, true), Outcome.REHEARSED);
        witness.stillHolds();
        expect(swaps.rollback(slot), Outcome.ROLLED_BACK);
        expect(swaps.swap(slot, bundle, false), Outcome.DONE);
        witness.goOn();
    }

    @ParameterizedTest
    @MethodSource("others")
    void anotherProviderOfTheSlotDoesTheSame(String slot) throws Exception {
        Hold hold = HOLDS.get(slot);
        Witness witness = new Witness(kernel, hold.before, hold.go, hold.after);
        String bundle = bundle(slot);
        expect(swaps.swap(slot, OTHERS.get(slot), true), Outcome.REHEARSED);
        expect(swaps.swap(slot, OTHERS.get(slot), false), Outcome.DONE);
        expect(swaps.swap(slot, OTHERS.get(slot), false), Outcome.DONE);
        expect(swaps.swap(slot, bundle, false), Outcome.DONE);
        witness.goOn();
    }

    static Set<String> others() {
        return OTHERS.keySet();
    }

    private static void expect(SwapReport report, Outcome outcome) {
        assertThat(report.outcome()).as(report.toString()).isEqualTo(outcome);
        assertThat(report.failed()).isZero();
    }

    /** Symbolic name of who serves. */
    private static String bundle(String slot) {
        return swaps.standings().stream()
                .filter(standing -> standing.subsystem().equals(slot))
                .findFirst()
                .orElseThrow()
                .provider()
                .replaceFirst("#.*", "");
    }
}
