package vkernel.guest.replace.clock;

import vkernel.vm.Replacement;
import vkernel.vm.contract.ReplacementContract;

class ClockTest extends ReplacementContract {
    @Override
    protected Replacement policy() {
        return new Clock();
    }
}
