package vkernel.guest.fs.ext;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mount options. Those that say what is done anyway are taken and mean nothing more.
 *
 * @param device instead of the mount's source, for a root: a name in /dev
 * @param onErrors as {@link vkernel.fs.Volume#onErrors}; 0 for what the super block says
 */
record Options(boolean readOnly, String device, int onErrors) {
    private static final List<String> ON_ERRORS = List.of("", "continue", "remount-ro", "panic");

    /** @return null when they make no sense */
    static @Nullable Options parse(String text) {
        Options options = new Options(false, "", 0);
        for (String option : text.split(",")) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            String value = option.substring(equals + 1);
            switch (name) {
                case "ro" -> options = new Options(true, options.device, options.onErrors);
                case "dev" -> options = new Options(options.readOnly, value, options.onErrors);
                case "errors" -> {
                    int kind = ON_ERRORS.indexOf(value);
                    if (kind < 1) {
                        return null;
                    }
                    options = new Options(options.readOnly, options.device, kind);
                }
                case "", "rw", "defaults", "data", "barrier", "user_xattr", "acl", "relatime", "commit" -> {}
                default -> {
                    return null;
                }
            }
        }
        return options;
    }
}
