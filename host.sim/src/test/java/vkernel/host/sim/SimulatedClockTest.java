package vkernel.host.sim;

import vkernel.host.Host;
import vkernel.host.MachineConfig;
import vkernel.host.contract.ClockContract;
import vkernel.host.engine.Engine;

class SimulatedClockTest extends ClockContract {
    @Override
    protected Host start(MachineConfig config, Engine engine) {
        return new SimulatedHost(config, engine);
    }

    @Override
    protected void stop(Host machine) {
        ((SimulatedHost) machine).close();
    }
}
