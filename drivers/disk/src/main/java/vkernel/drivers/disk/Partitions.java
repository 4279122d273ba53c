package vkernel.drivers.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vkernel.dev.Disk;
import vkernel.host.BlockFile;
import vkernel.host.HostException;

/**
 * Partition tables (Linux: block/partitions): GPT (UEFI specification 2.10, section 5.3) and MBR with extended
 * partitions. A damaged table is no table; entries that reach beyond the disk are left out.
 */
final class Partitions {
    private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
    private static final int SECTOR = 512;
    private static final long GPT = 0x5452_4150_2049_4645L; // "EFI PART"
    private static final int GPT_TYPE = 0xee;
    private static final int MOST_LOGICAL = 11;

    private final Disk disk;
    private final BlockFile file;

    private Partitions(Disk disk) {
        this.disk = disk;
        this.file = (BlockFile) disk.file;
    }

    /** Makes the partitions of a disk anew. It waits for the host: a few sectors, when a disk is plugged in. */
    static void scan(Disk disk) {
        disk.parts.subList(1, disk.parts.size()).clear();
        try {
            new Partitions(disk).scan();
        } catch (HostException e) {
            LOG.warn("{}: its partition table cannot be read: {}", disk.whole().name, e.getMessage());
        }
    }

    private void scan() {
        if (disk.size < 4 * SECTOR) {
            return;
        }
        ByteBuffer mbr = read(0, SECTOR);
        if (mbr.getShort(510) != (short) 0xaa55) {
            return;
        }
        if ((mbr.get(446 + 4) & 0xff) == GPT_TYPE) {
            gpt();
            return;
        }
        for (int i = 0; i < 4; i++) {
            int flag = mbr.get(446 + 16 * i) & 0x7f;
            if (flag != 0) {
                return; // a boot sector, and no table
            }
        }
        for (int i = 0; i < 4; i++) {
            int at = 446 + 16 * i;
            int type = mbr.get(at + 4) & 0xff;
            long start = mbr.getInt(at + 8) & 0xffff_ffffL;
            boolean extended = type == 5 || type == 0xf || type == 0x85;
            // an extended one has a node for who loads a system from it; nobody is to write over those in it
            add(i + 1, start, Math.min(mbr.getInt(at + 12) & 0xffff_ffffL, extended ? 2 : Long.MAX_VALUE));
            if (extended) {
                logical(start);
            }
        }
    }

    /** The chain of an extended partition. */
    private void logical(long extended) {
        long table = extended;
        for (int i = 0; i < MOST_LOGICAL && table * SECTOR <= disk.size - SECTOR; i++) {
            ByteBuffer sector = read(table * SECTOR, SECTOR);
            if (sector.getShort(510) != (short) 0xaa55) {
                return;
            }
            add(5 + i, table + (sector.getInt(446 + 8) & 0xffff_ffffL), sector.getInt(446 + 12) & 0xffff_ffffL);
            long next = sector.getInt(462 + 8) & 0xffff_ffffL;
            if (next == 0) {
                return;
            }
            table = extended + next;
        }
    }

    private void gpt() {
        ByteBuffer header = read(SECTOR, SECTOR);
        int size = header.getInt(12);
        if (header.getLong(0) != GPT || size < 92 || size > SECTOR) {
            return;
        }
        int sum = header.getInt(16);
        header.putInt(16, 0);
        long table = header.getLong(72);
        int entries = header.getInt(80);
        int length = header.getInt(84);
        boolean sane = entries > 0 && entries <= 1024 && length >= 128 && length <= 4096 && table > 1;
        if (crc(header, size) != sum || !sane || table > disk.size / SECTOR - entries * (long) length / SECTOR) {
            LOG.warn("{}: the header of its partition table is damaged", disk.whole().name);
            return;
        }
        ByteBuffer all = read(table * SECTOR, entries * length);
        if (crc(all, entries * length) != header.getInt(88)) {
            LOG.warn("{}: its partition table is damaged", disk.whole().name);
            return;
        }
        for (int i = 0; i < entries; i++) {
            int at = i * length;
            if ((all.getLong(at) | all.getLong(at + 8)) != 0) {
                long first = all.getLong(at + 32);
                add(i + 1, first, all.getLong(at + 40) - first + 1);
            }
        }
    }

    private static int crc(ByteBuffer of, int length) {
        CRC32 crc = new CRC32();
        crc.update(of.array(), 0, length);
        return (int) crc.getValue();
    }

    private void add(int number, long start, long length) {
        long sectors = disk.size / SECTOR;
        if (length <= 0 || start <= 0 || start >= sectors || length > sectors - start || number >= Names.PARTS) {
            return;
        }
        String name = Names.of(disk.index, number);
        disk.parts.add(new Disk.Part(name, Names.rdev(disk.index, number), start * SECTOR, length * SECTOR));
    }

    private ByteBuffer read(long position, int length) {
        byte[] bytes = new byte[length];
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        file.read(position, bytes, 0, length, failure -> {
            if (failure == null) {
                done.complete(true);
            } else {
                done.completeExceptionally(failure);
            }
        });
        try {
            done.join();
        } catch (java.util.concurrent.CompletionException e) {
            throw new HostException(HostException.Reason.IO, e.getCause().getMessage(), e);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
