package vkernel.drivers.disk;

import vkernel.fs.Mode;

/** Names and numbers of disks, as virtio_blk has them: vda is 254:0 and its partitions follow, 16 numbers a disk. */
final class Names {
    /** Of the range for local use; what Linux commonly gives virtblk. */
    static final int MAJOR = 254;
    /** Most disks: vda to vdz. */
    static final int MOST = 26;
    /** Numbers of a disk, the whole one's included. */
    static final int PARTS = 16;

    static String of(int disk, int part) {
        String name = "vd" + (char) ('a' + disk);
        return part == 0 ? name : name + part;
    }

    static long rdev(int disk, int part) {
        return Mode.device(MAJOR, (long) disk * PARTS + part);
    }

    /** The index of a number's disk; -1 for a number that is none. */
    static int disk(long rdev) {
        return Mode.major(rdev) == MAJOR ? Mode.minor(rdev) / PARTS : -1;
    }

    private Names() {}
}
