package vkernel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

class LauncherTest {
    /** What the framework exports from the launcher's class path is what the API bundles export. */
    @Test
    void exportsThePackagesOfTheApiBundles() throws IOException {
        Set<String> exported = new TreeSet<>();
        for (URL url : Collections.list(getClass().getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
            try (InputStream in = url.openStream()) {
                Manifest manifest = new Manifest(in);
                String exports = manifest.getMainAttributes().getValue("Export-Package");
                if ("vkernel".equals(manifest.getMainAttributes().getValue("Bundle-Vendor")) && exports != null) {
                    for (String clause : exports.replaceAll(":?=\"[^\"]*\"", "").split(",")) {
                        exported.add(clause.split(";")[0]);
                    }
                }
            }
        }
        exported.remove("vkernel.rump"); // for programs that have no framework
        assertThat(KernelFramework.API_PACKAGES).containsExactlyInAnyOrderElementsOf(exported);
    }
}
