package vkernel.host.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.host.Vmspaces.EXECUTE;
import static vkernel.host.Vmspaces.READ;
import static vkernel.host.Vmspaces.WRITE;
import static vkernel.host.contract.PageTable.ALL;
import static vkernel.host.contract.PageTable.address;
import static vkernel.host.contract.ScriptedEngine.call;
import static vkernel.host.contract.ScriptedEngine.load;
import static vkernel.host.contract.ScriptedEngine.nops;
import static vkernel.host.contract.ScriptedEngine.store;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vkernel.host.Host;
import vkernel.host.Ram;
import vkernel.host.Vmspaces;
import vkernel.host.Vpte;
import vkernel.host.engine.Trap;

/** The check of translations: a forgotten {@code inval} is found, one that comes in time is not. */
public abstract class StaleTranslationsContract extends MachineContract {
    private static final long VA = 0x5000;

    private final ScriptedEngine engine = new ScriptedEngine();
    private final AtomicLong seen = new AtomicLong();
    private Host host;
    private Ram ram;
    private Vmspaces spaces;
    private PageTable table;

    @BeforeEach
    void start() {
        host = machine(2, true, engine);
        ram = host.ram();
        spaces = host.vmspaces();
        spaces.create(3);
        spaces.mmapVirtual(3, 0, Vpte.END, READ | WRITE | EXECUTE);
        table = new PageTable(ram, 16);
        spaces.setMap(3, 0, table.root());
        table.set(VA, Vpte.of(100, ALL));
        ram.putLong(address(100), 1);
        ram.putLong(address(101), 2);
    }

    private int run(int hart, ScriptedEngine.Step... steps) {
        return run(host, engine, 3, hart, steps);
    }

    private void assertFound(String... parts) {
        assertThat(spaces.staleTranslations()).singleElement().asString().contains(parts);
    }

    @Test
    void namesThePageAndTheMissingCallAndUsesTheTable() {
        run(0, store(VA, 1));
        table.set(VA, Vpte.of(101, ALL));
        assertThat(run(0, load(VA + 8, seen::set), load(VA, seen::set))).isEqualTo(Trap.SYSCALL);
        assertThat(seen).hasValue(2); // the new frame
        assertFound("hart 0", "vmspace 3", "read of 0x5008", "inval(3, 0x5000, 0x1000)");
    }

    @Test
    void findsLostPagesRightsAndModifiedBits() {
        run(0, store(VA, 1));
        table.set(VA, Vpte.of(100, ALL)); // modified was cleared
        run(0, store(VA, 1));
        table.set(VA, Vpte.of(100, ALL & ~Vpte.W));
        assertThat(run(0, store(VA, 1))).isEqualTo(Trap.PAGE_PROTECTED);
        table.set(VA, 0);
        run(0, load(VA)); // nothing is cached after a fault
        table.set(VA, Vpte.of(100, ALL));
        run(0, load(VA));
        table.set(VA, 0);
        assertThat(run(0, load(VA))).isEqualTo(Trap.PAGE_MISSING);
        assertThat(spaces.staleTranslations()).hasSize(3);
    }

    @Test
    void acceptsWhatWasAnnounced() {
        run(0, store(VA, 1));
        table.set(VA, Vpte.of(101, ALL));
        spaces.inval(3, VA, PAGE);
        run(0, load(VA));
        PageTable other = new PageTable(ram, 32);
        spaces.setMap(3, 0, other.root());
        run(0, load(VA));
        spaces.setMap(3, 0, table.root());
        run(0, load(VA));
        spaces.munmap(3, VA, PAGE);
        run(0, load(VA));
        assertThat(spaces.staleTranslations()).isEmpty();
    }

    @Test
    void acceptsMoreRightsAndClearedAccessedBits() {
        table.set(VA, Vpte.of(100, ALL & ~Vpte.W));
        run(0, load(VA));
        table.set(VA, Vpte.of(100, ALL));
        run(0, load(VA), store(VA, 1));
        table.set(VA, Vpte.of(100, ALL | Vpte.M));
        run(0, load(VA), store(VA, 1));
        assertThat(spaces.staleTranslations()).isEmpty();
    }

    @Test
    void acceptsAUseThatAnotherHartsKernelAnnouncesBeforeItGoesOn() {
        run(1, nops(1)); // hart 1 has been started and is in its kernel
        run(0, load(VA), call(() -> table.set(VA, Vpte.of(101, ALL))), load(VA));
        assertThat(spaces.staleTranslations()).isEmpty();
        spaces.inval(3, VA, PAGE);
        run(1, nops(1));
        assertThat(spaces.staleTranslations()).isEmpty();
    }

    @Test
    void findsAUseThatAnotherHartsKernelDoesNotAnnounce() {
        run(1, nops(1));
        run(0, load(VA), call(() -> table.set(VA, Vpte.of(101, ALL))), load(VA));
        run(1, nops(1));
        spaces.inval(3, VA, PAGE); // too late
        assertFound("hart 0", "inval(3, 0x5000, 0x1000)");
    }
}
