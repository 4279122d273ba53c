package vkernel.drivers.net;

import java.util.ArrayDeque;
import java.util.Random;
import vkernel.kern.Kernel;
import vkernel.kern.Timer;
import vkernel.net.Gateway;

/**
 * Loses and delays what goes out, as asked (Linux: sch_netem). A lost message is lost; a lost piece of a
 * connection comes later, when TCP would have sent it again, and what follows it waits. Kernel lock held.
 */
final class Weather {
    /** What the loss of a segment costs (RFC 6298 with Linux's least timeout). */
    private static final long AGAIN = 200_000_000;

    private record Held(long until, Runnable send) {}

    private final Kernel kernel;
    private final Timer timer;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private long seed;
    private Random random = new Random(seed);
    private double loss;
    private long delay;
    private long last;
    private long lost;
    private long late;

    Weather(Kernel kernel) {
        this.kernel = kernel;
        timer = kernel.timer(this::release);
    }

    /** See {@link vkernel.net.Gateway#faults}. */
    Gateway.Faults set(String rules) {
        String[] words = rules.isBlank() ? new String[0] : rules.trim().split("\\s+");
        double newLoss = loss;
        long newDelay = delay;
        for (int i = 0; i < words.length; i++) {
            switch (words[i]) {
                case "none" -> newLoss = newDelay = 0;
                case "loss" -> newLoss = probability(word(words, ++i));
                case "delay" -> newDelay = number(word(words, ++i)) * 1_000_000;
                case "seed" -> {
                    seed = number(word(words, ++i));
                    random = new Random(seed);
                }
                default -> throw new IllegalArgumentException("'" + words[i] + "' is none of loss, delay, seed, none");
            }
        }
        loss = newLoss;
        delay = newDelay;
        return new Gateway.Faults(loss, delay / 1_000_000, seed, lost, late);
    }

    private static String word(String[] words, int i) {
        if (i == words.length) {
            throw new IllegalArgumentException("'" + words[i - 1] + "' wants a number");
        }
        return words[i];
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("'" + text + "' is no number");
        }
        return Long.parseLong(text);
    }

    private static double probability(String text) {
        String[] parts = text.split("/");
        if (parts.length != 2 || number(parts[1]) == 0 || number(parts[0]) > number(parts[1])) {
            throw new IllegalArgumentException("'" + text + "' is not like 1/100");
        }
        return (double) number(parts[0]) / number(parts[1]);
    }

    /** Whether nothing is asked for and nothing held back. */
    boolean fair() {
        return held.isEmpty() && delay == 0 && loss == 0;
    }

    /** @param send carries it out, now or later @param message whether it may be lost for good */
    void send(Runnable send, boolean message) {
        boolean hit = loss > 0 && random.nextDouble() < loss;
        if (hit) {
            lost++;
            if (message) {
                return;
            }
        }
        if (held.isEmpty() && delay == 0 && !hit) {
            send.run();
            return;
        }
        late++;
        last = Math.max(last, kernel.now() + delay + (hit ? AGAIN : 0));
        held.add(new Held(last, send));
        timer.arm(held.element().until());
    }

    private void release() {
        while (!held.isEmpty() && held.element().until() <= kernel.now()) {
            held.remove().send().run();
        }
        if (!held.isEmpty()) {
            timer.arm(held.element().until());
        }
    }

    /** Nothing more is held back. */
    void end() {
        timer.arm(Long.MAX_VALUE);
        held.forEach(each -> each.send().run());
        held.clear();
    }
}
