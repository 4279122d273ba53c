package vkernel.drivers.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which switch, and where on it: {@code switch:NAME[,N]}, one of this user on this machine, or {@code unix:FILE[,N]}.
 *
 * @param at its socket
 * @param number from 1 to 250; 0 for any
 */
record SwitchAddress(Path at, int number) {
    private static final String NAMED = "switch:";
    private static final String FILE = "unix:";

    static boolean is(String option) {
        return option.startsWith(NAMED) || option.startsWith(FILE);
    }

    static SwitchAddress parse(String option) {
        int comma = option.lastIndexOf(',');
        boolean numbered = comma > 0 && option.substring(comma + 1).matches("[0-9]{1,3}");
        int number = numbered ? Integer.parseInt(option.substring(comma + 1)) : 0;
        String name = option.substring(option.indexOf(':') + 1, numbered ? comma : option.length());
        return new SwitchAddress(option.startsWith(FILE) ? Path.of(name) : named(name), number);
    }

    private static Path named(String name) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), "vkernel-" + System.getProperty("user.name"));
        try {
            return Files.createDirectories(folder).resolve("switch-" + name.replace('/', '_'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
