package vkernel.live;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import javax.tools.SimpleJavaFileObject;
import org.jspecify.annotations.Nullable;

/** A class, as the compiler reads or writes it. Its bytes are kept. */
final class ClassFile extends SimpleJavaFileObject {
    final String name;
    /** Where its bytes are; null for one that is written. */
    private final @Nullable URL source;
    /** The Java file that it is made of; null for one that was there before. */
    private final @Nullable Path origin;

    private volatile byte @Nullable [] bytes;

    private ClassFile(String name, @Nullable URL source, @Nullable Path origin) {
        super(URI.create("live:///" + name.replace('.', '/') + Kind.CLASS.extension), Kind.CLASS);
        this.name = name;
        this.source = source;
        this.origin = origin;
    }

    /** One that is read when it is asked for. @param name binary, as {@code java.util.Map$Entry} */
    static ClassFile at(String name, URL source) {
        return new ClassFile(name, source, null);
    }

    /** One to be written. @param origin the Java file, if the compiler says */
    static ClassFile empty(String name, @Nullable Path origin) {
        return new ClassFile(name, null, origin);
    }

    @Nullable
    Path origin() {
        return origin;
    }

    byte[] bytes() throws IOException {
        byte[] now = bytes;
        if (now == null) {
            URL from = source;
            if (from == null) {
                throw new IOException(name + " has not been written");
            }
            try (InputStream in = from.openStream()) {
                now = in.readAllBytes();
            }
            bytes = now;
        }
        return now;
    }

    String packageName() {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    /** Its place in a jar. */
    String path() {
        return name.replace('.', '/') + Kind.CLASS.extension;
    }

    @Override
    public InputStream openInputStream() throws IOException {
        return new ByteArrayInputStream(bytes());
    }

    @Override
    public OutputStream openOutputStream() {
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                bytes = toByteArray();
            }
        };
    }
}
