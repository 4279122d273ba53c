package vkernel.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.List;

/** A block file that stays open while the host is replaced. */
final class SlotFile implements BlockFile {
    private final HostSlot slot;
    private final String name;
    private final long size;
    private final boolean readOnly;
    private final String serial;
    private volatile boolean closed;

    SlotFile(HostSlot slot, String name, BlockFile opened) {
        this.slot = slot;
        this.name = name;
        this.size = opened.size();
        this.readOnly = opened.readOnly();
        this.serial = opened.serial();
    }

    private BlockFile file() {
        if (closed) throw new HostException(HostException.Reason.ABSENT, name + " is closed");
        return slot.now().opened(name);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public void read(long position, long ramAddress, int length, Completion completion) {
        file().read(position, ramAddress, length, completion);
    }

    @Override
    public void write(long position, long ramAddress, int length, Completion completion) {
        file().write(position, ramAddress, length, completion);
    }

    @Override
    public void read(long position, long[] frames, int length, Completion completion) {
        file().read(position, frames, length, completion);
    }

    @Override
    public void write(long position, long[] frames, int length, Completion completion) {
        file().write(position, frames, length, completion);
    }

    @Override
    public String serial() {
        return serial;
    }

    @Override
    public void read(long position, byte[] to, int offset, int length, Completion completion) {
        file().read(position, to, offset, length, completion);
    }

    @Override
    public void write(long position, byte[] from, int offset, int length, Completion completion) {
        file().write(position, from, offset, length, completion);
    }

    @Override
    public void discard(long position, long length, Completion completion) {
        file().discard(position, length, completion);
    }

    @Override
    public void flush(Completion completion) {
        file().flush(completion);
    }

    @Override
    public void close() {
        if (closed) return;
        file().close();
        closed = true;
        slot.closed(name);
    }

    /** Closes one that has no host any more. */
    static void close(List<FileChannel> files) {
        try {
            for (FileChannel file : files) file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
