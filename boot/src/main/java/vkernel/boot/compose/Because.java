package vkernel.boot.compose;

/**
 * Why a part is in a kernel.
 *
 * @param who the part that wants it, or the kernel itself when it stands in the user's list
 * @param what it wants
 */
public record Because(String who, String what) {
    /** The user's list. */
    static final String USER = "you";

    @Override
    public String toString() {
        return who + (who.equals(USER) ? " want " : " wants ") + what;
    }
}
