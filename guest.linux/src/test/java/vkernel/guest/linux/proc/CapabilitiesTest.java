package vkernel.guest.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import vkernel.task.Credentials;

class CapabilitiesTest {
    private static final long ALL = Credentials.ALL_CAPABILITIES;
    private static final Credentials ROOT = Credentials.ROOT;

    @Test
    void whoStopsBeingRootLosesEverything() {
        Credentials user = Capabilities.afterUids(ROOT, 1, 1, 1, false);
        assertThat(user.capabilities().permitted()).isZero();
        assertThat(user.capabilities().effective()).isZero();
        assertThat(user.fsuid()).isEqualTo(1);
    }

    @Test
    void keptCapabilitiesArePermittedButNotInForce() {
        Credentials user = Capabilities.afterUids(ROOT, 1, 1, 1, true);
        assertThat(user.capabilities().permitted()).isEqualTo(ALL);
        assertThat(user.capabilities().effective()).isZero();
    }

    @Test
    void whoStaysRootSomewhereCanComeBack() {
        Credentials away = Capabilities.afterUids(ROOT, 0, 1, 0, false);
        assertThat(away.capabilities().effective()).isNotEqualTo(ALL);
        assertThat(away.capabilities().permitted()).isEqualTo(ALL);
        assertThat(Capabilities.afterUids(away, 0, 0, 0, false).capabilities().effective())
                .isEqualTo(ALL);
    }

    @Test
    void theFsuidTakesTheRightsOnFilesAlong() {
        Credentials server = Capabilities.afterFsuid(ROOT, 5);
        assertThat(server.can(1)).isFalse();
        assertThat(server.can(Credentials.CAP_KILL)).isTrue();
        assertThat(Capabilities.afterFsuid(server, 0)).isEqualTo(ROOT);
    }

    @Test
    void idsGiveAllOrNothing() {
        assertThat(new Credentials(1, 0, 0, 0, 1, 1, 1, 1, List.of())
                        .capabilities()
                        .effective())
                .isEqualTo(ALL);
        assertThat(new Credentials(0, 1, 1, 1, 1, 1, 1, 1, List.of())
                        .capabilities()
                        .effective())
                .isZero();
    }
}
