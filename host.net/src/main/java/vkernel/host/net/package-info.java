/**
 * The network of the machine around, through non-blocking sockets of the JDK: no privileges are needed. Here: one thread
 * that waits for all of them. Not here: what they are good for (drivers/net). Reading and writing happens on the caller's
 * thread; the thread here only tells of news, once each, until the caller has looked.
 */
@NullMarked
package vkernel.host.net;

import org.jspecify.annotations.NullMarked;
