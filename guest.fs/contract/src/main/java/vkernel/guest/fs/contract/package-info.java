/**
 * What every file system must do, as tests ({@link vkernel.guest.fs.contract.FileSystemContract}), and a kernel that
 * has just what file systems need, on the Java heap. For tests only; no part of any kernel.
 */
@NullMarked
package vkernel.guest.fs.contract;

import org.jspecify.annotations.NullMarked;
