package vkernel.drivers.net;

/** The answer to a question about a name when there is nobody to ask: a server's failure, at once (RFC 1035, 4.1.1). */
final class NoName {
    private static final int HEADER = 12;
    private static final int ANSWER = 0x80;
    private static final int SERVER_FAILURE = 2;

    /** @return the question as an answer; nothing for what is no question */
    static byte[] to(byte[] question) {
        if (question.length < HEADER || (question[2] & ANSWER) != 0) {
            return new byte[0];
        }
        byte[] answer = question.clone();
        answer[2] |= (byte) ANSWER;
        answer[3] = (byte) (ANSWER | SERVER_FAILURE); // recursion is available
        return answer;
    }

    private NoName() {}
}
