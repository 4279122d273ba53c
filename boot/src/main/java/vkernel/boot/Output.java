package vkernel.boot;

import java.nio.charset.StandardCharsets;

/**
 * What a guest program gave.
 *
 * @param status exit status, 128 + n when signal n killed it
 */
public record Output(int status, byte[] outBytes, byte[] errBytes) {
    /** Standard output as UTF-8. */
    public String out() {
        return new String(outBytes, StandardCharsets.UTF_8);
    }

    /** Standard error as UTF-8. */
    public String err() {
        return new String(errBytes, StandardCharsets.UTF_8);
    }
}
