package vkernel.host;

import java.util.Map;

/**
 * What a machine is made of. The launcher registers one as an OSGi service; the host bundle builds the machine.
 *
 * @param ramBytes guest RAM, bytes; a multiple of the page size, at least 1 MiB
 * @param harts number of harts, 1 to 64
 * @param time how the clock runs
 * @param seed seed of everything random in virtual time
 * @param checkTranslations finds every use of a stale translation (slow; for tests of a kernel's VM)
 * @param channels byte channels to the outside, by name
 * @param roms read-only memories, by name
 * @param blockFiles host files usable as block devices, by name
 */
public record MachineConfig(
        long ramBytes,
        int harts,
        Time time,
        long seed,
        boolean checkTranslations,
        Map<String, Channel> channels,
        Map<String, Rom> roms,
        Map<String, BlockSource> blockFiles) {

    /** How the clock of a machine runs. */
    public enum Time {
        /** With the host's clock. */
        REAL,
        /** By instructions retired; idle time is skipped. With one hart a run repeats bit for bit from its seed. */
        VIRTUAL
    }

    /** Least RAM of a machine, bytes. */
    public static final long MIN_RAM = 1 << 20;

    /** Most RAM of a machine, bytes: frame numbers are ints. */
    public static final long MAX_RAM = 1L << 40;

    public MachineConfig {
        if (ramBytes < MIN_RAM || ramBytes > MAX_RAM || ramBytes % Vpte.PAGE_SIZE != 0) {
            throw new IllegalArgumentException(
                    "RAM of " + ramBytes + " bytes: must be a multiple of 4096 from 1 MiB to 1 TiB");
        }
        if (harts < 1 || harts > 64) {
            throw new IllegalArgumentException(harts + " harts: must be 1 to 64");
        }
        channels = Map.copyOf(channels);
        roms = Map.copyOf(roms);
        blockFiles = Map.copyOf(blockFiles);
    }

    /** A machine in real time without channels, ROMs or block files. */
    public static MachineConfig of(long ramBytes, int harts) {
        return new MachineConfig(ramBytes, harts, Time.REAL, 0, false, Map.of(), Map.of(), Map.of());
    }
}
