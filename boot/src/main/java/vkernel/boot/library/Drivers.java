package vkernel.boot.library;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import vkernel.dev.CharDevice;
import vkernel.fs.FileSystemType;
import vkernel.host.Host;
import vkernel.kern.Kernel;
import vkernel.rump.RumpHost;
import vkernel.rump.RumpKernel;

/**
 * Components of bundles, made without a framework. Which classes they are is in the bundles' own descriptions (OSGi
 * Compendium R8, chapter 112); what they ask for is what a {@link RumpKernel} is.
 */
final class Drivers {
    private final List<Path> jars;
    private final ClassLoader loader;

    Drivers(List<Path> jars) {
        this.jars = jars;
        loader =
                new URLClassLoader(jars.stream().map(Drivers::url).toArray(URL[]::new), Drivers.class.getClassLoader());
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file systems that lie on disks. */
    List<FileSystemType> fileSystems(RumpKernel kernel) throws IOException {
        List<FileSystemType> found = new ArrayList<>();
        for (Class<?> type : providing(FileSystemType.class)) {
            if (make(type, kernel, null) instanceof FileSystemType made && !made.nodev()) {
                found.add(made);
            }
        }
        return found;
    }

    /** The driver of disks. */
    CharDevice disks(RumpKernel kernel, RumpHost host) throws IOException {
        for (Class<?> type : providing(CharDevice.class)) {
            if (make(type, kernel, host) instanceof CharDevice made
                    && made.name().equals("disk")) {
                return made;
            }
        }
        throw new IOException("no driver for disks in " + jars);
    }

    /** @return null when it asks for anything else than a kernel, and a host if there is one */
    private static @org.jspecify.annotations.Nullable Object make(
            Class<?> type, RumpKernel kernel, @org.jspecify.annotations.Nullable RumpHost host) {
        for (Constructor<?> constructor : type.getConstructors()) {
            Class<?>[] wanted = constructor.getParameterTypes();
            Object[] given = new Object[wanted.length];
            boolean all = true;
            for (int i = 0; i < wanted.length; i++) {
                given[i] = wanted[i] == Kernel.class
                        ? kernel.kernel()
                        : wanted[i] == Host.class && host != null ? host.host() : null;
                all &= given[i] != null;
            }
            try {
                if (all) {
                    return constructor.newInstance(given);
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot make " + type.getName(), e);
            }
        }
        return null;
    }

    private List<Class<?>> providing(Class<?> service) throws IOException {
        List<Class<?>> found = new ArrayList<>();
        for (Path path : jars) {
            try (JarFile jar = new JarFile(path.toFile())) {
                String components = jar.getManifest().getMainAttributes().getValue("Service-Component");
                for (String entry : components == null ? new String[0] : components.split(",")) {
                    try (InputStream in = jar.getInputStream(jar.getJarEntry(entry.trim()))) {
                        add(found, in, service.getName());
                    }
                }
            }
        }
        return found;
    }

    private void add(List<Class<?>> found, InputStream description, String service) throws IOException {
        try {
            Element component = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(description)
                    .getDocumentElement();
            NodeList provided = component.getElementsByTagName("provide");
            for (int i = 0; i < provided.getLength(); i++) {
                if (((Element) provided.item(i)).getAttribute("interface").equals(service)) {
                    Element made = (Element)
                            component.getElementsByTagName("implementation").item(0);
                    found.add(loader.loadClass(made.getAttribute("class")));
                }
            }
        } catch (ParserConfigurationException | SAXException | ClassNotFoundException e) {
            throw new IOException("a component cannot be read: " + e.getMessage(), e);
        }
    }
}
