/**
 * User memory as the calls see it (Linux: linux/uaccess.h): strings, structs, times, vectors, with every address
 * checked.
 */
@NullMarked
package vkernel.guest.linux.user;

import org.jspecify.annotations.NullMarked;
