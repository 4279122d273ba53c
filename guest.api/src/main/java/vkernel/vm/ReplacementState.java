package vkernel.vm;

/**
 * What a replacement policy hands to its successor.
 *
 * @param order frames of which it knew, who would go first at the beginning; none for one that does not know
 */
public record ReplacementState(int[] order) {}
