/**
 * The personality: what a system call number means (Linux: arch/riscv/kernel).
 */
@Export
@Version("1.0.0")
@NullMarked
package vkernel.abi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
