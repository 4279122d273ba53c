package vkernel.drivers.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vkernel.net.IpAddress;

class PlanTest {
    private static final InetSocketAddress NAMES = new InetSocketAddress("192.0.2.53", 53);
    private final Plan plan = new Plan(List.of(NAMES));

    @Test
    void addressesInsideStandForThoseOutside() {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
        assertThat(plan.out(Plan.HOST, 80)).contains(loopback);
        assertThat(plan.out(Plan.NAMES, 53)).contains(NAMES);
        assertThat(plan.out(IpAddress.v4(0xc000_0201), 7)).contains(new InetSocketAddress("192.0.2.1", 7));
        assertThat(plan.in(loopback)).isEqualTo(Plan.HOST);
        assertThat(plan.in(NAMES)).isEqualTo(Plan.NAMES);
        assertThat(plan.in(new InetSocketAddress("192.0.2.1", 7))).isEqualTo(IpAddress.v4(0xc000_0201));
    }

    @Test
    void nobodyElseIsOnTheNetInside() {
        assertThat(plan.out(IpAddress.v4(0x0a00_0209), 80)).isEmpty();
        assertThat(plan.out(Plan.NAMES, 80)).isEmpty();
        assertThat(plan.out(IpAddress.LOOPBACK, 80)).isEmpty();
        assertThat(new Plan(List.of()).out(Plan.NAMES, 53)).isEmpty();
    }

    @Test
    void aPortIsPublishedOnTheLoopbackUnlessTold() {
        assertThat(Publication.parse("8080:80"))
                .isEqualTo(new Publication(new InetSocketAddress("127.0.0.1", 8080), 80));
        assertThat(Publication.parse("0.0.0.0:8080:80"))
                .isEqualTo(new Publication(new InetSocketAddress("0.0.0.0", 8080), 80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "a:b", "80:", "1:2:3:4", "99999:1", "-1:1"})
    void whatIsNoPublicationIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Publication.parse(text));
    }
}
