package vkernel.host.sim;

import vkernel.host.Host;
import vkernel.host.MachineConfig;
import vkernel.host.contract.ShootdownContract;
import vkernel.host.engine.Engine;

class SimulatedShootdownTest extends ShootdownContract {
    @Override
    protected Host start(MachineConfig config, Engine engine) {
        return new SimulatedHost(config, engine);
    }

    @Override
    protected void stop(Host machine) {
        ((SimulatedHost) machine).close();
    }
}
