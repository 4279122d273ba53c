package vkernel.live;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import javax.tools.SimpleJavaFileObject;
import org.jspecify.annotations.Nullable;

/** A class, as the compiler reads or writes it. Its bytes are kept. */
final class ClassFile extends SimpleJavaFileObject {
    final String name;
    private final @Nullable URL source;
    private volatile byte @Nullable [] bytes;

    private ClassFile(String name, @Nullable URL source) {
        super(URI.create("live:///" + name.replace('.', '/') + Kind.CLASS.extension), Kind.CLASS);
        this.name = name;
        this.source = source;
    }

    /** One that is read when it is asked for. @param name binary, as {@code java.util.Map$Entry} */
    static ClassFile at(String name, URL source) {
        return new ClassFile(name, source);
    }

    /** One to be written. */
    static ClassFile empty(String name) {
        return new ClassFile(name, null);
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
