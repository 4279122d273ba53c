package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import vkernel.fs.Mode;
import vkernel.fs.OpenFile;
import vkernel.kern.Errno;
import vkernel.kern.Result;

/** Random calls agree with a map from path to content; a directory has no content. */
class RandomPathsTest {
    private static final String DIRECTORY = "\0";

    private final Guest guest = new Guest();
    private final Guest.Process root = guest.rootProcess();
    private final TreeMap<String, String> model = new TreeMap<>();
    private final long seed = Long.getLong("vkernel.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void randomCallsAgreeWithAMapOfPaths() {
        System.out.println("RandomPathsTest seed " + seed + " (-Dvkernel.seed=)");
        model.put("", DIRECTORY);
        for (int i = 0; i < 20_000; i++) {
            String path = path();
            switch (random.nextInt(7)) {
                case 0, 1 -> write(path, Integer.toString(i));
                case 2 -> assertThat(root.mkdir(path)).as("mkdir %s", path).isEqualTo(mkdir(path));
                case 3 -> assertThat(root.unlink(path)).as("unlink %s", path).isEqualTo(unlink(path));
                case 4 -> assertThat(root.rmdir(path)).as("rmdir %s", path).isEqualTo(rmdir(path));
                case 5 -> {
                    String to = path();
                    assertThat(root.rename(path, to)).as("%s to %s", path, to).isEqualTo(rename(path, to));
                }
                default -> assertThat(root.error(path)).as("walk %s", path).isEqualTo(find(path));
            }
        }
        model.forEach((path, content) -> {
            if (content.equals(DIRECTORY)) {
                assertThat(root.list(path + "/")).hasSize((int) children(path));
            } else {
                assertThat(root.content(path)).isEqualTo(content);
            }
        });
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        do {
            path.append('/').append((char) ('a' + random.nextInt(4)));
        } while (random.nextInt(5) < 3 && path.length() < 10);
        return path.toString();
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private boolean directory(String path) {
        return DIRECTORY.equals(model.get(path));
    }

    private long children(String path) {
        return model.keySet().stream()
                .filter(other -> other.startsWith(path + "/") && parent(other).equals(path))
                .count();
    }

    /** What is wrong on the way to a path's last name. */
    private long way(String path) {
        for (int at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
            String before = path.substring(0, at);
            if (!model.containsKey(before)) {
                return -Errno.ENOENT;
            }
            if (!directory(before)) {
                return -Errno.ENOTDIR;
            }
        }
        return 0;
    }

    private long find(String path) {
        long error = way(path);
        return error == 0 && !model.containsKey(path) ? -Errno.ENOENT : error;
    }

    private void write(String path, String content) {
        Result<OpenFile> file = root.tryOpen(path, Mode.O_CREAT | Mode.O_WRONLY | Mode.O_TRUNC, 0644);
        long expected = way(path) != 0 ? way(path) : directory(path) ? -Errno.EISDIR : 0;
        assertThat(file.error()).as("write %s", path).isEqualTo(expected);
        if (expected == 0) {
            root.write(file.value(), content);
            guest.vfs.close(file.value());
            model.put(path, content);
        }
    }

    private long mkdir(String path) {
        if (way(path) != 0) {
            return way(path);
        }
        return model.putIfAbsent(path, DIRECTORY) == null ? 0 : -Errno.EEXIST;
    }

    private long unlink(String path) {
        long error = find(path);
        if (error == 0 && directory(path)) {
            error = -Errno.EISDIR;
        }
        if (error == 0) {
            model.remove(path);
        }
        return error;
    }

    private long rmdir(String path) {
        long error = find(path);
        if (error == 0) {
            error = !directory(path) ? -Errno.ENOTDIR : children(path) > 0 ? -Errno.ENOTEMPTY : 0;
        }
        if (error == 0) {
            model.remove(path);
        }
        return error;
    }

    private long rename(String from, String to) {
        long error = way(from) != 0 ? way(from) : way(to) != 0 ? way(to) : find(from);
        if (error != 0 || from.equals(to)) {
            return error;
        }
        if (to.startsWith(from + "/")) {
            return -Errno.EINVAL;
        }
        if (from.startsWith(to + "/")) {
            return -Errno.ENOTEMPTY;
        }
        if (model.containsKey(to) && directory(from) != directory(to)) {
            return directory(from) ? -Errno.ENOTDIR : -Errno.EISDIR;
        }
        if (children(to) > 0) {
            return -Errno.ENOTEMPTY;
        }
        TreeMap<String, String> moved = new TreeMap<>();
        model.forEach((path, content) -> {
            if (path.equals(from) || path.startsWith(from + "/")) {
                moved.put(path, content);
            }
        });
        moved.keySet().forEach(model::remove);
        moved.forEach((path, content) -> model.put(to + path.substring(from.length()), content));
        return 0;
    }
}
