package vkernel.kern;

/**
 * A service that is there while a kernel is put together in a framework that has been started before: the kernel starts
 * its first process when it has gone, so that this sees every device, in every run. Registered by a launcher.
 */
public final class Assembly {}
