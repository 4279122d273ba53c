/**
 * What every provider with a hard state must do, as tests: a provider's own tests extend
 * {@link vkernel.kern.contract.SwapContract}. Here too: a walk through everything that a state refers to.
 */
package vkernel.kern.contract;
