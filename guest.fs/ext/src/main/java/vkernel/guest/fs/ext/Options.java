package vkernel.guest.fs.ext;

import org.jspecify.annotations.Nullable;

/**
 * Mount options. Those that say what is done anyway are taken and mean nothing more.
 *
 * @param device instead of the mount's source, for a root: a name in /dev
 */
record Options(boolean readOnly, String device) {
    /** @return null when they make no sense */
    static @Nullable Options parse(String text) {
        Options options = new Options(false, "");
        for (String option : text.split(",")) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            String value = option.substring(equals + 1);
            switch (name) {
                case "ro" -> options = new Options(true, options.device);
                case "dev" -> options = new Options(options.readOnly, value);
                case "", "rw", "defaults", "data", "errors", "barrier", "user_xattr", "acl", "relatime", "commit" -> {}
                default -> {
                    return null;
                }
            }
        }
        return options;
    }
}
