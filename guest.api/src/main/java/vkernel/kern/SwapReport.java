package vkernel.kern;

/**
 * What became of one change of a subsystem's provider.
 *
 * @param number counts from 1; 0 for one that never came to the kernel
 * @param when nanoseconds since 1970
 * @param subsystem name of its slot; of several that go together all names, with {@code +} between
 * @param from bundle and class of the former provider; empty for none
 * @param to bundle and class of the successor; empty for none
 * @param pause nanoseconds from when no hart was in the kernel any more until the first could be again
 * @param carried tasks that were alive
 * @param restarted calls that are made again because of it: blocked ones that were woken, and one whose handler was torn out
 * @param failed calls that an exception of the new provider cost, and their programs' lives; counted while it is new
 * @param outcome what came of it
 * @param why in words; empty when all went well, and the former provider left no thread behind
 */
public record SwapReport(
        int number,
        long when,
        String subsystem,
        String from,
        String to,
        long pause,
        int carried,
        int restarted,
        int failed,
        Outcome outcome,
        String why) {
    /** What came of it. */
    public enum Outcome {
        /** The successor is in service. */
        DONE,
        /** It would have been; the former one is. */
        REHEARSED,
        /** The successor never served: it does not resolve, throws while it is made, or rejects the state. */
        REFUSED,
        /** It served, and the former one is back: it failed, or somebody asked for it. */
        ROLLED_BACK,
        /** The provider has gone and none took its place: the state is kept until one comes. */
        MISSING
    }

    /** The same, with another number of calls that failed. */
    public SwapReport withFailed(int calls) {
        return new SwapReport(number, when, subsystem, from, to, pause, carried, restarted, calls, outcome, why);
    }

    /** The same, with something more to say. */
    public SwapReport with(String more) {
        String all = why.isEmpty() ? more : why + "; " + more;
        return new SwapReport(number, when, subsystem, from, to, pause, carried, restarted, failed, outcome, all);
    }

    /** Whether what was asked for has happened. */
    public boolean ok() {
        return outcome == Outcome.DONE || outcome == Outcome.REHEARSED;
    }
}
