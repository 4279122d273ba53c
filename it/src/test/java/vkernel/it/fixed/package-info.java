/** The fixed points themselves are replaced: the engine, the host, and the kernel, under programs that do not notice. */
package vkernel.it.fixed;
