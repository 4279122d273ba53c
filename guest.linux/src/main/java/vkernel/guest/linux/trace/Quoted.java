package vkernel.guest.linux.trace;

/** Bytes as strace(1) quotes them. */
final class Quoted {
    static String of(byte[] bytes, int length, boolean cut) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < length; i++) {
            int c = bytes[i] & 0xff;
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                case '"', '\\' -> text.append('\\').append((char) c);
                default -> {
                    if (c >= 0x20 && c < 0x7f) {
                        text.append((char) c);
                    } else {
                        text.append('\\').append(Integer.toOctalString(c));
                    }
                }
            }
        }
        return text.append(cut ? "\"..." : "\"").toString();
    }

    private Quoted() {}
}
