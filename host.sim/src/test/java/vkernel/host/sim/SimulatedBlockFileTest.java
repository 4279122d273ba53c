package vkernel.host.sim;

import vkernel.host.Host;
import vkernel.host.MachineConfig;
import vkernel.host.contract.BlockFileContract;
import vkernel.host.engine.Engine;

class SimulatedBlockFileTest extends BlockFileContract {
    @Override
    protected Host start(MachineConfig config, Engine engine) {
        return new SimulatedHost(config, engine);
    }

    @Override
    protected void stop(Host machine) {
        ((SimulatedHost) machine).close();
    }
}
