package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CodeCacheTest {
    @Test
    void keepsNoMorePagesThanItsLimit() {
        try (Arena arena = Arena.ofConfined()) {
            CodeCache cache = new CodeCache(new FlatRam(arena, 64 << 12, frame -> {}, () -> {}), 4, null);
            DecodedPage first = cache.page(0);
            first.decodeRun(0);
            for (int frame = 1; frame < 64; frame++) cache.page(frame);
            assertThat(Arrays.stream(cache.pages).filter(Objects::nonNull).count())
                    .isLessThanOrEqualTo(4);
            assertThat(first.code[0]).isZero();
            assertThat(cache.page(63)).isSameAs(cache.page(63));
        }
    }

    @Test
    void forgottenPageIsEmptyAndIsMadeAgain() {
        try (Arena arena = Arena.ofConfined()) {
            FlatRam ram = new FlatRam(arena, 4 << 12, frame -> {}, () -> {});
            CodeCache cache = new CodeCache(ram);
            DecodedPage page = cache.page(2);
            page.decodeRun(0);
            assertThat(page.code[0]).isNotZero();
            assertThat(ram.isCode(2)).isTrue();
            cache.forget(2);
            page.decodeRun(0);
            assertThat(page.code[0]).isZero();
            assertThat(cache.page(2)).isNotSameAs(page);
        }
    }
}
