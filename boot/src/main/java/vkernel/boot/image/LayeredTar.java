package vkernel.boot.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Several tar streams, one over the other, as one archive: a later entry replaces an earlier one of the same path, a
 * path through a link to a folder (bin -> usr/bin) is resolved, and whiteouts of container layers take paths away
 * (OCI image-spec, layer.md). Two passes: which layer has the last word on a path, then copying.
 */
final class LayeredTar {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    /** Opens one layer, uncompressed. Called twice. */
    @FunctionalInterface
    interface Layer {
        InputStream open() throws IOException;
    }

    private final List<Layer> layers;
    private final Map<String, Integer> winner = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private final Map<String, Boolean> folders = new HashMap<>();

    LayeredTar(List<Layer> layers) {
        this.layers = layers;
    }

    void write(Path archive) throws IOException {
        for (int i = 0; i < layers.size(); i++) {
            index(i);
        }
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 16);
                TarArchiveOutputStream out = new TarArchiveOutputStream(file, "UTF-8")) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (int i = 0; i < layers.size(); i++) {
                copy(i, out);
            }
        }
    }

    private void index(int layer) throws IOException {
        try (TarArchiveInputStream in = open(layer)) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String path = clean(entry.getName());
                String name = path.substring(path.lastIndexOf('/') + 1);
                if (name.equals(OPAQUE)) {
                    hideBelow(parent(path), layer);
                } else if (name.startsWith(WHITEOUT)) {
                    String hidden = resolve(parent(path) + name.substring(WHITEOUT.length()));
                    winner.remove(hidden);
                    links.remove(hidden);
                    hideBelow(hidden + "/", layer);
                } else {
                    note(resolve(path), entry, layer);
                }
            }
        }
    }

    private void note(String path, TarArchiveEntry entry, int layer) {
        if (entry.isDirectory() && links.containsKey(path)) {
            return; // a package that brings /bin where it is a link already
        }
        if (folders.containsKey(path) && !entry.isDirectory()) {
            hideBelow(path + "/", layer + 1);
        }
        winner.put(path, layer);
        if (entry.isSymbolicLink()) {
            links.put(path, entry.getLinkName());
        } else {
            links.remove(path);
        }
        if (entry.isDirectory()) {
            folders.put(path, true);
        } else {
            folders.remove(path);
        }
    }

    private void hideBelow(String prefix, int layer) {
        winner.entrySet().removeIf(entry -> entry.getKey().startsWith(prefix) && entry.getValue() < layer);
    }

    private void copy(int layer, TarArchiveOutputStream out) throws IOException {
        try (TarArchiveInputStream in = open(layer)) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String path = resolve(clean(entry.getName()));
                if (path.isEmpty() || !Integer.valueOf(layer).equals(winner.get(path))) {
                    continue;
                }
                winner.put(path, -1);
                entry.setName(entry.isDirectory() ? path + "/" : path);
                if (entry.isLink()) {
                    entry.setLinkName(resolve(clean(entry.getLinkName())));
                }
                out.putArchiveEntry(plain(entry));
                in.transferTo(out);
                out.closeArchiveEntry();
            }
        }
    }

    /** Without what the writer would not understand again: extended headers are made anew from the fields. */
    private static TarArchiveEntry plain(TarArchiveEntry entry) {
        TarArchiveEntry copy =
                new TarArchiveEntry(entry.getName(), entry.isSparse() ? TarConstants.LF_NORMAL : entry.getLinkFlag());
        copy.setMode(entry.getMode());
        copy.setUserId(entry.getLongUserId());
        copy.setGroupId(entry.getLongGroupId());
        copy.setModTime(entry.getModTime());
        copy.setLinkName(entry.getLinkName());
        copy.setDevMajor(entry.getDevMajor());
        copy.setDevMinor(entry.getDevMinor());
        copy.setSize(entry.isFile() && !entry.isLink() ? entry.getSize() : 0);
        return copy;
    }

    private TarArchiveInputStream open(int layer) throws IOException {
        return new TarArchiveInputStream(layers.get(layer).open(), "UTF-8");
    }

    /** Without leading "./" and "/" and trailing "/". @throws IOException when it leads out of the archive */
    private static String clean(String name) throws IOException {
        StringBuilder path = new StringBuilder();
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                throw new IOException("the archive has a path that leads out of it: " + name);
            }
            if (!part.isEmpty() && !part.equals(".")) {
                path.append(path.isEmpty() ? "" : "/").append(part);
            }
        }
        return path.toString();
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /** The path with links to folders on the way replaced by what they point to. */
    private String resolve(String path) {
        String done = "";
        String[] parts = path.split("/");
        for (int i = 0; i < parts.length; i++) {
            String next = done.isEmpty() ? parts[i] : done + "/" + parts[i];
            String target = i < parts.length - 1 ? links.get(next) : null;
            if (target == null) {
                done = next;
            } else if (target.startsWith("/")) {
                done = target.substring(1);
            } else {
                done = normal(parent(next) + target);
            }
        }
        return done;
    }

    private static String normal(String path) {
        Path normal = Path.of("/" + path).normalize();
        return normal.toString().substring(1);
    }
}
