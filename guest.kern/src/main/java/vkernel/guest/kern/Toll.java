package vkernel.guest.kern;

/**
 * What a change of providers costs the guest.
 *
 * @param pause nanoseconds
 * @param restarted calls that are made again
 */
record Toll(long pause, int restarted) {
    /** Of what has not come to the kernel. */
    static final Toll NONE = new Toll(0, 0);

    /** Reckons it, from now on. */
    static Meter meter(Dispatcher dispatcher) {
        return new Meter(dispatcher, System.nanoTime(), dispatcher.restarted());
    }

    /** One that is under way. */
    record Meter(Dispatcher dispatcher, long since, int before) {
        Toll end() {
            return new Toll(System.nanoTime() - since, dispatcher.restarted() - before);
        }
    }

    /** And calls whose handlers were torn out. */
    Toll and(int torn) {
        return new Toll(pause, restarted + torn);
    }
}
