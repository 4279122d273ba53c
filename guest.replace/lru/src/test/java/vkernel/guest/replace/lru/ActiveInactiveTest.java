package vkernel.guest.replace.lru;

import vkernel.vm.Replacement;
import vkernel.vm.contract.ReplacementContract;

class ActiveInactiveTest extends ReplacementContract {
    @Override
    protected Replacement policy() {
        return new ActiveInactive();
    }
}
