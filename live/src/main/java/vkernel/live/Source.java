package vkernel.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.SimpleJavaFileObject;

/** A Java file, as it was when it was read. */
final class Source extends SimpleJavaFileObject {
    final Path file;
    final Stamp stamp;
    private final String text;

    private Source(Path file, Stamp stamp, String text) {
        super(file.toUri(), Kind.SOURCE);
        this.file = file;
        this.stamp = stamp;
        this.text = text;
    }

    /** @param stamp taken before, so that what is written meanwhile is seen as a change the next time */
    static Source read(Path file, Stamp stamp) throws IOException {
        return new Source(file, stamp, Files.readString(file));
    }

    /** A line from 1; empty when there is none. */
    String line(long number) {
        return text.lines().skip(number - 1).findFirst().orElse("");
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
    }
}
