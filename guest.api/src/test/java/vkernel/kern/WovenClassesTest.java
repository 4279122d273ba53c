package vkernel.kern;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class WovenClassesTest {
    private final WovenClasses classes = new WovenClasses();

    @Test
    void whatComesOnceMoreIsNotWovenOnceMore() throws IOException {
        byte[] woven = classes.woven(bytes(TimerHeap.class));
        assertThat(woven).isEqualTo(PollWeaver.woven(bytes(TimerHeap.class)));
        classes.woven(bytes(Timer.class));
        assertThat(classes.woven(bytes(TimerHeap.class))).isSameAs(woven);
    }

    @Test
    void aClassThatWasChangedIsWovenAnew() throws IOException {
        byte[] changed = PollWeaver.woven(bytes(TimerHeap.class)); // it has polls already, and gets more
        assertThat(classes.woven(changed)).isNotEqualTo(classes.woven(bytes(TimerHeap.class)));
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return in.readAllBytes();
        }
    }
}
