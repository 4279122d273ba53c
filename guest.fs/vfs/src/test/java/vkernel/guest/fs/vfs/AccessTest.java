package vkernel.guest.fs.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static vkernel.fs.Mode.*;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vkernel.fs.Vfs;
import vkernel.kern.Errno;
import vkernel.task.Credentials;

/** Who may do what with a file, its mode, owner and extended attributes. */
class AccessTest {
    private final Guest guest = new Guest();
    private final Guest.Process root = guest.rootProcess();
    private final Guest.Process owner = guest.process(10, 10);
    private final Guest.Process member = guest.process(11, 11, 20);
    private final Guest.Process other = guest.process(12, 12);

    @BeforeEach
    void file() {
        root.file("/f", "");
        root.chown("/f", 10, 20);
    }

    @ParameterizedTest
    @CsvSource({
        // mode, wanted rwx bits, owner, member, other, root
        "0640, 4, OK, OK, EACCES, OK",
        "0640, 2, OK, EACCES, EACCES, OK",
        "0640, 1, EACCES, EACCES, EACCES, EACCES",
        "0001, 1, EACCES, EACCES, OK, OK",
        "0077, 4, EACCES, OK, OK, OK",
        "0407, 4, OK, EACCES, OK, OK",
        "0777, 7, OK, OK, OK, OK",
        "0000, 0, OK, OK, OK, OK",
    })
    void theFirstClassThatFitsDecides(
            String mode, int wanted, String ofOwner, String ofMember, String ofOther, String ofRoot) {
        root.chmod("/f", Integer.parseInt(mode, 8));
        assertThat(List.of(may(owner, wanted), may(member, wanted), may(other, wanted), may(root, wanted)))
                .containsExactly(ofOwner, ofMember, ofOther, ofRoot);
    }

    private String may(Guest.Process process, int wanted) {
        long error = guest.vfs.permission(process.task, root.path("/f"), wanted, false);
        return error == 0 ? "OK" : Errno.name((int) -error);
    }

    @Test
    void accessAsksForTheRealUser() {
        root.chmod("/f", 0600);
        other.task.credentials = new Credentials(12, 0, 0, 0, 12, 0, 0, 0, List.of());
        assertThat(guest.vfs.permission(other.task, root.path("/f"), Vfs.READ, false))
                .isZero();
        assertThat(guest.vfs.permission(other.task, root.path("/f"), Vfs.READ, true))
                .isEqualTo(-Errno.EACCES);
    }

    @Test
    void onlyTheOwnerChangesTheMode() {
        assertThat(owner.chmod("/f", 0600)).isZero();
        assertThat(member.chmod("/f", 0666)).isEqualTo(-Errno.EPERM);
        assertThat(owner.chmod("/f", 02755)).isZero();
        assertThat(root.stat("/f").mode & 07777).as("not in the group").isEqualTo(0755);
        root.symlink("f", "/l");
        assertThat(guest.vfs.chmod(root.task, root.walk("/l", 0).value(), 0)).isEqualTo(-Errno.EOPNOTSUPP);
    }

    @Test
    void onlyRootGivesFilesAway() {
        assertThat(owner.chown("/f", 11, -1)).isEqualTo(-Errno.EPERM);
        assertThat(owner.chown("/f", 10, 10)).isZero();
        assertThat(owner.chown("/f", -1, 20)).isEqualTo(-Errno.EPERM);
        assertThat(other.chown("/f", -1, 12)).isEqualTo(-Errno.EPERM);
        assertThat(root.chown("/f", 1, 2)).isZero();
    }

    @Test
    void aNewOwnerTakesSetIdsAway() {
        root.chmod("/f", 06755);
        root.chown("/f", 1, 1);
        assertThat(root.stat("/f").mode & 07777).isEqualTo(0755);
        root.mkdir("/d");
        root.chmod("/d", 02755);
        root.chown("/d", 1, 1);
        assertThat(root.stat("/d").mode & 07777).isEqualTo(02755);
    }

    private long set(Guest.Process process, String path, String name, String value, int flags) {
        return guest.vfs.setxattr(process.task, root.path(path), name, value.getBytes(), flags);
    }

    @Test
    void extendedAttributesAreKept() {
        assertThat(set(owner, "/f", "user.a", "value", 0)).isZero();
        byte[] value = new byte[10];
        assertThat(guest.vfs.getxattr(owner.task, root.path("/f"), "user.a", value))
                .isEqualTo(5);
        assertThat(value).startsWith('v', 'a', 'l', 'u', 'e');
        assertThat(guest.vfs.getxattr(owner.task, root.path("/f"), "user.a", new byte[0]))
                .isEqualTo(5);
        assertThat(guest.vfs.getxattr(owner.task, root.path("/f"), "user.a", new byte[3]))
                .isEqualTo(-Errno.ERANGE);
        assertThat(guest.vfs.getxattr(owner.task, root.path("/f"), "user.b", value))
                .isEqualTo(-Errno.ENODATA);
        assertThat(set(owner, "/f", "user.a", "", 1)).isEqualTo(-Errno.EEXIST);
        assertThat(set(owner, "/f", "user.b", "", 2)).isEqualTo(-Errno.ENODATA);
        assertThat(set(owner, "/f", "user.b", "", 4)).isEqualTo(-Errno.EINVAL);
        assertThat(guest.vfs.removexattr(owner.task, root.path("/f"), "user.a")).isZero();
        assertThat(guest.vfs.removexattr(owner.task, root.path("/f"), "user.a")).isEqualTo(-Errno.ENODATA);
    }

    @Test
    void extendedAttributesOfAllFilesTogetherAreBounded() {
        long full = 0;
        for (int i = 0; full == 0 && i < 1000; i++) {
            root.file("/x" + i, "");
            full = set(root, "/x" + i, "user.a", "x".repeat(65536), 0);
        }
        assertThat(full).isEqualTo(-Errno.ENOSPC);
        root.unlink("/x0");
        assertThat(set(root, "/f", "user.a", "x".repeat(60000), 0)).isZero();
        assertThat(guest.vfs.removexattr(root.task, root.path("/f"), "user.a")).isZero();
        assertThat(set(root, "/f", "user.b", "x".repeat(60000), 0)).isZero();
    }

    @Test
    void extendedAttributesHaveTheirRules() {
        assertThat(set(other, "/f", "user.a", "", 0)).isEqualTo(-Errno.EACCES);
        assertThat(set(owner, "/f", "trusted.a", "", 0)).isEqualTo(-Errno.EPERM);
        assertThat(set(owner, "/f", "system.posix_acl_access", "", 0)).isEqualTo(-Errno.EOPNOTSUPP);
        assertThat(set(owner, "/f", "user." + "x".repeat(251), "", 0)).isEqualTo(-Errno.ERANGE);
        assertThat(set(owner, "/f", "user.a", "x".repeat(65537), 0)).isEqualTo(-Errno.E2BIG);
        assertThat(set(owner, "/f", "user.a", "x".repeat(65536), 0)).isZero();
        assertThat(set(owner, "/f", "user.b", "x".repeat(65536), 0)).isEqualTo(-Errno.ENOSPC);
        root.mknod("/p", S_IFIFO | 0666);
        assertThat(set(root, "/p", "user.a", "", 0)).isEqualTo(-Errno.EPERM);
        assertThat(set(root, "/f", "trusted.a", "", 0)).isZero();
        assertThat(guest.vfs.listxattr(owner.task, root.path("/f")).value()).containsExactly("user.a");
        assertThat(guest.vfs.listxattr(root.task, root.path("/f")).value()).containsExactly("trusted.a", "user.a");
    }
}
