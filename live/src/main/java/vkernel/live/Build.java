package vkernel.live;

import java.util.List;

/**
 * A bundle made of a folder, or why there is none.
 *
 * @param bundle symbolic name
 * @param jar the bundle; empty when there are mistakes
 * @param files how many were compiled: those that changed, or all
 * @param compile nanoseconds in the compiler
 * @param bundling nanoseconds in bnd
 */
record Build(String bundle, byte[] jar, List<Mistake> mistakes, int files, long compile, long bundling) {
    boolean good() {
        return mistakes.isEmpty();
    }
}
