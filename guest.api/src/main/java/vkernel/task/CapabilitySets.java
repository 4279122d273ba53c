package vkernel.task;

/**
 * The sets of capabilities of a thread, each as bits (capabilities(7), "Thread capability sets").
 *
 * @param permitted those that may be made effective
 * @param effective those in force
 * @param inheritable those that a file may grant by its inheritable ones
 * @param bounding those that a file, or being root, may grant at all
 * @param ambient those that a program which is not privileged keeps: never more than are permitted and inheritable
 */
public record CapabilitySets(long permitted, long effective, long inheritable, long bounding, long ambient) {
    public CapabilitySets {
        ambient &= permitted & inheritable;
    }

    public CapabilitySets with(long permitted, long effective, long inheritable) {
        return new CapabilitySets(permitted, effective, inheritable, bounding, ambient);
    }

    public CapabilitySets withBounding(long bounding) {
        return new CapabilitySets(permitted, effective, inheritable, bounding, ambient);
    }

    public CapabilitySets withAmbient(long ambient) {
        return new CapabilitySets(permitted, effective, inheritable, bounding, ambient);
    }
}
