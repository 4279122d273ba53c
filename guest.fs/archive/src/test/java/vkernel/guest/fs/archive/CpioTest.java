package vkernel.guest.fs.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.junit.jupiter.api.Test;
import vkernel.fs.Mode;

/** Cpio archives become the tree that they describe. */
class CpioTest {
    private static CpioArchiveEntry entry(String name, long mode, int size) {
        CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name);
        entry.setMode(mode);
        entry.setSize(size);
        entry.setInode(77);
        entry.setNumberOfLinks(1);
        return entry;
    }

    @Test
    void filesAndDirectories() throws IOException {
        Mounted root = new Mounted(Tars.cpio("dir/", "", "dir/f", "hello", "g", "x".repeat(9001), "empty", ""));
        assertThat(root.text("dir/f")).isEqualTo("hello");
        assertThat(root.text("g")).isEqualTo("x".repeat(9001));
        assertThat(root.get("empty").length()).isZero();
        assertThat(root.get("dir").mtime).isEqualTo(1000_000_000_000L);
        assertThat(root.get("dir/f").mode).isEqualTo(Mode.S_IFREG | 0644);
    }

    @Test
    void aPackedArchiveGivesTheSameTree() throws IOException {
        byte[] plain = Tars.cpio("dir/", "", "dir/f", "hello", "g", "x".repeat(9001));
        assertThat(new Mounted(Tars.gzip(plain)).tree())
                .isEqualTo(new Mounted(plain).tree())
                .hasSize(3);
    }

    @Test
    void linksAndDevices() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioArchiveOutputStream out = new CpioArchiveOutputStream(bytes)) {
            Tars.put(out, entry("link", CpioConstants.C_ISLNK | 0777, 4), "file".getBytes());
            CpioArchiveEntry device = entry("console", CpioConstants.C_ISCHR | 0600, 0);
            device.setRemoteDeviceMaj(5);
            device.setRemoteDeviceMin(1);
            Tars.put(out, device, new byte[0]);
            CpioArchiveEntry socket = entry("socket", CpioConstants.C_ISSOCK | 0600, 0);
            Tars.put(out, socket, new byte[0]);
        }
        Mounted root = new Mounted(bytes.toByteArray());
        assertThat(root.get("link").target).isEqualTo("file");
        assertThat(root.get("console").rdev).isEqualTo(Mode.device(5, 1));
        assertThat(root.has("socket"))
                .as("a socket is nothing without its maker")
                .isFalse();
    }

    @Test
    void severalNamesOfOneFileShareItsContents() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioArchiveOutputStream out = new CpioArchiveOutputStream(bytes)) {
            for (String name : new String[] {"one", "two", "three"}) {
                // as GNU cpio does it: the contents stand at the last name
                int size = name.equals("three") ? 4 : 0;
                CpioArchiveEntry entry = entry(name, CpioConstants.C_ISREG | 0644, size);
                entry.setNumberOfLinks(3);
                Tars.put(out, entry, "text".substring(0, size).getBytes());
            }
        }
        Mounted root = new Mounted(bytes.toByteArray());
        assertThat(root.text("one")).isEqualTo("text");
        assertThat(root.get("two")).isSameAs(root.get("one")).isSameAs(root.get("three"));
        assertThat(root.get("one").nlink).isEqualTo(3);
    }

    @Test
    void archivesBehindOneAnotherAreOneTree() throws IOException {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(Tars.cpio("a", "old", "b", "b"));
        both.write(new byte[512]);
        both.write(Tars.cpio("a", "new"));
        Mounted root = new Mounted(both.toByteArray());
        assertThat(root.text("a")).isEqualTo("new");
        assertThat(root.text("b")).isEqualTo("b");
    }

    @Test
    void noNameLeadsOut() throws IOException {
        Mounted root = new Mounted(Tars.cpio("../../f", "x", "/g", "y"));
        assertThat(root.text("f")).isEqualTo("x");
        assertThat(root.text("g")).isEqualTo("y");
    }
}
