package vkernel.drivers.net;

/** What a frame between two kernels is about; its number on the wire is its place here. */
enum Message {
    /** A connection is wanted: ports of both sides. */
    OPEN,
    OPENED,
    /** A connection is refused: an error number. */
    FAILED,
    DATA,
    /** There is room again: bytes. */
    CREDIT,
    FIN,
    RST,
    /** A message of UDP: ports of both sides, and its bytes. */
    DATAGRAM;

    private static final Message[] ALL = values();

    /** The kind of a number; RST, which does no harm, for one that is not known. */
    static Message of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : RST;
    }
}
