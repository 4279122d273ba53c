package vkernel.boot.compose;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/** What requirements mean. */
final class Requirements {
    private static final String SERVICE = "osgi.service";
    private static final Pattern CLASS = Pattern.compile("\\(objectClass=([^)]*)\\)");

    static boolean mandatory(Requirement each) {
        String resolution = each.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE);
        return resolution == null || resolution.equals(Namespace.RESOLUTION_MANDATORY); // nor dynamic
    }

    /** In a person's words; empty for what is the same for every bundle, and so tells nothing. */
    static String words(Requirement each) {
        String filter = each.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        return switch (each.getNamespace()) {
            case Subsystem.NAMESPACE ->
                Subsystem.ofFilter(filter).map(Subsystem::toString).orElse(filter);
            case SERVICE -> {
                Matcher found = CLASS.matcher(filter);
                yield found.find() ? "service " + found.group(1) : "service " + filter;
            }
            case HostNamespace.HOST_NAMESPACE -> "bundle " + name(each, filter);
            default -> "";
        };
    }

    /** The same for every requirement, when one is not met. */
    static String allWords(Requirement each) {
        String words = words(each);
        if (!words.isEmpty()) {
            return words;
        }
        String filter = each.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        String what = each.getNamespace().substring(each.getNamespace().lastIndexOf('.') + 1);
        return what + " " + name(each, filter);
    }

    private static String name(Requirement each, String filter) {
        Matcher name = Pattern.compile("\\(" + Pattern.quote(each.getNamespace()) + "=([^)]*)\\)")
                .matcher(filter);
        return name.find() ? name.group(1) : filter;
    }

    private Requirements() {}
}
