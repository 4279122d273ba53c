package vkernel.it.swap;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A bundle made in memory: the classes of one of the composition, and {@link Wrapped} around its provider. */
final class MadeBundle {
    private static final String API = "vkernel.kern,vkernel.task,vkernel.vm,vkernel.fs,vkernel.dev,vkernel.abi,"
            + "vkernel.sched,vkernel.net,vkernel.host,vkernel.host.engine,org.slf4j,org.osgi.framework";

    private final Attributes headers = new Attributes();
    private final Path original;
    private Class<?> component;
    private Class<?> service;

    private MadeBundle(String original, String provider) {
        this.original = Path.of(System.getProperty("vkernel.home"), "bundles", original + ".jar");
        header("Manifest-Version", "1.0");
        header("Bundle-ManifestVersion", "2");
        header("Bundle-SymbolicName", "made." + original);
        header("Import-Package", API);
        header("Bundle-Activator", Wrapped.class.getName());
        header("Provider", provider);
        header("Methods", "-");
        header("Way", Wrapped.Way.GOOD.name());
    }

    /** One with a component of Declarative Services instead: a class of these tests. */
    static MadeBundle component(Class<?> type, Class<?> service) {
        MadeBundle made = new MadeBundle("guest.sched.rr", "-");
        made.headers.remove(new Attributes.Name("Bundle-Activator"));
        made.header("Service-Component", "OSGI-INF/made.xml");
        made.component = type;
        made.service = service;
        return made;
    }

    /** @param bundle of the composition @param provider its class */
    static MadeBundle of(String bundle, String provider) {
        return new MadeBundle(bundle, provider);
    }

    MadeBundle fails(Wrapped.Way way, String... methods) {
        return header("Way", way.name()).header("Methods", methods.length == 0 ? "-" : String.join(",", methods));
    }

    MadeBundle header(String name, String value) {
        headers.putValue(name, value);
        return this;
    }

    byte[] jar() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putAll(headers);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes, manifest);
                JarFile in = new JarFile(original.toFile())) {
            for (JarEntry entry : in.stream().toList()) {
                if (!entry.isDirectory()
                        && !entry.getName().startsWith("META-INF/")
                        && !entry.getName().startsWith("OSGI-INF/")) {
                    add(out, entry.getName(), in.getInputStream(entry));
                }
            }
            for (Class<?> own : new Class<?>[] {Wrapped.class, Wrapped.Way.class}) {
                String name = own.getName().replace('.', '/') + ".class";
                add(out, name, own.getResourceAsStream("/" + name));
            }
            if (component != null) {
                String name = component.getName().replace('.', '/') + ".class";
                add(out, name, component.getResourceAsStream("/" + name));
                add(out, "OSGI-INF/made.xml", new ByteArrayInputStream(xml().getBytes(StandardCharsets.UTF_8)));
            }
            String switches = Wrapped.class.getName().replace('.', '/') + "$1.class";
            InputStream found = Wrapped.class.getResourceAsStream("/" + switches);
            if (found != null) {
                add(out, switches, found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private String xml() {
        return """
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="made" immediate="true">
                  <implementation class="%s"/><service><provide interface="%s"/></service>
                </scr:component>
                """.formatted(component.getName(), service.getName());
    }

    Path file(Path folder) {
        try {
            return Files.write(Files.createTempFile(folder, "made", ".jar"), jar());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(JarOutputStream out, String name, InputStream in) throws IOException {
        try (in) {
            out.putNextEntry(new JarEntry(name));
            in.transferTo(out);
            out.closeEntry();
        }
    }
}
