package vkernel.guest.kern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vkernel.kern.Poll;
import vkernel.kern.PollWeaver;
import vkernel.kern.Stalled;

/** Woven classes do what they did, and their loops can be ended. */
@Timeout(30)
public class WeaverTest {
    /** Loops of every kind that javac makes. */
    public static final class Loops implements IntSupplier {
        @Override
        public int getAsInt() {
            int sum = 0;
            for (int i = 0; i < 10; i++) {
                switch (i) {
                    case 3 -> {
                        continue;
                    }
                    case 5 -> sum += 100;
                    default -> sum += i;
                }
            }
            int[] values = {1, 2, 3};
            for (int value : values) {
                sum += value;
            }
            do {
                sum--;
            } while (sum % 7 != 0);
            synchronized (this) {
                String text = sum > 0 ? "a" : new StringBuilder("b").toString();
                return sum + text.length();
            }
        }
    }

    /** One that does not end, and catches what it can. */
    public static final class Forever implements IntSupplier {
        private int caught;

        @Override
        public int getAsInt() {
            while (true) {
                try {
                    entered();
                    while (true) {
                        Thread.onSpinWait();
                    }
                } catch (Throwable all) {
                    caught++;
                }
            }
        }

        private static void entered() {
            STARTED.set(true);
        }
    }

    /** One that calls itself from a loop of the JDK's. */
    public static final class Calls implements IntSupplier {
        @Override
        public int getAsInt() {
            STARTED.set(true);
            return java.util.stream.IntStream.iterate(0, i -> i ^ 1)
                    .filter(i -> i == 2)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** Loaded by the parent: what a woven class and the test both see. */
    public static final AtomicReference<Boolean> STARTED = new AtomicReference<>(false);

    private static final class Loader extends ClassLoader {
        Loader() {
            super(WeaverTest.class.getClassLoader());
        }

        Class<?> woven(Class<?> type) throws IOException {
            String path = type.getName().replace('.', '/') + ".class";
            try (InputStream in = type.getResourceAsStream("/" + path)) {
                byte[] bytes = PollWeaver.woven(in.readAllBytes());
                return defineClass(type.getName(), bytes, 0, bytes.length);
            }
        }
    }

    private static IntSupplier woven(Class<?> type) throws ReflectiveOperationException, IOException {
        Class<?> woven = new Loader().woven(type);
        assertThat(woven).isNotSameAs(type);
        return (IntSupplier) woven.getConstructor().newInstance();
    }

    @Test
    void aWovenClassDoesWhatItDid() throws Exception {
        assertThat(woven(Loops.class).getAsInt()).isEqualTo(new Loops().getAsInt());
    }

    /** Frames of all kinds: this bundle's own classes. */
    @Test
    void whatIsWovenVerifies() throws Exception {
        Path classes = Path.of(
                Weaver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            List<Path> all = files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("package-info.class"))
                    .toList();
            assertThat(all).hasSizeGreaterThan(30);
            for (Path file : all) {
                byte[] woven = PollWeaver.woven(Files.readAllBytes(file));
                assertThat(ClassFile.of().verify(woven)).as(file.toString()).isEmpty();
            }
        }
    }

    @Test
    void aLoopThatCatchesEverythingEndsAllTheSame() throws Exception {
        Throwable stalled = thrown(woven(Forever.class));
        assertThat(stalled).isInstanceOf(Stalled.class);
        assertThat(stalled.getStackTrace()[0].getClassName()).isEqualTo(Forever.class.getName());
    }

    @Test
    void aCallbackOfTheJdkEnds() throws Exception {
        assertThat(thrown(woven(Calls.class))).isInstanceOf(Stalled.class);
    }

    /** Condemns a thread while it is at work. */
    @SuppressWarnings("ReturnValueIgnored") // what is computed is of no interest
    private static Throwable thrown(IntSupplier work) throws InterruptedException {
        STARTED.set(false);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                work.getAsInt();
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        while (!STARTED.get()) {
            Thread.onSpinWait();
        }
        Poll.condemn(thread, false, () -> true);
        thread.join();
        Poll.spare(thread);
        return thrown.get();
    }
}
