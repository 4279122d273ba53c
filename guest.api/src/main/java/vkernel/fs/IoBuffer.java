package vkernel.fs;

/**
 * Where a read puts its bytes and a write takes them from: user memory or a kernel array. Made by
 * {@link vkernel.vm.Vm#buffer}. Every transfer moves on; a transfer shorter than asked means that the end is reached
 * or that user memory faulted ({@link #faulted}): a call that has moved nothing then returns -EFAULT.
 */
public interface IoBuffer {
    /** Bytes still to be moved. */
    long remaining();

    /** Whether user memory faulted. */
    boolean faulted();

    /** Moves bytes of an array into the buffer. @return bytes moved */
    int put(byte[] from, int offset, int length);

    /** Moves bytes of RAM into the buffer. @param ramAddress physical address, see {@link vkernel.vm.Vm#page} */
    int put(long ramAddress, int length);

    /** Moves zeros into the buffer. */
    int putZeros(int length);

    /** Moves bytes out of the buffer. @return bytes moved */
    int get(byte[] to, int offset, int length);

    /** Moves bytes out of the buffer into RAM. */
    int get(long ramAddress, int length);

    /** Goes back over the last {@code bytes} moved, and forgets a fault. */
    void back(int bytes);

    /** The next {@code most} bytes of this buffer as a buffer. */
    default IoBuffer limited(long most) {
        return new LimitedBuffer(this, most);
    }
}
