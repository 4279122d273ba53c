package vkernel.it.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every provider that hands a state over is run through {@code SwapContract} by its own tests: read from the sources. */
class ContractsTest {
    private static final Path SOURCES =
            Path.of(System.getProperty("vkernel.home"), "../../..").normalize();
    private static final Path MAIN = Path.of("src/main/java");
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern CLASS = Pattern.compile(
            "(?m)^(?:public |final |abstract )*class (\\w+)(?:<[^{]*?>)?(?: extends (\\w+))?([^{]*)\\{");

    /**
     * A class that is alone in its file.
     *
     * @param parent simple name of what it extends; empty for none
     */
    private record Source(Path module, boolean test, String name, String parent, String rest, String text) {}

    private final List<Source> sources = new ArrayList<>();
    private final Map<String, String> parents = new HashMap<>();

    ContractsTest() throws IOException {
        for (Path module : modules()) {
            read(module, MAIN, false);
            read(module, TESTS, true);
        }
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> all = Files.find(SOURCES, 3, (path, is) -> path.endsWith("pom.xml"))) {
            return all.map(Path::getParent).toList();
        }
    }

    private void read(Path module, Path folder, boolean test) throws IOException {
        if (!Files.isDirectory(module.resolve(folder))) {
            return;
        }
        List<Path> files;
        try (Stream<Path> all = Files.find(
                module.resolve(folder), 20, (path, is) -> path.toString().endsWith(".java"))) {
            files = all.toList();
        }
        for (Path file : files) {
            String text = Files.readString(file);
            Matcher found = CLASS.matcher(text);
            if (found.find()) {
                String parent = found.group(2) == null ? "" : found.group(2);
                sources.add(new Source(module, test, found.group(1), parent, found.group(3), text));
                if (test) {
                    parents.put(found.group(1), parent);
                }
            }
        }
    }

    private boolean isContract(Source source) {
        String name = source.parent;
        while (name != null && !name.isEmpty() && !name.equals("SwapContract")) {
            name = parents.get(name);
        }
        return "SwapContract".equals(name) && !source.text.contains("abstract class " + source.name);
    }

    @Test
    void everyProviderWithStateIsRunThroughTheContractOfSwaps() {
        Map<String, Source> providers = new TreeMap<>();
        sources.stream()
                .filter(source -> !source.test && source.rest.contains("Swappable<"))
                .forEach(source -> providers.put(source.name, source));
        assertThat(providers).containsKeys("DemandPaging", "Console", "ActiveInactive", "Outside");
        Set<String> without = providers.values().stream()
                .filter(provider -> sources.stream()
                        .filter(source -> source.test && source.module.equals(provider.module) && isContract(source))
                        .noneMatch(source -> names(source, provider.name)))
                .map(Source::name)
                .collect(Collectors.toSet());
        assertThat(without).as("providers without a subclass of SwapContract").isEmpty();
    }

    /** Whether its code has the name of a class: what it makes, or casts to. */
    private static boolean names(Source source, String name) {
        return Pattern.compile("\\b" + name + "\\b").matcher(source.text).find();
    }
}
