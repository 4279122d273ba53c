package vkernel.guest.fs.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Copies of this bundle's classes go once nobody uses them. A record of own types that is hashed or compared would keep one:
 * the JDK remembers, softly, the last types for which it made such a method (java.lang.runtime.ObjectMethods).
 */
class CopiesTest {
    private static final String PACKAGE = Procfs.class.getPackageName();

    /** Has classes of this package of its own. */
    private static final class Copy extends ClassLoader {
        Copy() {
            super(Procfs.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                if (known != null || !name.startsWith(PACKAGE + ".")) {
                    return known != null ? known : super.loadClass(name, resolve);
                }
                byte[] bytes = bytes(name);
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        private byte[] bytes(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static WeakReference<ClassLoader> used() throws ClassNotFoundException {
        Copy copy = new Copy();
        Class<?> folders = Class.forName(Folders.class.getName(), true, copy);
        assertThat(folders).isNotEqualTo(Folders.class);
        return new WeakReference<>(copy);
    }

    @Test
    void tablesThatWereMadeAreForgottenWithTheirClasses() throws Exception {
        List<WeakReference<ClassLoader>> copies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            copies.add(used());
        }
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (copies.stream().anyMatch(copy -> !copy.refersTo(null)) && System.nanoTime() < until) {
            System.gc();
        }
        assertThat(copies).allSatisfy(copy -> assertThat(copy.refersTo(null)).isTrue());
    }
}
