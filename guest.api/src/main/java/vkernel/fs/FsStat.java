package vkernel.fs;

/** What statfs(2) tells. Blocks are of {@code blockSize} bytes. */
public record FsStat(
        long magic,
        long blockSize,
        long blocks,
        long free,
        long available,
        long files,
        long freeFiles,
        int nameLength) {}
