/**
 * Host programs as clients of a kernel: they make system calls on it and have neither a guest program nor its memory
 * (NetBSD: rump clients, local and remote). Here are the calls and their two ways in; how a call is made in the kernel is
 * {@link vkernel.task.Client}.
 */
@NullMarked
package vkernel.boot.client;

import org.jspecify.annotations.NullMarked;
