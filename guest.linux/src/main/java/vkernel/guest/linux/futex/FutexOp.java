package vkernel.guest.linux.futex;

/**
 * The operation of FUTEX_WAKE_OP, packed in a word: 4 bits operation, 4 bits comparison, 12 bits each of signed
 * arguments (futex(2)).
 */
record FutexOp(int operation, int comparison, int argument, int compareWith) {
    private static final int SHIFT = 8;

    static FutexOp decode(int word) {
        int operation = word >>> 28;
        int argument = word << 8 >> 20;
        if ((operation & SHIFT) != 0) {
            argument = 1 << (argument & 31);
        }
        return new FutexOp(operation & 7, word >>> 24 & 15, argument, word << 20 >> 20);
    }

    boolean known() {
        return operation <= 4 && comparison <= 5;
    }

    /** The word's new value. */
    int apply(int old) {
        return switch (operation) {
            case 0 -> argument;
            case 1 -> old + argument;
            case 2 -> old | argument;
            case 3 -> old & ~argument;
            default -> old ^ argument;
        };
    }

    /** Whether what the word held asks for the second wake. */
    boolean compares(int old) {
        return switch (comparison) {
            case 0 -> old == compareWith;
            case 1 -> old != compareWith;
            case 2 -> old < compareWith;
            case 3 -> old <= compareWith;
            case 4 -> old > compareWith;
            default -> old >= compareWith;
        };
    }
}
