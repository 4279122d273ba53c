/**
 * Subsystems of a running kernel replaced, by good successors and bad ones. The bad ones are real providers behind a
 * handler that fails in one way ({@link vkernel.it.swap.Wrapped}), in bundles made by the test.
 */
package vkernel.it.swap;
