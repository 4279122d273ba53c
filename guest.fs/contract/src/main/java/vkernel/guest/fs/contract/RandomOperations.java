package vkernel.guest.fs.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import vkernel.fs.Inode;
import vkernel.kern.Errno;

/** Random operations on a file system and on a model of one; both must stay the same. */
final class RandomOperations {
    /** A file or directory of the model. */
    private static final class Node {
        final Inode inode;
        final @Nullable Map<String, Node> children;
        byte[] content = {};
        int links = 1;

        Node(Inode inode, boolean directory) {
            this.inode = inode;
            this.children = directory ? new TreeMap<>() : null;
        }

        Map<String, Node> children() {
            if (children == null) {
                throw new IllegalStateException("a file");
            }
            return children;
        }
    }

    private final FileSystemContract on;
    private final Random random;
    private final Node root;

    RandomOperations(FileSystemContract on, long seed) {
        this.on = on;
        random = new Random(seed);
        root = new Node(on.root, true);
    }

    void run(int operations) {
        for (int i = 0; i < operations; i++) {
            operation();
            if (i % 100 == 0) {
                compare(root);
            }
        }
        compare(root);
    }

    private void operation() {
        Node dir = directory();
        String name = name();
        Node there = dir.children().get(name);
        if (there == null) {
            make(dir, name);
        } else {
            switch (random.nextInt(4)) {
                case 0 -> remove(dir, name, there);
                case 1 -> rename(dir, name, there);
                default -> change(there);
            }
        }
    }

    private String name() {
        return "n" + random.nextInt(6);
    }

    /** A directory at random: from the root down. */
    private Node directory() {
        Node at = root;
        while (random.nextInt(3) > 0) {
            List<Node> below = at.children().values().stream()
                    .filter(node -> node.children != null)
                    .toList();
            if (below.isEmpty()) {
                break;
            }
            at = below.get(random.nextInt(below.size()));
        }
        return at;
    }

    private void make(Node dir, String name) {
        Node other = directory().children().get(name());
        if (random.nextInt(3) == 0) {
            dir.children().put(name, new Node(on.dir(dir.inode, name), true));
        } else if (other != null && other.children == null) {
            assertThat(on.fs.link(on.task, dir.inode, name, other.inode)).isZero();
            other.links++;
            dir.children().put(name, other);
        } else {
            dir.children().put(name, new Node(on.file(dir.inode, name), false));
        }
    }

    private void remove(Node dir, String name, Node victim) {
        if (victim.children == null) {
            assertThat(on.fs.unlink(on.task, dir.inode, name, victim.inode)).isZero();
        } else {
            long expected = victim.children.isEmpty() ? 0 : -Errno.ENOTEMPTY;
            assertThat(on.fs.rmdir(on.task, dir.inode, name, victim.inode)).isEqualTo(expected);
            if (expected != 0) {
                return;
            }
        }
        dir.children().remove(name);
        gone(victim);
    }

    private void gone(Node node) {
        if (node.children != null || --node.links == 0) {
            on.fs.evict(node.inode);
        }
    }

    private void rename(Node from, String oldName, Node moved) {
        Node to = directory();
        String newName = name();
        Node target = to.children().get(newName);
        // Vfs sees to these
        if (below(moved, to) || target == moved || target != null && below(target, from)) {
            return;
        }
        if (target != null && random.nextBoolean()) {
            assertThat(on.fs.rename(on.task, from.inode, oldName, to.inode, newName, 2))
                    .isZero();
            from.children().put(oldName, target);
            to.children().put(newName, moved);
            return;
        }
        if (target != null && (target.children == null) != (moved.children == null)) {
            return;
        }
        boolean full = target != null && target.children != null && !target.children.isEmpty();
        assertThat(on.fs.rename(on.task, from.inode, oldName, to.inode, newName, 0))
                .isEqualTo(full ? -Errno.ENOTEMPTY : 0);
        if (!full) {
            from.children().remove(oldName);
            to.children().put(newName, moved);
            if (target != null) {
                gone(target);
            }
        }
    }

    private static boolean below(Node ancestor, Node node) {
        return ancestor == node
                || ancestor.children != null
                        && ancestor.children.values().stream().anyMatch(child -> below(child, node));
    }

    private void change(Node node) {
        if (node.children != null) {
            return;
        }
        int position = random.nextInt(3) * 3000;
        if (random.nextInt(3) == 0) {
            assertThat(on.fs.truncate(on.task, node.inode, position)).isZero();
            node.content = Arrays.copyOf(node.content, position);
            return;
        }
        byte[] bytes = new byte[random.nextInt(5000)];
        random.nextBytes(bytes);
        assertThat(on.write(node.inode, position, bytes)).isEqualTo(bytes.length);
        if (bytes.length > 0) {
            node.content = Arrays.copyOf(node.content, Math.max(node.content.length, position + bytes.length));
            System.arraycopy(bytes, 0, node.content, position, bytes.length);
        }
    }

    private void compare(Node node) {
        if (node.children == null) {
            assertThat(node.inode.nlink).isEqualTo(node.links);
            assertThat(on.read(node.inode, 0, 20_000)).isEqualTo(node.content);
            return;
        }
        List<String> expected = new ArrayList<>(List.of(".", ".."));
        expected.addAll(node.children.keySet());
        assertThat(on.names(node.inode)).containsExactlyInAnyOrderElementsOf(expected);
        long directories = node.children.values().stream()
                .filter(child -> child.children != null)
                .count();
        assertThat(node.inode.nlink).isEqualTo((int) directories + 2);
        node.children.forEach((name, child) -> {
            assertThat(on.fs.lookup(on.task, node.inode, name).value()).isSameAs(child.inode);
            compare(child);
        });
    }
}
