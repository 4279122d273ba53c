package vkernel.host.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import vkernel.host.Ram;

class CodeCacheTest {
    @Test
    void keepsNoMorePagesThanItsLimit() {
        try (Ram ram = new Ram(64 << 12)) {
            CodeCache cache = new CodeCache(ram, 4, null);
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
        try (Ram ram = new Ram(4 << 12)) {
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
