package vkernel.boot.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Small archives for tests, written down as lists of what is in them. */
final class Tars {
    /** @param content of a file; where a link leads */
    record Item(String name, byte type, byte[] content) {}

    static Item file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    static Item file(String name, byte[] content) {
        return new Item(name, TarConstants.LF_NORMAL, content);
    }

    static Item folder(String name) {
        return new Item(name + "/", TarConstants.LF_DIR, new byte[0]);
    }

    static Item symlink(String name, String target) {
        return new Item(name, TarConstants.LF_SYMLINK, target.getBytes(StandardCharsets.UTF_8));
    }

    static Item hardLink(String name, String target) {
        return new Item(name, TarConstants.LF_LINK, target.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] tar(Item... items) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Item item : items) {
                TarArchiveEntry entry = new TarArchiveEntry(item.name(), item.type());
                boolean link = item.type() == TarConstants.LF_SYMLINK || item.type() == TarConstants.LF_LINK;
                if (link) {
                    entry.setLinkName(new String(item.content(), StandardCharsets.UTF_8));
                } else {
                    entry.setSize(item.content().length);
                }
                out.putArchiveEntry(entry);
                if (!link) {
                    out.write(item.content());
                }
                out.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** Layers as one archive. */
    static Map<String, String> merged(Path folder, List<byte[]> layers) throws IOException {
        Path archive = folder.resolve("merged.tar");
        new LayeredTar(layers.stream()
                        .map(layer -> (LayeredTar.Layer) () -> new ByteArrayInputStream(layer))
                        .toList())
                .write(archive);
        return contents(archive);
    }

    /** Path to content; to {@code -> target} for a link, {@code = target} for a hard one; to {@code /} for a folder. */
    static Map<String, String> contents(Path archive) throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(Files.newInputStream(archive), "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String name = entry.getName().replaceFirst("/$", "");
                String content = entry.isDirectory()
                        ? "/"
                        : entry.isSymbolicLink()
                                ? "-> " + entry.getLinkName()
                                : entry.isLink()
                                        ? "= " + entry.getLinkName()
                                        : new String(in.readAllBytes(), StandardCharsets.UTF_8);
                contents.put(name, content);
            }
        }
        return contents;
    }

    private Tars() {}
}
