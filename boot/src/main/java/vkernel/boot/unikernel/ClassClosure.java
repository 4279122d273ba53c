package vkernel.boot.unikernel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The classes of a jar that some of them refer to, whoever they refer to in turn. */
final class ClassClosure {
    private final ZipFile jar;

    ClassClosure(ZipFile jar) {
        this.jar = jar;
    }

    /** @param roots internal names, {@code a/b/C}; those that the jar does not have are nothing to it */
    Map<String, byte[]> of(Iterable<String> roots) throws IOException {
        Map<String, byte[]> found = new TreeMap<>();
        Deque<String> queue = new ArrayDeque<>();
        roots.forEach(queue::add);
        while (!queue.isEmpty()) {
            String name = queue.remove() + ".class";
            ZipEntry entry = jar.getEntry(name);
            if (entry == null || found.containsKey(name)) {
                continue;
            }
            try (InputStream in = jar.getInputStream(entry)) {
                byte[] bytes = in.readAllBytes();
                found.put(name, bytes);
                for (PoolEntry each : ClassFile.of().parse(bytes).constantPool()) {
                    if (each instanceof ClassEntry type) {
                        queue.add(type.asInternalName());
                    }
                }
            }
        }
        return found;
    }
}
