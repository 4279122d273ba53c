package vkernel.drivers.console;

import static org.assertj.core.api.Assertions.assertThat;

import vkernel.dev.ConsoleState;
import vkernel.kern.Swappable;
import vkernel.kern.contract.SwapContract;

class SwapContractTest extends SwapContract<ConsoleState> {
    private final Shell shell = new Shell();
    private final Machine machine = shell.machine;

    @Override
    protected Swappable<ConsoleState> inService() {
        shell.type("ec");
        assertThat(shell.read()).isEqualTo("blocked");
        return machine.console;
    }

    @Override
    protected Swappable<ConsoleState> another() {
        return machine.driver();
    }

    @Override
    protected void fill(Swappable<ConsoleState> provider) {
        machine.fill((Console) provider);
    }

    @Override
    protected void goOn() {
        shell.type("ho\r");
        assertThat(shell.leader.waiting()).isZero();
        assertThat(shell.read()).isEqualTo("echo\n");
        assertThat(shell.shown()).isEqualTo("echo\r\n");
    }
}
