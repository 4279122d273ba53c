package vkernel.drivers.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import vkernel.dev.ConsoleState;
import vkernel.dev.Tty;
import vkernel.kern.StateRejected;

/** Another driver goes on where the former one stopped. */
class SwapTest {
    private final Shell shell = new Shell();
    private final Machine machine = shell.machine;

    @Test
    void aHandedOverTerminalKeepsWhatWasTypedAndWhoWaits() throws StateRejected {
        shell.type("ec");
        assertThat(shell.read()).isEqualTo("blocked");
        Console former = machine.console;
        Console next = machine.driver();
        next.adopt(former.release());
        machine.fill(next);
        shell.type("ho\r");
        assertThat(shell.leader.waiting()).isZero();
        assertThat(shell.read()).isEqualTo("echo\n");
        assertThat(shell.shown()).isEqualTo("echo\r\n");
    }

    @Test
    void aDriverThatWasHandedNothingFindsTheTerminalsInUse() {
        shell.type("ec");
        assertThat(shell.read()).isEqualTo("blocked");
        machine.console.close();
        shell.type("ho\r");
        assertThat(shell.leader.waiting()).isEqualTo(1);
        machine.fill(machine.driver());
        assertThat(shell.leader.waiting()).isZero();
        assertThat(shell.read()).isEqualTo("echo\n");
        assertThat(machine.streams().tty("console").value()).isSameAs(shell.tty);
    }

    @Test
    void aSuccessorThatCameFirstIsNotDisturbedWhenTheFormerGoes() {
        Console former = machine.console;
        machine.fill(machine.driver());
        former.close();
        shell.type("x\r");
        assertThat(shell.read()).isEqualTo("x\n");
    }

    @Test
    void aTerminalWithoutANumberIsRejected() {
        Tty stray = new Tty("ttyS7", "stray", 7);
        ConsoleState state = new ConsoleState(
                new ArrayList<>(List.of("")), Set.of(), Map.of("stray", stray), Map.of(), new TreeMap<>());
        assertThatThrownBy(() -> machine.driver().adopt(state)).isInstanceOf(StateRejected.class);
    }
}
