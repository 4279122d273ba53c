package vkernel.boot;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import vkernel.host.ByteRom;
import vkernel.host.StreamChannel;
import vkernel.host.StreamSender;
import vkernel.kern.End;

/**
 * The main class of a jar that is one program with a kernel of its own ({@code vk kernel build --init}): this process's
 * arguments, streams, signals and status are the program's. The JVM replaces itself by one with options,
 * which a jar cannot ask for; when an ahead-of-time cache lies beside the jar, that is one of them.
 */
public final class Unikernel {
    static final String SETTINGS = "vkernel/unikernel.properties";
    static final String ROOT = "vkernel/root.tar";
    /** Set in the JVM that is to run the program whatever it was started with. */
    static final String LAUNCHED = "vkernel.launched";

    private final Properties settings = new Properties();

    private Unikernel() throws IOException {
        try (InputStream in = resource(SETTINGS)) {
            settings.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
    }

    public static void main(String[] args) throws IOException {
        StartTrace.done("main");
        if (System.getProperty(LAUNCHED) == null) {
            Relaunch.withOptions(args); // comes back when that cannot be
        }
        try {
            System.exit(new Unikernel().run(args));
        } catch (BootException e) {
            System.err.println("vk: " + e.getMessage());
            System.exit(Main.FAILED);
        } catch (StartException e) {
            System.err.println("vk: " + e.getMessage());
            System.exit(e.status());
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = Unikernel.class.getClassLoader().getResourceAsStream(name);
        if (in == null) {
            throw new IOException("there is no " + name + " in this jar");
        }
        return in;
    }

    private int run(String[] args) throws IOException {
        KernelFramework.prepare();
        Interrupted interrupted = new Interrupted();
        StreamChannel console =
                stream("console", new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
        StreamChannel err = stream("stderr", InputStream.nullInputStream(), new FileOutputStream(FileDescriptor.err));
        List<String> argv = words("argv");
        argv.addAll(List.of(args));
        // never closed: it ends with this process, which need not take it apart
        VirtualKernel kernel = VirtualKernel.boot(
                config().withChannel("console", console).withChannel("stderr", err), options(), words("parts"));
        interrupted.attach(kernel);
        Program program =
                kernel.launch(argv, kernel.config().env(), kernel.config().cwd(), console, console, err);
        interrupted.attach(program);
        int status = program.status().join();
        interrupted.detach();
        kernel.awaitOutput();
        int ended = kernel.end().map(Unikernel::status).orElse(status);
        console.close();
        err.close();
        return ended;
    }

    /** Of a kernel that has ended; a panic is told. */
    private static int status(End end) {
        if (end.kind() != End.Kind.PANIC) {
            return end.status();
        }
        System.err.println("vk: kernel panic: " + end.message());
        return Main.FAILED;
    }

    private static StreamChannel stream(String name, InputStream in, OutputStream out) {
        return new StreamChannel(name, in, out, false, () -> 25, () -> 80, new StreamSender(name + " out"));
    }

    private BootConfig config() throws IOException {
        System.setProperty("vkernel.log", "error");
        BootConfig config = BootConfig.empty()
                .withMemory(Long.parseLong(System.getProperty("vk.memory", settings.getProperty("memory"))))
                .withHarts(Integer.parseInt(settings.getProperty("harts")))
                .withSched(settings.getProperty("sched"))
                .withCwd(settings.getProperty("cwd"));
        for (String variable : words("env")) {
            config = config.withEnv(variable);
        }
        try (InputStream in = resource(ROOT)) {
            config = config.withRoot(new ByteRom(in.readAllBytes()));
        }
        return settings.getProperty("net").equals("user") ? config.withNetwork() : config;
    }

    /** Of the composition, and what is published; the system property {@code vk.publish} says other ports. */
    private Map<String, String> options() {
        Map<String, String> options = new TreeMap<>();
        settings.stringPropertyNames().stream()
                .filter(name -> name.startsWith("option."))
                .forEach(name -> options.put(name.substring(7), settings.getProperty(name)));
        String publish = System.getProperty("vk.publish", "");
        if (!publish.isEmpty()) {
            options.put("publish", publish);
        }
        return options;
    }

    /** A list, as {@link UnikernelJar} writes it. */
    private List<String> words(String name) {
        List<String> words = new ArrayList<>();
        for (int i = 0; settings.getProperty(name + "." + i) != null; i++) {
            words.add(settings.getProperty(name + "." + i));
        }
        return words;
    }
}
