package vkernel.host.sim;

import vkernel.host.Machine;
import vkernel.host.contract.HandOverContract;
import vkernel.host.engine.Engine;

class SimulatedHandOverTest extends HandOverContract {
    @Override
    protected Machine host(Engine engine) {
        return SimulatedHost.withoutMachine(engine);
    }
}
