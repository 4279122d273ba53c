package vkernel.boot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import vkernel.boot.image.ImageStore;
import vkernel.host.ByteRom;
import vkernel.host.FileRom;
import vkernel.host.Rom;

/** Root file systems. */
final class Roots {
    /** What {@code --root} calls the built-in userland. */
    private static final String BUILT_IN = "builtin";

    /** The built-in userland, part of this program (see {@code user/}). */
    static Rom builtIn() {
        try (InputStream in = Roots.class.getClassLoader().getResourceAsStream("vkernel/user/rootfs.cpio.gz")) {
            if (in == null) {
                throw new BootException("the built-in root file system is not in this program");
            }
            return new ByteRom(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code --root} names: a folder, an archive, an image of the user's, or else {@value #BUILT_IN}. */
    static Rom named(String name) {
        Optional<ImageStore.Image> image =
                name.indexOf('/') < 0 ? ImageStore.ofUser().find(name) : Optional.empty();
        if (image.isPresent()) {
            return new FileRom(image.get().archive());
        }
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            return HostTar.folder(path);
        }
        if (Files.isRegularFile(path)) {
            return new FileRom(path);
        }
        if (name.equals(BUILT_IN)) {
            return builtIn();
        }
        throw new BootException(
                "--root: there is no image, folder or archive named " + name + "; 'vk image list' shows the images");
    }

    /** Whether an image is an ext file system as a whole, by its magic number. */
    static boolean isFileSystem(Path image) {
        try (InputStream in = Files.newInputStream(image)) {
            byte[] start = in.readNBytes(1082);
            return start.length == 1082 && start[1080] == 0x53 && (start[1081] & 0xff) == 0xef;
        } catch (IOException e) {
            return false; // whoever opens it as a disk says what is wrong
        }
    }

    private Roots() {}
}
