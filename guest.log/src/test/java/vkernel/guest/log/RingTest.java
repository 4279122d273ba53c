package vkernel.guest.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import vkernel.kern.Dmesg;

class RingTest {
    private final Ring ring = new Ring();
    private final Logger log = ring.getLogger("vkernel.guest.vm.OutOfMemory");

    private List<String> texts() {
        return ring.lines().stream().map(Dmesg.Line::text).toList();
    }

    @Test
    void aLineSaysWhoLoggedItAndHowGraveItIs() {
        log.info("{} of {} frames", 3, 4);
        log.warn("short of memory");
        List<Dmesg.Line> lines = ring.lines();
        assertThat(lines).extracting(Dmesg.Line::source).containsOnly("OutOfMemory");
        assertThat(lines).extracting(Dmesg.Line::level).containsExactly(6, 4);
        assertThat(texts()).containsExactly("3 of 4 frames", "short of memory");
        assertThat(lines.get(1).nanos()).isGreaterThanOrEqualTo(lines.get(0).nanos());
    }

    @Test
    void aTraceIsALineForEachOfItsLines() {
        ring.add(Level.INFO, "test", "it failed", new IllegalStateException("why"));
        assertThat(texts().subList(0, 2)).containsExactly("it failed", "java.lang.IllegalStateException: why");
        assertThat(texts()).hasSizeGreaterThan(3);
    }

    @Test
    void theOldestLinesGoWhenItIsFullAndNumbersGoOn() {
        int more = 10;
        while (ring.lines().isEmpty() || ring.lines().getFirst().seq() < more) {
            log.info("line");
        }
        int held = ring.lines().size();
        assertThat(ring.lines().getFirst().seq()).isEqualTo(more);
        assertThat(ring.lines().getLast().seq()).isEqualTo(more + held - 1);
        log.info("one more");
        assertThat(ring.lines()).hasSize(held);
    }

    @Test
    void clearedItStartsWithTheNextNumber() {
        log.info("first");
        ring.clear();
        assertThat(ring.lines()).isEmpty();
        log.info("second");
        assertThat(ring.lines()).extracting(Dmesg.Line::seq).containsExactly(1L);
    }

    @Test
    void aReaderGetsWhatIsHeldAndWhatComes() {
        List<String> read = new ArrayList<>();
        log.info("before");
        ring.follow(line -> read.add(line.text()));
        log.info("after");
        assertThat(read).containsExactly("before", "after");
        ring.restart();
        log.info("another kernel's");
        assertThat(read).hasSize(2);
    }

    @Test
    void whatNobodyWantsIsNotLogged() {
        assertThat(log.isInfoEnabled()).isTrue();
        assertThat(log.isDebugEnabled()).isFalse();
        log.debug("unheard");
        assertThat(ring.lines()).isEmpty();
    }

    @Test
    void aNameGivesOneLogger() {
        assertThat(ring.getLogger("a")).isSameAs(ring.getLogger("a"));
    }
}
