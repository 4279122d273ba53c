package vkernel.host;

/**
 * What became of one change of what a machine runs on.
 *
 * @param subsystem {@code host} or {@code engine}
 * @param from who did the work before; empty for nobody
 * @param to who does it now; empty for nobody, and then the machine stands still
 * @param pause nanoseconds in which no user code could run, the time without anybody before included
 * @param why it was refused, in words; empty when it was not
 */
public record Exchange(String subsystem, String from, String to, long pause, String why) {}
