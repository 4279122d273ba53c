package vkernel.drivers.disk;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import vkernel.dev.BlockRequest;
import vkernel.dev.Disk;
import vkernel.host.BlockFile;
import vkernel.host.HostException;
import vkernel.kern.Irq;

/** A request on its way to the host, whole or in parts. @param bell rung when the last part is done */
record Way(Requests requests, Disk disk, Disk.Part part, BlockRequest request, Irq bell) {
    private static final int PAGE = 4096;

    void whole() {
        request.parts(1);
        send(0, request.length);
    }

    /** Gives the host a part of it. @param from first byte of the part */
    void send(int from, int length) {
        BlockFile file = (BlockFile) disk.file;
        long at = part.start + request.position + from;
        BlockFile.Completion done = failure -> requests.part(request, failure, bell);
        long[] pages = request.pages;
        try {
            if (pages != null) {
                transfer(file, request.kind, at, pages, from, length, done);
                return;
            }
            switch (request.kind) {
                case READ -> file.read(at, bytes(request.bytes), from, length, done);
                case WRITE -> file.write(at, bytes(request.bytes), from, length, done);
                case FLUSH -> file.flush(done);
                case DISCARD -> file.discard(at, length, done);
            }
        } catch (HostException e) {
            requests.part(request, e, bell);
        }
    }

    private static void transfer(
            BlockFile file,
            BlockRequest.Kind kind,
            long at,
            long[] pages,
            int from,
            int length,
            BlockFile.Completion done) {
        boolean read = kind == BlockRequest.Kind.READ;
        if (pages.length == 1) {
            if (read) {
                file.read(at, pages[0] + from, length, done);
            } else {
                file.write(at, pages[0] + from, length, done);
            }
            return;
        }
        long[] frames = from == 0 ? pages : Arrays.copyOfRange(pages, from / PAGE, pages.length);
        if (read) {
            file.read(at, frames, length, done);
        } else {
            file.write(at, frames, length, done);
        }
    }

    private static byte[] bytes(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new IllegalArgumentException("a transfer of nothing");
        }
        return bytes;
    }
}
