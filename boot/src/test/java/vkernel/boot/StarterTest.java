package vkernel.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code vk new} writes. That it runs is tested in a kernel (it). */
class StarterTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "SCHED,lottery,Lottery",
        "SCHED,random,RandomScheduler",
        "FS,notes,Notes",
        "FS,files,FilesFileSystem",
        "DRIVER,rot,Rot",
        "DRIVER,task,TaskDriver",
        "FS,example,Example"
    })
    void itIsCalledWhatThePersonWantsAndCompilesWithoutAWarning(Starter kind, String name, String type)
            throws IOException {
        Path main = kind.write(name, folder.resolve(name));
        assertThat(main).isEqualTo(folder.resolve(name).resolve(type + ".java"));
        String all = String.join("\n", texts());
        assertThat(all)
                .contains("package " + name + ";", "public final class " + type, "--watch " + folder.resolve(name));
        if (!name.equals("example")) {
            assertThat(all).doesNotContainIgnoringCase("example");
        }
        compile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Lottery", "1st", "a-b", "a_b", "a/b", "..", "int", "java", "abcdefghijklmnop", "für"})
    void badNamesAreRefusedInWords(String name) {
        assertThat(Starter.wrong(name)).isNotEmpty();
    }

    @Test
    void twoDriversHaveDifferentNumbers() throws IOException {
        Starter.DRIVER.write("one", folder.resolve("one"));
        Starter.DRIVER.write("two", folder.resolve("two"));
        List<String> majors = texts().stream()
                .flatMap(String::lines)
                .filter(line -> line.contains("MAJOR ="))
                .distinct()
                .toList();
        assertThat(majors).hasSize(2);
    }

    private List<String> texts() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).map(StarterTest::read).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void compile() throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null);
                Stream<Path> all = Files.walk(folder)) {
            List<Path> sources =
                    all.filter(file -> file.toString().endsWith(".java")).toList();
            List<String> options = List.of(
                    "-d",
                    folder.resolve("classes").toString(),
                    "-proc:none",
                    "-Xlint:all,-classfile,-processing",
                    "-Werror");
            boolean good = javac.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(good).isTrue();
        }
    }
}
