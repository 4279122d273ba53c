package vkernel.guest.kern;

import vkernel.kern.KernelStats;

/** Load averages (Linux: kernel/sched/loadavg.c), sampled at most every five seconds, without a timer of its own. */
final class LoadAverage {
    private static final double PERIOD = 5e9;
    private static final double[] MINUTES = {1, 5, 15};

    private final KernelStats stats;

    LoadAverage(KernelStats stats) {
        this.stats = stats;
    }

    void sample(long now, int runnable) {
        if (now - stats.loadSampled < PERIOD) {
            return;
        }
        for (int i = 0; i < MINUTES.length; i++) {
            double keep = Math.exp(-(now - stats.loadSampled) / (MINUTES[i] * 60e9));
            stats.load[i] = stats.load[i] * keep + runnable * (1 - keep);
        }
        stats.loadSampled = now;
    }
}
