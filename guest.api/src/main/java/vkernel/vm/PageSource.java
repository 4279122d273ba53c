package vkernel.vm;

/**
 * Where the pages of a file come from that are not in memory: a range of a host ROM (a root archive). Reading beyond
 * {@code length} gives zeros.
 *
 * @param rom name of the ROM
 * @param offset bytes from its start
 * @param length bytes
 */
public record PageSource(String rom, long offset, long length) {}
