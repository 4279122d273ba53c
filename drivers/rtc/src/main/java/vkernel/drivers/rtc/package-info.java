/**
 * The real-time clock (rtc(4); Linux: drivers/rtc/dev.c). Here: the machine's time of day, and setting it. Not here: alarms
 * and periodic interrupts; who asks for them is told that there are none.
 */
@NullMarked
package vkernel.drivers.rtc;

import org.jspecify.annotations.NullMarked;
