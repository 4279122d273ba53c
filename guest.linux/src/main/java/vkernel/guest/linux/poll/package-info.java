/**
 * Waiting for many files at once (Linux: fs/select.c, eventpoll.c), and files that exist to be waited for: eventfd,
 * timerfd, signalfd, pidfd.
 */
@NullMarked
package vkernel.guest.linux.poll;

import org.jspecify.annotations.NullMarked;
