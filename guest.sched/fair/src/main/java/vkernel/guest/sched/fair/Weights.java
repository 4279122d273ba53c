package vkernel.guest.sched.fair;

/** The weight of a nice value: each step is a factor of about 1.25, nice 0 is 1024 (Linux: sched_prio_to_weight). */
final class Weights {
    static final int NICE_0 = 1024;

    private static final int[] TABLE = new int[40];

    static {
        for (int nice = -20; nice < 20; nice++) {
            TABLE[nice + 20] = Math.max(1, (int) Math.round(NICE_0 / Math.pow(1.25, nice)));
        }
    }

    static int of(int nice) {
        return TABLE[Math.clamp(nice, -20, 19) + 20];
    }

    private Weights() {}
}
