package vkernel.boot.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kernels that can be booted by name.
 *
 * @param shipped folder of those that come with the program; they cannot be changed
 * @param own the user's folder; need not be there yet
 */
public record Kernels(Path shipped, Path own) {
    /** {@code $XDG_CONFIG_HOME/vkernel/kernels}, or {@code ~/.config/vkernel/kernels}. */
    public static Path folderOfUser() {
        String config = System.getenv("XDG_CONFIG_HOME");
        Path base = config != null && !config.isBlank()
                ? Path.of(config)
                : Path.of(System.getProperty("user.home"), ".config");
        return base.resolve("vkernel").resolve("kernels");
    }

    /** All names, the shipped ones first. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>(in(shipped));
        in(own).stream().filter(name -> !names.contains(name)).forEach(names::add);
        return names;
    }

    private static List<String> in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(KernelFile.SUFFIX))
                    .map(file -> file.substring(0, file.length() - KernelFile.SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    /** Whether it is a file that is named, and not a kernel. */
    static boolean isFile(String name) {
        return name.endsWith(KernelFile.SUFFIX);
    }

    public boolean isShipped(String name) {
        return Files.exists(shipped.resolve(name + KernelFile.SUFFIX));
    }

    /** Where a kernel stands, by its name or as a file {@code .bndrun}. @throws IOException when there is none of that name, saying which there are */
    public Path file(String name) throws IOException {
        if (isFile(name)) {
            return Path.of(name);
        }
        Path known = isShipped(name) ? shipped.resolve(name + KernelFile.SUFFIX) : own(name);
        if (!Files.exists(known)) {
            throw new IOException("no kernel named " + name + "; there are: " + String.join(", ", names()));
        }
        return known;
    }

    /** Where the user's kernel of a name stands or would stand. */
    Path own(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new ComposeException("'" + name
                    + "' is no name for a kernel: letters, digits, '.', '_' and '-', a letter or digit first");
        }
        return own.resolve(name + KernelFile.SUFFIX);
    }

    public KernelFile read(String name) throws IOException {
        return KernelFile.read(file(name));
    }

    /** The user's own, to be changed. @throws ComposeException when it is a shipped one */
    KernelFile readOwn(String name) throws IOException {
        if (isShipped(name)) {
            throw new ComposeException(
                    name + " comes with vkernel and stays as it is; make your own of it: vk kernel new "
                            + "MINE --from " + name);
        }
        own(name); // it has a name, and is no file
        return read(name);
    }

    /** Deletes a kernel of the user's. */
    public void delete(String name) throws IOException {
        if (isShipped(name)) {
            throw new ComposeException(name + " comes with vkernel and stays");
        }
        Files.delete(file(name));
    }
}
