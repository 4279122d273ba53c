package vkernel.boot.instance;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a console prints: kept in a file, and shown to whoever is attached. One that cannot take it is let go. */
public final class ConsoleLog extends OutputStream {
    private final OutputStream file;
    private final List<OutputStream> attached = new CopyOnWriteArrayList<>();

    public ConsoleLog(Path kept) throws IOException {
        file = Files.newOutputStream(kept);
    }

    void attach(OutputStream to) {
        attached.add(to);
    }

    void detach(OutputStream from) {
        attached.remove(from);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        file.write(bytes, offset, length);
        for (OutputStream each : attached) {
            try {
                each.write(bytes, offset, length);
            } catch (IOException gone) {
                attached.remove(each);
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
