package vkernel.kern;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.Bundle;

/**
 * Where a bundle that was installed by a swap comes from, as the framework is told:
 * {@code file:/home/me/my.jar#swap=3}, {@code file:/home/me/guest.kern.jar#swap.kern=4}. The fragment makes the
 * location unlike every other, and is left out when a URL is opened: such a bundle can be updated from its place.
 *
 * @param place a URL; for what lies in memory only, any name
 * @param subsystem the fixed point that it was installed for ({@code kern}, {@code host}, {@code engine}); empty for
 *     slots of the kernel
 * @param number tells it from others of the same place
 */
public record SwapLocation(String place, String subsystem, int number) {
    private static final Pattern SYNTAX = Pattern.compile("(.*)#swap(?:\\.([a-z]+))?=([0-9]{1,9})");

    /** Empty for a bundle that was installed by somebody else. */
    public static Optional<SwapLocation> of(Bundle bundle) {
        Matcher matcher = SYNTAX.matcher(bundle.getLocation());
        return matcher.matches()
                ? Optional.of(new SwapLocation(
                        matcher.group(1),
                        matcher.group(2) == null ? "" : matcher.group(2),
                        Integer.parseInt(matcher.group(3))))
                : Optional.empty();
    }

    /** Where the content of any bundle is: a URL that can be read again, or the name of what lies in memory. */
    public static String place(Bundle bundle) {
        String place = of(bundle).map(SwapLocation::place).orElseGet(bundle::getLocation);
        return place.startsWith("reference:") ? place.substring("reference:".length()) : place;
    }

    /** The location. */
    @Override
    public String toString() {
        return place + "#swap" + (subsystem.isEmpty() ? "" : "." + subsystem) + "=" + number;
    }
}
